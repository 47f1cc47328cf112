"""What importing a learner's app does is looked at once in a run, and leaves nothing behind."""

import threading

import pytest

from checker.check import Crash
from checker.link import Watch
from checker.loading import Borrower, Imports, Loader
from checker.source import Source
from checker.stage.pool import Pool
from checker.submission import Submission
from tests.checker.loading_run import Run, program, run_of
from tests.checker.walls import needs_walls

pytestmark = needs_walls


def test_loaders_of_one_run_look_once_at_what_importing_does(walled: Pool) -> None:
    program = "import flask\nflask.Flask(__name__).run()\n"
    submission = Submission.from_files({"app.py": program})
    source, imports = Source(submission.files, submission.entry), Imports()
    with walled.lend() as lent:
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


def test_importing_the_script_leaves_nothing_behind(walled: Pool) -> None:
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
    run = run_of(walled, body, before)
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
def test_what_an_import_starts_is_seen(walled: Pool, last: str, started: bool) -> None:
    run = Run(walled, program("return 1") + last + "\n")
    with run.check() as app:
        app.load()
        assert app.ran_server_on_import is started
    with run.check() as app:
        assert app.ran_server_on_import is started
    run.close()


def test_an_import_that_does_not_come_back_is_seen_by_a_stage_of_its_own(
    walled: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.loading.LOAD_TIMEOUT", 2.0)
    run = Run(walled, program("return 1") + "if __name__ == 'app':\n    while True: pass\n")
    with run.check() as app:
        assert app.load().bound
        with pytest.raises(Exception, match="Your app did not come back within 2 seconds"):
            assert app.ran_server_on_import
    run.close()


def test_an_import_that_fails_is_told(walled: Pool) -> None:
    run = Run(walled, program("return 1") + "if __name__ == 'app':\n    1 / 0\n")
    with run.check() as app:
        assert app.load().bound
        with pytest.raises(Crash, match="While loading, your app raised ZeroDivisionError"):
            assert app.ran_server_on_import
    run.close()
