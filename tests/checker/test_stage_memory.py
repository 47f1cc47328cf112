"""Memory that the processes of one app use together is bounded."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from checker.stage.inside.memory import end_overfull, used

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is used")
CHILD = "x = b'x' * (80 << 20); print('ready', flush=True); import time; time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    """A process with a child that uses 80 MiB."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)


def test_children_count_too(parent: subprocess.Popen[str]) -> None:
    assert 80 << 20 < used(parent.pid) < 200 << 20
    assert 80 << 20 < used(parent.pid, exact=True) < used(parent.pid)
    assert used(2**22 + 1) == used(2**22 + 1, exact=True) == 0


def test_what_uses_too_much_is_ended(parent: subprocess.Popen[str]) -> None:
    end_overfull(parent.pid, most=200 << 20)
    with pytest.raises(subprocess.TimeoutExpired):
        parent.wait(0.2)
    end_overfull(parent.pid, most=60 << 20)
    assert parent.wait(5) == 0  # its child has been killed
