"""An app is loaded once in a run, and no check sees what another one did."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from checker.app import App
from checker.check import Crash
from checker.link import Watch
from checker.loading import Borrower, Imports, Loader
from checker.source import Source
from checker.stage.pool import Lent, Pool
from checker.stage.process import AppStage
from checker.stage.sandbox import refused
from checker.submission import Submission

pytestmark = pytest.mark.skipif(refused() is not None, reason=f"no bubblewrap: {refused()}")


class Run:
    """Checks of one run, one after the other, as `checker.run` makes them."""

    def __init__(self, pool: Pool, program: str) -> None:
        submission = Submission.from_files({"app.py": program})
        self.pool = pool
        self.submission = submission
        self.source = Source(submission.files, submission.entry)
        self.lent = Lent(pool)
        self.loader = Loader(submission, self.lent, self.source)
        self.heard: list[str] = []

    @contextmanager
    def check(self) -> Iterator[App]:
        """The app of one check."""
        app = App(
            self.submission,
            self.pool,
            Watch(),
            None,
            self.heard.append,
            self.source,
            self.loader,
            self.lent,
        )
        try:
            yield app
        finally:
            app.close()

    def call(self, payload: str = "x") -> object:
        """What the handler of `message` returns, in a check of its own."""
        with self.check() as app:
            return app.connect().call("message", payload)

    def close(self) -> None:
        """End the run."""
        self.loader.close()
        self.lent.close()

    @property
    def kept(self) -> bool:
        """Whether the next check gets a copy of what is loaded already."""
        return self.loader._kept is not None


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool.open("bubblewrap") as pool:
        yield pool


def program(body: str, before: str = "") -> str:
    """An app whose handler of `message` runs ``body``."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return (
        "import os, signal, mmap, sys, threading, time\n"
        "from flask import Flask\nfrom flask_socketio import SocketIO\n"
        "app = Flask(__name__)\nsocketio = SocketIO(app, async_mode='threading')\n"
        f"{before}\n"
        f"@socketio.on('message')\ndef handle(data):\n{lines}\n"
    )


def run_of(pool: Pool, body: str, before: str = "") -> Run:
    return Run(pool, program(body, before))


def test_what_is_loaded_once_is_lent_to_each_check(pool: Pool) -> None:
    run = run_of(pool, "return LOADED_AT", "LOADED_AT = time.time()\nprint('hello')")
    assert run.call() == run.call() == run.call()
    assert run.kept
    with run.check() as app:
        app.load()
        assert app.output == "hello\n"
    assert run.heard == ["hello\n"] * 4
    run.close()


