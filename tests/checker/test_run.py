"""One submission through one lesson: a stream of events that always ends in a result."""

import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from types import SimpleNamespace

import pytest

from checker.lesson import Lesson, load_lesson
from checker.report import Report, SubmissionResult
from checker.run import (
    CHECK_SECONDS,
    Cancelled,
    CheckFinished,
    CheckStarted,
    Output,
    Packet,
    RunFinished,
    RunStarted,
    check_submission,
    result_of,
)
from checker.stage.pool import Pool
from checker.submission import Submission
from tests.checker.lesson_eight import APP, write_lesson_eight


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """A lesson of three checks."""
    return load_lesson(write_lesson_eight(tmp_path))


def run(lesson: Lesson, pool: Pool, text: str, lanes: int = 1) -> SubmissionResult:
    submission = Submission.from_files({"app.py": text})
    return result_of(check_submission(lesson, submission, stage_pool=pool, lanes=lanes))


@pytest.mark.parametrize("lanes", [1, 2, 9])
def test_a_run_is_a_stream_of_events(lesson: Lesson, pool: Pool, lanes: int) -> None:
    printing = APP.replace('emit("pong"', 'print("got", number)\n    emit("pong"')
    submission = Submission.from_files({"app.py": printing})
    events = list(
        check_submission(lesson, submission, stage_pool=pool, learner="alice", lanes=lanes)
    )
    assert isinstance(events[0], RunStarted)
    assert [check.name for check in events[0].checks] == [
        "client_connects",
        "ping_is_answered",
        "page_greets",
    ]
    kinds = [event.kind for event in events if isinstance(event, CheckStarted | CheckFinished)]
    assert kinds == ["check_started", "check_finished"] * 3
    assert "got 8\n" in "".join(event.text for event in events if isinstance(event, Output))
    packets = [event for event in events if isinstance(event, Packet)]
    assert [(packet.direction, packet.event, packet.data) for packet in packets] == [
        ("in", "ping", [8]),
        ("out", "pong", [9]),
    ]
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert (last.result.status, last.result.points, last.result.max_points) == ("passed", 4, 4)
    assert (last.result.learner, last.result.lesson) == ("alice", "08-ping")
    assert last.result.async_mode == "threading"
    assert all(event.to_json()["kind"] == event.kind for event in events)


@pytest.mark.parametrize("lanes", [1, 2, 9])
def test_points_are_the_sum_of_checks_and_skipped_checks_say_what_they_wait_for(
    lesson: Lesson, pool: Pool, lanes: int
) -> None:
    result = run(lesson, pool, APP.replace('emit("pong"', 'emit("ping"'), lanes)
    assert (result.status, result.points) == ("failed", 2)
    assert [check.outcome for check in result.checks] == ["passed", "failed", "passed"]
    refused = run(lesson, pool, APP.replace("SocketIO(app, async", "SocketIO(async"), lanes)
    assert [check.outcome for check in refused.checks] == ["failed", "skipped", "skipped"]
    assert refused.checks[1].message == "This waits for: A client connects."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "def (:\n",
            "Python cannot read app.py: invalid syntax (line 1).\nThe line is: `def (:`\n",
        ),
        (
            "if True:\n    x = 1\n\ty = 2\n",
            "Python cannot read app.py: inconsistent use of tabs and spaces in indentation "
            "(line 3).\nThe line is: `y = 2`\nPython reads from the indentation",
        ),
        (
            "pip install flask\n",
            "Python cannot read app.py: invalid syntax (line 1).\n"
            "The line is: `pip install flask`\nThis line is a command for",
        ),
        ("", "app.py is empty; write your app in it."),
    ],
)
def test_files_on_which_no_check_can_run_are_an_error(
    lesson: Lesson, pool: Pool, text: str, sentence: str
) -> None:
    result = run(lesson, pool, text)
    assert (result.status, result.points, result.max_points) == ("error", 0, 4)
    assert result.message is not None
    assert result.message.startswith(sentence)
    assert result.checks == ()


def test_a_fault_of_ours_is_broken_and_never_theirs(lesson: Lesson, pool: Pool) -> None:
    path = lesson.folder / "checks.py"
    path.write_text(path.read_text().replace('app.get("/").text', 'app.get("/").txt'))
    result = run(load_lesson(lesson.folder), pool, APP)
    assert result.checks[2].outcome == "broken"
    assert "this is our fault, not yours" in str(result.checks[2].message)


@pytest.mark.parametrize("lanes", [1, 2])
def test_a_run_can_be_cancelled_while_it_waits(lesson: Lesson, pool: Pool, lanes: int) -> None:
    cancel = threading.Event()
    waiting = "import time\ntime.sleep(30)\n" + APP
    submission = Submission.from_files({"app.py": waiting})
    events = check_submission(lesson, submission, stage_pool=pool, cancel=cancel, lanes=lanes)
    assert isinstance(next(events), RunStarted)
    assert isinstance(next(events), CheckStarted)
    threading.Timer(0.3, cancel.set).start()
    with pytest.raises(Cancelled):
        next(events)


