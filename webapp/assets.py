"""The built front end: which file has which name, and how it is sent."""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request, send_from_directory

STATIC = Path(__file__).parent / "static"
DIST = STATIC / "dist"
YEAR = 365 * 24 * 3600
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

HOW_TO_BUILD = """The course's page has not been built yet. Build it with one of these commands:

  uv sync --reinstall-package flask-socketio-course
  python -m pip install -e .
  npm ci --prefix webapp/frontend && npm run build --prefix webapp/frontend   (Node 20 or newer)
"""


class NotBuilt(RuntimeError):
    """There is no front end in ``static/dist``; the message says how to make it."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The files of one build: ``files`` by entry name, and fonts to ``preload``."""

    files: dict[str, str]
    preload: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path = DIST) -> Assets:
        """Read the build's manifest; raises NotBuilt."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        except FileNotFoundError:
            raise NotBuilt(HOW_TO_BUILD) from None
        return cls(manifest["files"], tuple(manifest["preload"]))


def send(name: str, folder: Path = DIST) -> Response:
    """Send a built file, compressed if the browser takes it; names change with the content."""
    encoding, suffix = _encoding(folder, name)
    response = send_from_directory(
        folder,
        name + suffix,
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
        max_age=YEAR,
    )
    response.cache_control.immutable = True
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _encoding(folder: Path, name: str) -> tuple[str, str]:
    for encoding, suffix in ENCODINGS:
        if request.accept_encodings.quality(encoding) > 0 and (folder / (name + suffix)).is_file():
            return encoding, suffix
    return "", ""
