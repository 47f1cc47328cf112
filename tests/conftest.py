"""What every test starts from: a clean environment, and a browser where one is asked for."""

import os
import shutil
import signal
from pathlib import Path

import pytest

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
E2E = Path(__file__).parent / "e2e"
REDTEAM = Path(__file__).parent / "redteam"
SPOILERS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PAGER")


def pytest_configure() -> None:
    """Hear Ctrl-C, and let programs hear it, though a shell that runs us behind it does not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser journeys are long, and what takes longest comes first: so all processes are busy.

    `pytest -m "not long"` leaves what is long to CI.
    """
    for item in items:
        if E2E in item.path.parents:
            item.add_marker("long")
    items.sort(
        key=lambda item: (item.get_closest_marker("long") is None, REDTEAM in item.path.parents)
    )


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drop what a developer's shell may have set and our programs would obey."""
    for name in [*os.environ]:
        if name in SPOILERS or name.startswith(("COURSE_", "FLASK_", "WERKZEUG_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium that browser tests drive (``$CHROMIUM``, else the system's).

    Without one the test is skipped with a reason; in CI it fails, so that nothing is left
    untested unseen. Mark tests that use this with ``@pytest.mark.browser``.
    """
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found:
        return found
    reason = "No Chromium found: install your distribution's `chromium`, or set CHROMIUM."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
