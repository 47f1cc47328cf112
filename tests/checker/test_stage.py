"""The walls: what a learner's code can see and do, and what becomes of those that go too far.

Each program prints what it found; the assertions are made here, outside.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.check import Crash, Failure, TimedOut
from checker.stage.inside import syscalls
from checker.stage.pool import Pool
from tests.checker.apps import ECHO, app_of
from tests.checker.walls import needs_walls

LOOK = """
import json, os, socket, sys

def attempt(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return error.strerror
    return "done"

print(json.dumps({
    "root": sorted(os.listdir("/")),
    "proc": os.listdir("/proc") + os.listdir("/dev/pts"),
    "etc": sorted(os.listdir("/etc")),
    "environment": sorted(os.environ),
    "user": os.getuid(),
    "parent": os.getppid(),
    "write /": attempt(open, "/forbidden", "w"),
    "write library": attempt(open, os.path.join(sys.path[-1], "planted.py"), "w"),
    "dev": bool(os.statvfs("/dev").f_flag & os.ST_RDONLY),
    "write /tmp": attempt(open, "/tmp/scratch", "w"),
    "network": attempt(socket.create_connection, ("192.0.2.1", 80), 2),
    "raw socket": attempt(socket.socket, 17, socket.SOCK_RAW, 3),
    "kill": attempt(os.kill, 1, 0) if os.getpid() != 1 else "is 1",
    "secret": [name for name in sys.modules if name.startswith("checker")],
    "answers": any("checks.py" in files for _, _, files in os.walk("/", onerror=None)),
}))
"""


@needs_walls
@pytest.mark.parametrize("real_run", [False, True])
def test_little_is_to_be_seen_and_nothing_to_be_changed(walled: Pool, real_run: bool) -> None:
    with app_of(walled, LOOK) as app:
        if real_run:
            printed = app.run_script().stdout
        else:
            app.load()
            printed = app.output
    seen = json.loads(printed)
    assert set(seen["root"]) <= {
        *("app", "dev", "etc", "lib", "lib64", "opt", "proc", "root", "tmp", "usr", "home"),
        *Path(sys.base_prefix).parts[1:2],
    }
    assert seen["proc"] == []
    assert seen["etc"] == ["group", "hosts", "nsswitch.conf", "passwd"]
    assert not {"SECRET", "SSH_AUTH_SOCK", "USER"} & set(seen["environment"])
    assert seen["user"] != 0
    assert seen["parent"] == 0 or real_run
    assert seen["write /"] == "Read-only file system"
    assert seen["write library"] == "Read-only file system"
    assert seen["dev"], "whoever is not root would own it, and leave things there for others"
    assert seen["write /tmp"] == "done"
    assert seen["network"] == "Network is unreachable"
    assert seen["raw socket"] == "Address family not supported by protocol"
    assert seen["secret"] == []
    assert seen["answers"] is False


@needs_walls
def test_one_stage_leaves_nothing_for_the_next(walled: Pool) -> None:
    for _ in range(2):
        with app_of(walled, "import os; print(os.listdir('/tmp'), os.listdir('/dev/shm'))") as app:
            app.load()
            assert app.output == "[] []\n"
        with app_of(walled, "open('/tmp/left', 'w'); open('/dev/shm/left', 'w')") as app:
            app.load()


LIMITS = {
    "memory": ("x = []\nwhile True: x.append(bytearray(256 << 20))", "MemoryError"),
    "scratch": ("open('big', 'wb').write(b'x' * (100 << 20))", "OSError"),
    "processes": (
        "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(60)",
        "BlockingIOError",
    ),
    "threads": (
        "import threading, time\n"
        "while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "RuntimeError",
    ),
    "descriptors": ("import os\nx = []\nwhile True: x.append(os.dup(0))", "OSError"),
    "namespaces": (
        "import ctypes, os\n"
        "if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):\n"
        "    raise OSError(ctypes.get_errno(), 'unshare')",
        "PermissionError",
    ),
}


@needs_walls
@pytest.mark.parametrize("name", LIMITS)
def test_what_goes_too_far_is_stopped_by_name(walled: Pool, name: str) -> None:
    program, error = LIMITS[name]
    with app_of(walled, program) as app, pytest.raises(Crash) as caught:
        app.load()
    assert f"your app raised {error}" in caught.value.message
    with app_of(walled, ECHO) as app:
        assert app.connect().call("message", "still well") == "thanks"


FORGED = (
    "import os\nfor fd in range(3, 64):\n    try: os.write(fd, b'{line}\\n')\n"
    "    except OSError: pass\nos._exit(0)"
)


@pytest.mark.parametrize(
    "line",
    ['{"ok": true}', '{"ok": {}}', '{"ended": 1}', "[]", "nonsense", '{"ok": {"flask_count": 1}}'],
)
def test_a_forged_answer_is_a_crash(pool: Pool, line: str) -> None:
    with app_of(pool, FORGED.replace("{line}", line)) as app, pytest.raises(Crash):
        app.connect()
    with app_of(pool, ECHO) as app:
        assert app.connect().call("message", "x") == "thanks"


def test_an_answer_too_long_or_too_deep_is_a_crash(pool: Pool) -> None:
    for answer in ("'[' * 900_000", "'x' * 3_000_000"):
        with (
            app_of(pool, FORGED.replace("b'{line}\\n'", f"({answer}).encode()")) as app,
            pytest.raises(Crash),
        ):
            app.load()


def test_a_flood_of_output_is_cut_and_hurts_nobody(pool: Pool) -> None:
    flood = ECHO.replace("socketio = S", "print('x' * 40_000_000)\nsocketio = S", 1)
    with app_of(pool, flood) as app:
        assert app.connect().call("message", "x") == "thanks"
        assert len(app.output) < 400_000
        assert app.output.endswith("more bytes were printed)")


def test_a_flood_of_events_is_told(pool: Pool) -> None:
    flood = ECHO.replace('    emit("response"', '    for _ in range(5000): emit("response"')
    with app_of(pool, flood) as app:
        client = app.connect()
        client.emit("message", "x")
        with pytest.raises(Failure, match="sent more than 2,000 events to one client"):
            client.received()


def alive(marker: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if marker.encode() in command:
            found.append(folder.name)
    return found


def wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@needs_walls
def test_what_hides_from_its_parent_dies_with_the_stage(walled: Pool) -> None:
    marker = f"survivor-{os.getpid()}"
    daemon = (
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', '{marker}'],"
        " start_new_session=True)\nprint('started')"
    )
    with app_of(walled, daemon) as app:
        app.load()
        assert app.output == "started\n"
        wait_for(lambda: alive(marker))  # a program that was just started shows no arguments yet
    with app_of(walled, daemon) as app:
        assert app.run_script().stdout == "started\n"
    wait_for(lambda: not alive(marker))


@needs_walls
def test_the_parent_cannot_be_killed(walled: Pool) -> None:
    attack = (
        "import os, signal\n"
        "for pid in [os.getppid(), *range(2, 300), -1]:\n"
        "    try: os.kill(pid, signal.SIGKILL)\n"
        "    except OSError: pass\n"
    )
    with app_of(walled, attack + ECHO) as app:
        assert app.connect().call("message", "x") == "thanks"
    with app_of(walled, ECHO) as app:
        assert app.connect().call("message", "x") == "thanks"


@needs_walls
def test_neighbours_are_not_slowed_by_one_that_hangs(
    walled: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.loading.LOAD_TIMEOUT", 1.0)
    with app_of(walled, "while True: pass") as hanging, app_of(walled, ECHO) as other:
        assert other.connect().call("message", "x") == "thanks"
        with pytest.raises(TimedOut):
            hanging.load()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_whole_for_each_machine(machine: str) -> None:
    code = syscalls.program(machine)
    assert len(code) % 8 == 0
    steps = [code[index : index + 8] for index in range(0, len(code), 8)]
    for number, step in enumerate(steps):
        when_true, when_false = step[2], step[3]
        assert number + 1 + max(when_true, when_false) < len(steps) or step[0] == 0x06


@needs_walls
def test_the_judge_killed_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, time\n"
        "from checker.stage.pool import Pool\n"
        "from tests.checker.apps import app_of\n"
        "with Pool.open('bubblewrap') as pool, app_of(pool, sys.argv[1]) as app:\n"
        "    app.serve()\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
    )
    marker = f"'orphan-{os.getpid()}'"
    serving = ECHO.replace("socketio.run(app, debug=True)", f"{marker}\n    socketio.run(app)")
    judge = subprocess.Popen(
        [sys.executable, "-c", program, serving],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert judge.stdout is not None
    with judge.stdout:
        assert judge.stdout.readline() == b"ready\n"
        before = children_of(judge.pid)
        judge.kill()
        judge.wait()
    assert before
    deadline = time.monotonic() + 15
    while any(Path(f"/proc/{pid}").exists() for pid in before) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in before if Path(f"/proc/{pid}").exists()]


def children_of(pid: int) -> list[int]:
    """Return all processes below ``pid``."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]
