"""Who is asking, and what browsers may do with our answers."""

from __future__ import annotations

import hashlib
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request
from werkzeug.wrappers import Request

from webapp.rooms import rooms

COOKIE = "learner"
COOKIE_SECONDS = 400 * 24 * 3600
TOKEN_LENGTH = 43
"""Characters of 32 random bytes in base64."""
READER = "X-Course-Reader"
"""Header of a request for a page as a newcomer sees it: what a browser keeps to read offline."""
ONE_LEARNER = "workspace"
"""The learner of a course that is served for one workspace."""
MOST_BYTES = 64 * 1024
"""Of a form; files travel over the socket."""

STRANGE_HOST = (
    "This course does not answer to the name {}. Open it at the address that “course serve”"
    " printed. Whoever runs it can allow the name with COURSE_HOSTS."
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def install(app: Flask) -> None:
    """Put the guard before and after every request of ``app``."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BYTES
    app.before_request(_prepare)
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_floods)
    app.after_request(_finish)


def learner() -> int | None:
    """Return the learner who asks, or None for someone who has done nothing yet."""
    if "learner" not in g:  # asked for several times while one page is made
        token = token_of(request)
        g.learner = rooms().store.find_learner(token) if token else None
    known: int | None = g.learner
    return known


def admit() -> int:
    """Return the learner who asks; someone new is kept from now on."""
    g.learner = rooms().store.admit_learner(token_of(request) or g.new_token)
    return int(g.learner)


def draft_key() -> str:
    """Return a name for the learner who asks, for the browser's own storage; it opens nothing."""
    token = token_of(request) or g.new_token
    return hashlib.sha256(f"drafts of {token}".encode()).hexdigest()[:16]


def token_of(asking: Request) -> str | None:
    """Return what a request's cookie holds, if it can be one of ours."""
    if asking.headers.get(READER) == "anyone":
        return None
    if rooms().config.workspace is not None:
        return ONE_LEARNER
    token = asking.cookies.get(COOKIE, "")
    return token if len(token) == TOKEN_LENGTH and token.isascii() else None


def preview_origins() -> list[str]:
    """Return the origins of the previews of whoever asks, and let this page frame them."""
    token = token_of(request) or g.new_token
    g.frames = rooms().previews.origins(token, request.host)
    return list(g.frames)


def sender_of(asking: Request) -> str:
    """Return whom to count a request against: a learner, or an address for a newcomer."""
    token = token_of(asking)
    known = token is not None and rooms().store.find_learner(token) is not None
    return f"learner {token}" if known else f"address {asking.remote_addr}"


def host_is_ours(asking: Request) -> bool:
    """Whether a request names this course by one of its own host names.

    A page elsewhere that makes its own name point here would fail this.
    """
    hosts = rooms().config.hosts
    return not hosts or (urlsplit(f"//{asking.host}").hostname or "") in _bare(hosts)


def _bare(hosts: tuple[str, ...]) -> set[str]:
    return {host.strip("[]").lower() for host in hosts}


def _prepare() -> None:
    g.nonce = secrets.token_urlsafe(16)
    g.new_token = secrets.token_urlsafe(32)
    if not host_is_ours(request):
        abort(400, STRANGE_HOST.format(request.host))


def _refuse_other_sites() -> None:
    """Let only our own pages send anything: browsers say where a form came from."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    if origin is not None:
        ours = urlsplit(origin).netloc == request.host
    else:
        ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if not ours:
        abort(403, "This form did not come from a page of the course.")


def _refuse_floods() -> None:
    if request.method == "POST" and not rooms().posts.allows(sender_of(request)):
        abort(429, "That was too much at once. Wait a moment, and try again.")


def _finish(response: Response) -> Response:
    response.headers.extend(HEADERS)
    policy = POLICY.format(nonce=g.get("nonce", ""))
    frames = g.get("frames", [])
    response.headers["Content-Security-Policy"] = (
        f"{policy}; frame-src {' '.join(frames)}" if frames else policy
    )
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
        _renew_cookie(response)
    return response


def _renew_cookie(response: Response) -> None:
    config = rooms().config
    if config.workspace is None and "new_token" in g:
        response.set_cookie(
            COOKIE,
            token_of(request) or g.new_token,
            max_age=COOKIE_SECONDS,
            httponly=True,
            secure=config.secure_cookie,
            samesite="Lax",
        )
