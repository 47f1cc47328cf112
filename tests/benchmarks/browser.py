"""What the commands that drive a browser share: a Chromium, and the course served."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.conftest import CHROMIUMS
from tests.webapp.served import Served, free

LESSONS = Path(__file__).parents[2] / "lessons"


def find_chromium() -> str:
    """Return ``$CHROMIUM``, else the system's; ends the command with one line if there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        raise click.ClickException("No Chromium found: install `chromium`, or set CHROMIUM.")
    return found


@contextmanager
def served() -> Iterator[str]:
    """Serve the course from an empty database; give its address."""
    with tempfile.TemporaryDirectory(prefix="course-browser-") as folder:
        running = Served(Path(folder), "--port", str(free()), lessons=LESSONS)
        try:
            yield running.url
        finally:
            running.stop()
