"""Pages sent compressed: a lesson is sixty kilobytes of HTML, or ten when compressed."""

from __future__ import annotations

import gzip

from flask import Response, request

LEVEL = 3
"""Half a millisecond for the longest lesson; a higher one takes twice as long for a tenth less."""
LEAST = 1_000
"""Bytes under which nothing is gained."""
TEXT = ("application/json", "application/manifest+json", "text/html", "text/javascript")


def compress(response: Response) -> Response:
    """Compress a page for whoever takes it; built files lie compressed on disk already.

    A page that repeats what its address says holds nothing secret, so the length of an answer tells
    nobody anything (the attack called BREACH).
    """
    if response.direct_passthrough or response.is_streamed or response.mimetype not in TEXT:
        return response
    response.vary.add("Accept-Encoding")
    plain = response.get_data()
    wanted = len(plain) >= LEAST and request.accept_encodings["gzip"] > 0
    if wanted and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(plain, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
