"""An app is loaded once in a run, and no check sees what another one did."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.check import Crash
from checker.loading import Loader
from checker.stage.pool import Pool
from checker.stage.process import AppStage
from tests.checker.loading_run import Run, run_of
from tests.checker.walls import needs_walls

pytestmark = needs_walls


def test_what_is_loaded_once_is_lent_to_each_check(walled: Pool) -> None:
    run = run_of(walled, "return LOADED_AT", "LOADED_AT = time.time()\nprint('hello')")
    assert run.call() == run.call() == run.call()
    assert run.kept
    with run.check() as app:
        app.load()
        assert app.output == "hello\n"
    assert run.heard == ["hello\n"] * 4
    run.close()


def test_the_last_check_gets_the_app_itself(walled: Pool) -> None:
    run = run_of(walled, "seen.append(data)\nreturn [os.getpid(), *seen]", "seen = []\nprint('hi')")
    copies = [run.call("a"), run.call("b")]
    with run.check(last=True) as app:
        itself = app.connect().call("message", "c")
        assert app.output == "hi\n"
    assert itself == [1, "c"]
    assert [copy[1:] for copy in copies if isinstance(copy, list)] == [["a"], ["b"]]
    assert run.heard == ["hi\n"] * 3
    assert not run.kept
    run.close()


def test_a_copy_notices_nothing_of_being_one(walled: Pool) -> None:
    before = "seen = []\nnote = lambda: seen.append('fork')\n"
    hooks = "os.register_at_fork(before=note, after_in_parent=note, after_in_child=note)"
    run = run_of(walled, "return [*seen, threading.active_count(), gc.isenabled()]", before + hooks)
    assert [run.call(), run.call(), run.call()] == [[1, True]] * 3
    run.close()


def test_an_app_is_probed_once_and_asked_once_whether_it_may_be_copied(
    walled: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: asked.append(name) or real(*given)  # type: ignore[func-returns-value]

    monkeypatch.setattr(Loader, "_probe", noting("probe", Loader._probe))
    monkeypatch.setattr(AppStage, "may_be_copied", noting("copy", AppStage.may_be_copied))
    run = run_of(
        walled,
        "return data",
        "threading.Thread(target=threading.Event().wait, daemon=True).start()",
    )
    assert [run.call("a"), run.call("b"), run.call("c")] == ["a", "b", "c"]
    assert not run.kept
    assert asked == ["probe", "copy"]
    run.close()


REMEMBERING = {
    "memory": ("seen.append(data)\nreturn len(seen)", "seen = []"),
    "a file beside the app": (
        "open('seen', 'a').write('x')\nreturn os.path.getsize('seen')",
        "",
    ),
    "a file of /tmp": (
        "open('/tmp/seen', 'a').write('x')\nreturn os.path.getsize('/tmp/seen')",
        "",
    ),
    "a file of /dev/shm": (
        "open('/dev/shm/seen', 'a').write('x')\nreturn os.path.getsize('/dev/shm/seen')",
        "",
    ),
    "a file that was there": (
        "open('seen', 'a').write('x')\nreturn os.path.getsize('seen') - 1",
        "open('seen', 'w').write('.')",
    ),
    "a file that is open": (
        "file.write('x')\nfile.flush()\nreturn os.path.getsize('seen')",
        "file = open('seen', 'w')",
    ),
    "an unlinked file": (
        "os.write(file, b'x')\nreturn os.fstat(file).st_size",
        "file = os.open('seen', os.O_RDWR | os.O_CREAT)\nos.unlink('seen')",
    ),
    "shared memory": (
        "shared[0] += 1\nreturn shared[0]",
        "shared = mmap.mmap(-1, 4096)",
    ),
    "a pipe": (
        "os.write(pipe[1], b'x')\nreturn len(os.read(pipe[0], 99))",
        "pipe = os.pipe()\nos.set_blocking(pipe[1], False)",
    ),
    "the time of a file": (
        "found = os.stat('app.py').st_mtime_ns\nos.utime('app.py', ns=(1, 1))\n"
        "return 2 if found == 1 else 1",
        "",
    ),
    "the time of a folder": (
        "found = os.stat('/tmp').st_mtime_ns\nos.utime('/tmp', ns=(1, 1))\n"
        "return 2 if found == 1 else 1",
        "",
    ),
    "the mode of a folder": (
        "found = os.stat('/dev/shm').st_mode & 0o777\nos.chmod('/dev/shm', 0o700)\n"
        "return 2 if found == 0o700 else 1",
        "",
    ),
    "the time of reading": (
        "found = os.stat('seen').st_atime_ns\nopen('seen').read()\nreturn 1 if found == 1 else 2",
        "open('seen', 'w').write('.')\nos.utime('seen', ns=(1, 2))",
    ),
    "the time of reading, set": (
        "about = os.stat('app.py')\nos.utime('app.py', ns=(10**18 * 4, about.st_mtime_ns))\n"
        "return 2 if about.st_atime_ns == 10**18 * 4 else 1",
        "",
    ),
    "an attribute of a file": (
        "try:\n    os.setxattr('app.py', 'user.seen', b'x', os.XATTR_CREATE)\n"
        "except FileExistsError:\n    return 2\n"
        "except OSError:  # not on this kernel\n    pass\nreturn 1",
        "",
    ),
    "the numbers of files": (
        "open('seen', 'w').close()\nfound = os.stat('seen').st_ino\nos.unlink('seen')\n"
        "return found - before",
        "open('seen', 'w').close()\nbefore = os.stat('seen').st_ino\nos.unlink('seen')",
    ),
    "flags of standard input": (
        "import fcntl\nfound = fcntl.fcntl(0, fcntl.F_GETFL)\n"
        "fcntl.fcntl(0, fcntl.F_SETFL, found | os.O_NONBLOCK)\n"
        "return 2 if found & os.O_NONBLOCK else 1",
        "",
    ),
    "flags of an empty file": (
        "import fcntl\nfound = fcntl.fcntl(null, fcntl.F_GETFL)\n"
        "fcntl.fcntl(null, fcntl.F_SETFL, found | os.O_NONBLOCK)\n"
        "return 2 if found & os.O_NONBLOCK else 1",
        "null = os.open('/dev/null', os.O_RDONLY)",
    ),
    "the size of a pipe": (
        "import fcntl\nfound = fcntl.fcntl(kept, fcntl.F_GETPIPE_SZ)\n"
        "fcntl.fcntl(kept, fcntl.F_SETPIPE_SZ, 8192)\nreturn 2 if found == 8192 else 1",
        "kept = os.dup(1)",
    ),
    "options of the channel": (
        "from socket import SO_PRIORITY, SOL_SOCKET, socket\n"
        "for number in kept:\n    try:\n        found = socket(fileno=os.dup(number))\n"
        "    except OSError:\n        continue\n"
        "    seen = found.getsockopt(SOL_SOCKET, SO_PRIORITY)\n"
        "    found.setsockopt(SOL_SOCKET, SO_PRIORITY, 5)\n"
        "    return 2 if seen == 5 else 1",
        "kept = []\nfor number in range(3, 10):\n    try:\n        kept.append(os.dup(number))\n"
        "    except OSError:\n        pass",
    ),
    "memory with a name like a library's": (
        "shared[0] += 1\nreturn shared[0]",
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.mmap.restype = ctypes.c_void_p\n"
        "os.makedirs(' /usr/lib')\nfile = os.open(' /usr/lib/x', os.O_RDWR | os.O_CREAT)\n"
        "os.ftruncate(file, 4096)\nos.unlink(' /usr/lib/x')\n"
        "at = libc.mmap(None, ctypes.c_size_t(4096), 3, 1, file, ctypes.c_long(0))\n"
        "os.close(file)\nshared = (ctypes.c_ubyte * 4096).from_address(at)",
    ),
    "the working directory": (
        "found = os.getcwd()\nos.chdir('/tmp')\nreturn 1 if found == '/app' else 2",
        "",
    ),
    "a process that stays": (
        "if os.path.exists('/tmp/n'):\n    return 2\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    while True:\n"
        "        time.sleep(0.001)\n"
        "        if not os.path.exists('/tmp/n'): open('/tmp/n', 'w').close()\n"
        "time.sleep(0.05)\nreturn 1",
        "",
    ),
    "System V shared memory": (
        "import ctypes\nreturn 2 if ctypes.CDLL(None).shmget(4711, 4096, 0o1777) != -1 else 1",
        "",
    ),
    "signals": (
        "found = count[0]\nos.kill(os.getppid() or 1, signal.SIGUSR1)\ntime.sleep(0.01)\n"
        "return found or 1",
        "count = [0]\ndef note(*_): count[0] += 5\nsignal.signal(signal.SIGUSR1, note)",
    ),
    "a signal that waits": (
        "waiting = signal.sigpending()\n"
        "os.kill(os.getppid() or 1, signal.SIGUSR1)\nreturn 2 if waiting else 1",
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})",
    ),
}


@pytest.mark.parametrize("way", REMEMBERING)
def test_no_check_sees_what_another_did(walled: Pool, way: str) -> None:
    run = run_of(walled, *REMEMBERING[way])
    assert [run.call(), run.call(), run.call()] == [1, 1, 1]
    run.close()


SHARED = {
    "a thread": "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
    "a process": "if os.fork() == 0: time.sleep(60)",
    "a file that is open": "file = open('seen', 'w')",
    "shared memory": "shared = mmap.mmap(-1, 4096)",
    "a signal's handler": "signal.signal(signal.SIGTERM, lambda *_: None)",
    "a signal that is blocked": "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})",
    "many files": "for n in range(300): open(f'file{n}', 'w').close()",
    "large files": "open('large', 'w').write('x' * 5_000_000)",
}


@pytest.mark.parametrize("way", SHARED)
def test_an_app_that_holds_more_than_memory_is_loaded_for_each_check(
    walled: Pool, way: str
) -> None:
    run = run_of(walled, "return os.getpid()", SHARED[way])
    assert run.call() == 1  # the first of its own process id namespace: no copy
    assert not run.kept
    assert run.call() == 1
    run.close()


def test_a_thread_of_the_app_runs_in_each_check(walled: Pool) -> None:
    ticking = (
        "count = [0]\n"
        "def tick():\n    while True:\n        count[0] += 1\n        time.sleep(0.001)\n"
        "threading.Thread(target=tick, daemon=True).start()"
    )
    run = run_of(walled, "before = count[0]\ntime.sleep(0.05)\nreturn count[0] > before", ticking)
    assert [run.call(), run.call()] == [True, True]
    run.close()


def test_one_check_that_ends_the_app_costs_the_next_nothing(walled: Pool) -> None:
    run = run_of(walled, "if data == 'die': os._exit(3)\nreturn 1")
    assert run.call() == 1
    with pytest.raises(Crash, match="it ended by itself with exit status 3"):
        run.call("die")
    assert run.call() == 1
    run.close()


def test_the_solution_of_a_lesson_is_loaded_once(walled: Pool) -> None:
    solution = Path(__file__).parents[2] / "lessons/04-event-handlers/solution/app.py"
    run = Run(walled, solution.read_text())
    for _ in range(3):
        with run.check() as app:
            client = app.connect()
            client.emit("message", "x")
            client.receive("response", help="-")
        assert run.kept
    run.close()