def test_an_app_is_probed_once_and_asked_once_whether_it_may_be_copied(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given: asked.append(name) or real(*given)  # type: ignore[func-returns-value]

    monkeypatch.setattr(Loader, "_probe", noting("probe", Loader._probe))
    monkeypatch.setattr(AppStage, "may_be_copied", noting("copy", AppStage.may_be_copied))
    run = run_of(
        pool, "return data", "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    assert [run.call("a"), run.call("b"), run.call("c")] == ["a", "b", "c"]
    assert not run.kept
    assert asked == ["probe", "copy"]
    run.close()


def test_loaders_of_one_run_look_once_at_what_importing_does(pool: Pool) -> None:
    program = "import flask\nflask.Flask(__name__).run()\n"
    submission = Submission.from_files({"app.py": program})
    source, imports = Source(submission.files, submission.entry), Imports()
    with pool.lend() as lent:
        loaders = [Loader(submission, lent, source, None, imports) for _ in range(2)]
        for loader in loaders:
            with loader.lend(Borrower(Watch(), lambda link: None)) as loaded:
                assert loaded.flask_count == 1
            assert not imports.claim()
            assert loader.started_on_import(Watch(), None)
        for loader in loaders:
            loader.close()


def test_who_looked_in_vain_keeps_nobody_waiting() -> None:
    imports = Imports()
    assert imports.seen() is None
    assert imports.claim()
    threading.Timer(0.05, imports.tell, (None,)).start()
    assert imports.seen() is None


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
def test_no_check_sees_what_another_did(pool: Pool, way: str) -> None:
    run = run_of(pool, *REMEMBERING[way])
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
def test_an_app_that_holds_more_than_memory_is_loaded_for_each_check(pool: Pool, way: str) -> None:
    run = run_of(pool, "return os.getpid()", SHARED[way])
    assert run.call() == 1  # the first of its own process id namespace: no copy
    assert not run.kept
    assert run.call() == 1
    run.close()


def test_a_thread_of_the_app_runs_in_each_check(pool: Pool) -> None:
    ticking = (
        "count = [0]\n"
        "def tick():\n    while True:\n        count[0] += 1\n        time.sleep(0.001)\n"
        "threading.Thread(target=tick, daemon=True).start()"
    )
    run = run_of(pool, "before = count[0]\ntime.sleep(0.05)\nreturn count[0] > before", ticking)
    assert [run.call(), run.call()] == [True, True]
    run.close()


def test_one_check_that_ends_the_app_costs_the_next_nothing(pool: Pool) -> None:
    run = run_of(pool, "if data == 'die': os._exit(3)\nreturn 1")
    assert run.call() == 1
    with pytest.raises(Crash, match="it ended by itself with exit status 3"):
        run.call("die")
    assert run.call() == 1
    run.close()


def test_importing_the_script_leaves_nothing_behind(pool: Pool) -> None:
    before = (
        "open('seen', 'a').write(__name__)\nopen('/tmp/seen', 'a').write(__name__)\n"
        "os.makedirs('folder', exist_ok=True)\nopen('folder/seen', 'a').write(__name__)\n"
        "os.symlink('/', f'link-{__name__}')\n"
        "if __name__ != '__main__' and os.fork() == 0:\n"
        "    while True: open('/tmp/seen', 'a').write('.')\n"
    )
    body = (
        "time.sleep(0.02)\nnames = ['seen', '/tmp/seen', 'folder/seen']\n"
        "return [sorted(os.listdir()), *(open(name).read() for name in names)]"
    )
    run = run_of(pool, body, before)
    names = ["app.py", "folder", "link-__main__", "seen"]
    assert run.call() == [names, "__main__", "__main__", "__main__"]
    run.close()


@pytest.mark.parametrize(
    ("last", "started"),
    [
        ("socketio.run(app)", True),
        ("if __name__ == '__main__': socketio.run(app)", False),
        ("if __name__ == 'app': socketio.run(app)", True),
        ("", False),
    ],
)
def test_what_an_import_starts_is_seen(pool: Pool, last: str, started: bool) -> None:
    run = Run(pool, program("return 1") + last + "\n")
    with run.check() as app:
        app.load()
        assert app.ran_server_on_import is started
    with run.check() as app:
        assert app.ran_server_on_import is started
    run.close()


def test_an_import_that_does_not_come_back_is_seen_by_a_stage_of_its_own(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.loading.LOAD_TIMEOUT", 2.0)
    run = Run(pool, program("return 1") + "if __name__ == 'app':\n    while True: pass\n")
    with run.check() as app:
        assert app.load().bound
        with pytest.raises(Exception, match="Your app did not come back within 2 seconds"):
            assert app.ran_server_on_import
    run.close()


def test_an_import_that_fails_is_told(pool: Pool) -> None:
    run = Run(pool, program("return 1") + "if __name__ == 'app':\n    1 / 0\n")
    with run.check() as app:
        assert app.load().bound
        with pytest.raises(Crash, match="While loading, your app raised ZeroDivisionError"):
            assert app.ran_server_on_import
    run.close()


def test_the_solution_of_a_lesson_is_loaded_once(pool: Pool) -> None:
    solution = Path(__file__).parents[2] / "lessons/04-event-handlers/solution/app.py"
    run = Run(pool, solution.read_text())
    for _ in range(3):
        with run.check() as app:
            client = app.connect()
            client.emit("message", "x")
            client.receive("response", help="-")
        assert run.kept
    run.close()
