import threading
import time
from collections.abc import Callable, Iterator, Mapping

import pytest

from checker.lesson import Course, Lesson
from checker.report import Json, SubmissionResult
from checker.run import (
    Cancelled,
    CheckInfo,
    CheckStarted,
    Event,
    Output,
    RunFinished,
    RunStarted,
)
from checker.submission import Submission
from webapp.bench.runs import OUTPUTS_KEPT, Run, Runs, TooMany, Watcher

SUBMISSION = Submission.from_files({"app.py": "x = 1"})
CHECK = CheckInfo("a", "A", 1, 1)


class Ear(Watcher):
    def __init__(self) -> None:
        self.heard: list[tuple[str, int, str]] = []
        self.results: list[SubmissionResult] = []
        self.over = threading.Event()

    def happened(self, run: Run, number: int, event: Mapping[str, Json]) -> None:
        self.heard.append((run.id, number, str(event["kind"])))
        if run.over:
            self.over.set()

    def finished(self, run: Run, result: SubmissionResult) -> None:
        self.results.append(result)


class Gate:
    """A check that goes on when it is let, and knows how many run at once."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.lock = threading.Lock()
        self.now = self.most = self.begun = 0

    def __call__(
        self, lesson: Lesson, submission: Submission, cancel: threading.Event
    ) -> Iterator[Event]:
        with self.lock:
            self.begun += 1
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            yield RunStarted(lesson.slug, (CHECK,))
            while not self.open.is_set():
                if cancel.wait(0.005):
                    raise Cancelled
            yield CheckStarted("a")
            yield RunFinished(SubmissionResult("you", lesson.slug, "passed", 1, 1))
        finally:
            with self.lock:
                self.now -= 1


MakeRuns = Callable[..., Runs]


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def make_runs(gate: Gate, ear: Ear) -> Iterator[MakeRuns]:
    made: list[Runs] = []

    def make(at_once: int = 2, waiting: int = 10) -> Runs:
        made.append(Runs(gate, ear, at_once, waiting))
        return made[-1]

    yield make
    for runs in made:
        runs.close()


def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def test_a_run_is_told_as_it_happens_and_its_result_is_kept(
    make_runs: MakeRuns, gate: Gate, ear: Ear, course: Course
) -> None:
    runs = make_runs()
    run = runs.start(1, course.lessons[0], SUBMISSION, "seal")
    until(lambda: ear.heard)
    assert run.state == "running"
    gate.open.set()
    until(lambda: run.over)
    until(lambda: len(ear.heard) == 3)
    assert [(number, kind) for _, number, kind in ear.heard] == [
        (0, "run_started"),
        (1, "check_started"),
        (2, "run_finished"),
    ]
    assert [event["kind"] for event in run.events] == [kind for _, _, kind in ear.heard]
    assert (run.state, len(ear.results)) == ("finished", 1)


def test_no_more_run_at_once_than_there_are_places(
    make_runs: MakeRuns, gate: Gate, course: Course
) -> None:
    runs = make_runs(at_once=2)
    started = [runs.start(n, course.lessons[0], SUBMISSION, "") for n in range(5)]
    until(lambda: gate.now == 2)
    assert [run.state for run in started].count("waiting") == 3
    gate.open.set()
    until(lambda: all(run.over for run in started))
    assert (gate.most, gate.begun) == (2, 5)


def test_a_new_run_takes_the_place_of_the_learners_old_one(
    make_runs: MakeRuns, gate: Gate, ear: Ear, course: Course
) -> None:
    runs = make_runs()
    first = runs.start(1, course.lessons[0], SUBMISSION, "")
    until(lambda: first.state == "running")
    second = runs.start(1, course.lessons[0], SUBMISSION, "")
    until(lambda: first.state == "cancelled")
    assert runs.latest(1, course.lessons[0]) is second
    assert runs.latest(1, course.lessons[1]) is None
    gate.open.set()
    until(lambda: second.state == "finished")
    assert len(ear.results) == 1


def test_a_waiting_run_that_is_replaced_never_begins(
    make_runs: MakeRuns, gate: Gate, course: Course
) -> None:
    runs = make_runs(at_once=1)
    runs.start(1, course.lessons[0], SUBMISSION, "")
    until(lambda: gate.begun == 1)
    waiting = runs.start(2, course.lessons[0], SUBMISSION, "")
    last = runs.start(2, course.lessons[0], SUBMISSION, "")
    assert waiting.state == "cancelled"
    gate.open.set()
    until(lambda: last.over)
    assert gate.begun == 2


@pytest.mark.parametrize("how", ["replaced", "stopped"])
def test_the_end_of_a_run_that_never_began_is_told(
    make_runs: MakeRuns, gate: Gate, ear: Ear, course: Course, how: str
) -> None:
    """Another page of the learner's, which had asked for it, waited for ever."""
    runs = make_runs(at_once=1)
    runs.start(1, course.lessons[0], SUBMISSION, "")
    until(lambda: gate.begun == 1)
    waiting = runs.start(2, course.lessons[0], SUBMISSION, "")
    if how == "replaced":
        runs.start(2, course.lessons[1], SUBMISSION, "")
    else:
        runs.stop(2)
    assert [each for each in ear.heard if each[0] == waiting.id] == [(waiting.id, 0, "run_ended")]


