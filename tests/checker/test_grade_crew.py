"""The crew: all jobs are done, none can keep the others waiting."""

import threading
import time
from collections.abc import Iterator

import pytest

from checker.grading.crew import Crew, Task


def test_every_job_is_done_once() -> None:
    crew = Crew[int](lambda task: None, 4, limit=5)
    done = [task.job for batch in crew.run(iter(range(500))) for task in batch]
    assert sorted(done) == list(range(500))


def test_so_many_at_a_time_and_no_more() -> None:
    running: list[int] = []
    most = []

    def work(task: Task[int]) -> None:
        running.append(task.job)
        most.append(len(running))
        time.sleep(0.01)
        running.remove(task.job)

    list(Crew[int](work, 3, limit=5).run(iter(range(30))))
    assert max(most) == 3


def test_jobs_are_taken_only_when_someone_is_nearly_free() -> None:
    taken: list[int] = []

    def jobs() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    done = 0
    for batch in Crew[int](lambda task: time.sleep(0.005), 2, limit=5).run(jobs()):
        done += len(batch)
        assert len(taken) - done <= 3


def test_an_exception_belongs_to_its_job_alone() -> None:
    def work(task: Task[int]) -> None:
        if task.job == 3:
            raise SystemExit("x")

    errors = {
        task.job: type(task.error)
        for batch in Crew[int](work, 2, limit=5).run(iter(range(6)))
        for task in batch
        if task.error
    }
    assert errors == {3: SystemExit}


def test_a_job_over_its_time_is_cancelled() -> None:
    def work(task: Task[str]) -> None:
        if task.job == "slow":
            task.cancel.wait(20)

    begun = time.monotonic()
    jobs = iter(["slow", *"abcdef"])
    late = {t.job: t.late for batch in Crew[str](work, 2, limit=0.3).run(jobs) for t in batch}
    assert late == {"slow": True, **dict.fromkeys("abcdef", False)}
    assert time.monotonic() - begun < 5


def test_a_job_that_does_not_heed_is_given_up_and_replaced() -> None:
    release = threading.Event()

    def work(task: Task[str]) -> None:
        if task.job == "stuck":
            release.wait(30)

    crew = Crew[str](work, 1, limit=0.2, grace=0.3)
    lost: dict[str, bool] = {}
    for batch in crew.run(iter(["stuck", "a", "b"])):
        lost |= {task.job: task.lost for task in batch}
        release.set() if len(lost) == 3 else None
    assert lost == {"stuck": True, "a": False, "b": False}


def test_stopping_cancels_what_runs() -> None:
    seen = threading.Event()

    def work(task: Task[int]) -> None:
        if task.cancel.wait(20):
            seen.set()

    class Stop(Exception):
        pass

    def jobs() -> Iterator[int]:
        yield 1
        time.sleep(0.1)
        raise Stop

    with pytest.raises(Stop):
        list(Crew[int](work, 2, limit=10).run(jobs()))
    assert seen.is_set()


def test_a_job_that_was_done_in_time_is_not_late_because_nobody_looked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever keeps results waited for the disk: the next were called late, and came twice."""
    go, later, now = threading.Event(), [0.0], time.monotonic

    def work(task: Task[str]) -> None:
        if task.job == "second":
            go.wait(30)

    monkeypatch.setattr("checker.grading.crew.time.monotonic", lambda: now() + later[0])
    crew = Crew[str](work, 2, limit=90)
    done: list[tuple[str, bool, bool]] = []
    for batch in crew.run(iter(["first", "second"])):
        done += [(task.job, task.late, task.lost) for task in batch]
        if len(done) == 1:
            go.set()
            while crew._done.empty():
                threading.Event().wait(0.001)
            later[0] = 1000.0
    assert done == [("first", False, False), ("second", False, False)]