def test_a_report_can_be_written_and_read_again(lesson: Lesson, pool: Pool) -> None:
    results = (run(lesson, pool, APP), run(lesson, pool, APP.replace("Hello", "Bye")))
    report = Report(dict(pool.versions), pool.sandbox, results)
    value = report.to_json()
    assert value["schema"] == 1
    again = Report.from_json(value)
    assert again.to_json() == value
    failure = again.submissions[1].first_failure
    assert failure is not None
    assert failure.message == "`/` says Bye. The task asks for `Hello`."
    with pytest.raises(ValueError, match="schema 2, not 1"):
        Report.from_json({"schema": 2})


GIVEN_UP = '''
from checker import App, check, expect


@check(task=1)
def page_says_bye(app: App) -> None:
    """The page says goodbye."""
    expect("Bye" in app.get("/").text, "It does not.", help="Say Bye.")


@check(task=2, needs=page_says_bye)
def script_ends(app: App) -> None:
    """The script comes to its end."""
    app.run_script(timeout=30)
'''


def test_a_check_that_is_given_up_is_not_waited_for(lesson: Lesson, pool: Pool) -> None:
    (lesson.folder / "checks.py").write_text(GIVEN_UP)
    pool.prepare("script")
    begun = time.monotonic()
    slow = APP.replace('    return "Hello"', '    import time; time.sleep(1)\n    return "Hello"')
    submission = Submission.from_files({"app.py": slow})
    events = list(check_submission(lesson, submission, stage_pool=pool, lanes=2))
    assert time.monotonic() - begun < 15
    finished = [event for event in events if isinstance(event, CheckFinished)]
    assert [event.result.outcome for event in finished] == ["failed", "skipped"]
    shown = [event for event in events if isinstance(event, Output)]
    assert "Serving" not in "".join(event.text for event in shown)


def test_a_run_that_nobody_follows_gives_back_what_it_took(lesson: Lesson, pool: Pool) -> None:
    for lanes in (1, 2):
        submission = Submission.from_files({"app.py": APP})
        events = check_submission(lesson, submission, stage_pool=pool, lanes=lanes)
        assert isinstance(next(events), RunStarted)
        assert isinstance(next(events), CheckStarted)
        assert isinstance(events, Generator)
        events.close()
        end = time.monotonic() + 20
        while len(pool._idle) < len(pool._all) and time.monotonic() < end:
            time.sleep(0.01)
        assert len(pool._idle) == len(pool._all)
    assert run(lesson, pool, APP).status == "passed"


@pytest.mark.long
def test_a_check_in_which_the_judge_is_lost_is_left_and_the_run_goes_on(
    lesson: Lesson, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checker.run.CHECK_SECONDS", 3.0)
    monkeypatch.setattr("checker.run.READING_SECONDS", 1.0)
    path = lesson.folder / "checks.py"
    lost = "import time\n    time.sleep(9)\n    client = app.connect()"
    path.write_text(path.read_text().replace("client = app.connect()", lost, 1))
    result = run(load_lesson(lesson.folder), pool, APP)
    outcomes = [check.outcome for check in result.checks]
    assert "timed_out" in outcomes
    slow = next(check for check in result.checks if check.outcome == "timed_out")
    assert slow.message == "The checker could not make sense of your files in time."
    assert slow.help
    assert outcomes[-1] == "passed"
    monkeypatch.undo()
    assert run(lesson, pool, APP).status == "passed"


LANES = """
import lanes_in_test as here
from checker import App, check


@check(task=1, points=1)
def is_lost(app: App) -> None:
    \"\"\"The judge is lost here.\"\"\"
    app.connect()
    here.lost.wait(60)


@check(task=1, points=1)
def goes_on(app: App) -> None:
    \"\"\"This check is at work meanwhile.\"\"\"
    client = app.connect()
    here.given_up.wait(60)
    client.emit("ping", 8)
    client.receive("pong", help="-")
"""


def test_a_lane_in_which_the_judge_is_lost_takes_no_other_along(
    lesson: Lesson, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The processes of all lanes were ended, so that a check that was at work became a crash."""
    here = SimpleNamespace(lost=threading.Event(), given_up=threading.Event())
    monkeypatch.setitem(sys.modules, "lanes_in_test", here)
    monkeypatch.setattr("checker.run.READING_SECONDS", 1.5 - CHECK_SECONDS)
    (lesson.folder / "checks.py").write_text(LANES)
    submission = Submission.from_files({"app.py": APP})
    outcomes = {}
    try:
        for event in check_submission(lesson, submission, stage_pool=pool, lanes=2):
            if isinstance(event, CheckFinished):
                outcomes[event.result.name] = event.result.outcome
                here.given_up.set()
        assert outcomes == {"is_lost": "timed_out", "goes_on": "passed"}
        assert len(pool._idle) == len(pool._all)  # even while the judge is lost
    finally:
        here.lost.set()
    assert run(lesson, pool, APP).status == "passed"