def test_a_run_that_was_replaced_starts_for_no_page_after_the_new_one(
    ear: Ear, course: Course
) -> None:
    """A page followed it then, and showed nothing of the new one."""
    goes, first = threading.Event(), threading.Event()

    def check(lesson: Lesson, s: Submission, cancel: threading.Event) -> Iterator[Event]:
        if not first.is_set():
            first.set()
            goes.wait(20)
        yield RunStarted(lesson.slug, (CHECK,))
        if cancel.is_set():
            raise Cancelled
        yield RunFinished(SubmissionResult("you", lesson.slug, "passed", 1, 1))

    runs = Runs(check, ear, 2, 5)
    old = runs.start(1, course.lessons[0], SUBMISSION, "")
    until(first.is_set)
    new = runs.start(1, course.lessons[0], SUBMISSION, "")
    until(lambda: new.over)
    goes.set()
    until(lambda: old.over)
    runs.close()
    assert [each for each in ear.heard if each[0] == old.id] == [(old.id, 0, "run_ended")]


def test_a_full_queue_says_so(make_runs: MakeRuns, gate: Gate, course: Course) -> None:
    runs = make_runs(at_once=1, waiting=1)
    runs.start(1, course.lessons[0], SUBMISSION, "")
    until(lambda: gate.begun == 1)
    runs.start(2, course.lessons[0], SUBMISSION, "")
    with pytest.raises(TooMany, match="waiting already"):
        runs.start(3, course.lessons[0], SUBMISSION, "")


def test_stopping_and_closing_cancel(make_runs: MakeRuns, ear: Ear, course: Course) -> None:
    runs = make_runs()
    run = runs.start(1, course.lessons[0], SUBMISSION, "")
    until(lambda: run.state == "running")
    runs.stop(1)
    until(lambda: run.state == "cancelled")
    until(lambda: ear.heard[-1][2] == "run_ended")
    other = runs.start(2, course.lessons[0], SUBMISSION, "")
    runs.close()
    assert other.state in ("cancelled", "waiting")
    assert ear.results == []


def test_a_fault_of_ours_ends_the_run_and_not_the_thread(ear: Ear, course: Course) -> None:
    def check(lesson: Lesson, s: Submission, cancel: threading.Event) -> Iterator[Event]:
        yield RunStarted(lesson.slug, (CHECK,))
        raise RuntimeError("ours")

    runs = Runs(check, ear, 1, 5)
    for _ in range(2):
        run = runs.start(1, course.lessons[0], SUBMISSION, "")
        until(lambda run=run: run.state == "broken")  # type: ignore[misc]
    runs.close()


def test_an_app_that_prints_without_end_hides_no_result(ear: Ear, course: Course) -> None:
    def floods(lesson: Lesson, submission: Submission, cancel: threading.Event) -> Iterator[Event]:
        for _ in range(3 * OUTPUTS_KEPT):
            yield Output("a", "line\n")
        yield CheckStarted("b")
        yield RunFinished(SubmissionResult("you", lesson.slug, "passed", 1, 1))

    runs = Runs(floods, ear, 1, 1)
    run = runs.start(1, course.lessons[0], SUBMISSION, "seal")
    until(lambda: ear.over.is_set())
    runs.close()
    told = [kind for _, _, kind in ear.heard]
    assert told == ["output"] * OUTPUTS_KEPT + ["check_started", "run_finished"]
    assert [event["kind"] for event in run.events] == told
