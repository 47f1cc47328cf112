"""Names on the way through a preview: the app sees the address that it would have when run for
real, and the browser the address of the preview.

Libraries that a page loads from well-known places on the internet come from this machine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LIBRARY = "/.preview-library/"
"""Where a preview serves libraries; no app has such a route."""
MAX_PAGE = 1_000_000
"""Bytes of a page in which addresses are looked for."""

_DROPPED_ASKING = {
    *("connection", "keep-alive", "proxy-connection", "te", "upgrade"),
    *("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"),
    *("forwarded", "x-real-ip", "sec-websocket-extensions"),
}
_DROPPED_ANSWERING = {"connection", "keep-alive", "proxy-connection", "upgrade"}
_PAGES = ("text/html", "text/javascript", "application/javascript")
_CLIENT = re.compile(
    rb"(?:https?:)?//(?:cdn\.socket\.io|cdnjs\.cloudflare\.com|cdn\.jsdelivr\.net|unpkg\.com)/"
    rb"(?:[\w@./-]{0,80}socket\.io(?:-client)?[@/])?v?(\d)(?:\.\d{1,4}){0,2}"
    rb"(?:/[\w-]{1,40}){0,4}/(socket\.io[\w.]*\.js)"
)
_COOKIE_SCOPE = re.compile(r";\s*(?:domain|samesite|secure|partitioned)\b[^;]*", re.IGNORECASE)

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Names:
    """``inner`` is the app's own host and port, ``outer`` the preview's, as the browser says."""

    inner: str
    outer: str
    origin: str | None

    @classmethod
    def of(cls, inner: str, headers: Iterable[tuple[bytes, bytes]]) -> Names:
        """Read a request's names from its headers."""
        found = {name.lower(): value.decode("latin-1") for name, value in headers}
        return cls(inner, found.get(b"host", ""), found.get(b"origin"))

    def asking(self, headers: Iterable[tuple[bytes, bytes]], *, plain: bool) -> Headers:
        """Return a request's headers for the app; ``plain``: without compression."""
        dropped = _DROPPED_ASKING | ({"accept-encoding"} if plain else set())
        changed = []
        for name, value in headers:
            key = name.lower().decode("latin-1")
            if key == "host":
                value = self.inner.encode()
            elif key in {"origin", "referer"}:
                value = self._inward(value.decode("latin-1")).encode("latin-1")
            if key not in dropped:
                changed.append((name, value))
        return changed

    def _inward(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.netloc != self.outer:
            return url
        return f"http://{self.inner}" + url.partition(self.outer)[2]

    def answering(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Return an answer's headers for the browser."""
        changed = []
        for name, value in headers:
            key = name.lower()
            if key == b"location" and value.startswith(f"http://{self.inner}".encode()):
                value = value.replace(f"http://{self.inner}".encode(), b"", 1) or b"/"
            elif key == b"access-control-allow-origin" and self.origin:
                ours = value == f"http://{self.inner}".encode()
                value = self.origin.encode("latin-1") if ours else value
            elif key == b"set-cookie":
                value = _cookie(value.decode("latin-1")).encode("latin-1")
            if key.decode("latin-1") not in _DROPPED_ANSWERING:
                changed.append((name, value))
        return changed

    def page(self, body: bytes, library: Library) -> bytes:
        """Let a page's addresses of its own app, and of known libraries, lead to the preview."""
        inner = re.escape(self.inner.encode())
        outer = b"//" + self.outer.encode()
        body = re.sub(rb"\bhttp://" + inner + rb"(?![\w.:-])", lambda match: outer, body)
        return library.replace(body)


def _cookie(value: str) -> str:
    """Let a cookie work in a frame of another site, for that frame and its own host alone."""
    return _COOKIE_SCOPE.sub("", value) + "; SameSite=None; Secure; Partitioned"


def is_page(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether an answer is a page or script of known and moderate size, not compressed."""
    found = {name.lower(): value.decode("latin-1").lower() for name, value in headers}
    length = found.get(b"content-length", "")
    return (
        found.get(b"content-type", "").startswith(_PAGES)
        and b"content-encoding" not in found
        and length.isdecimal()
        and int(length) <= MAX_PAGE
    )


class Library:
    """The JavaScript libraries of the page engine (``folder``/NAME-VERSION/FILE)."""

    def __init__(self, folder: str) -> None:
        """Look at what there is; a folder that is not there has nothing."""
        self._folder = folder
        self._clients: dict[bytes, str] = {}
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if match := re.fullmatch(r"socket\.io-(\d)[\d.]*", name):
                self._clients[match[1].encode()] = name

    def replace(self, body: bytes) -> bytes:
        """Let references to the Socket.IO client on the internet lead here."""
        return _CLIENT.sub(self._local, body)

    def _local(self, match: re.Match[bytes]) -> bytes:
        folder, file = self._clients.get(match[1]), match[2].decode()
        if folder is None or not os.path.isfile(os.path.join(self._folder, folder, file)):
            return match[0]
        return f"{LIBRARY}{folder}/{file}".encode()

    def read(self, target: str) -> bytes | None:
        """Return the file that a path of ours names, or None."""
        folder, _, file = target.partition("?")[0].removeprefix(LIBRARY).partition("/")
        if folder not in self._clients.values() or "/" in file:
            return None
        try:
            with open(os.path.join(self._folder, folder, file), "rb") as found:
                return found.read()
        except OSError:
            return None
