"""A few threads that work off many jobs, each under a deadline that is kept from outside."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Job = TypeVar("Job")
_POLL = 0.5
_LEAVE = 5.0


def at_a_time() -> int:
    """How many programs are checked at a time: two for each processor this process may use.

    One may wait meanwhile for what its app still sends, or for what is never to come.
    """
    if hasattr(os, "sched_getaffinity"):
        return 2 * len(os.sched_getaffinity(0))
    return 2 * (os.cpu_count() or 1)


@dataclass(eq=False)
class Task(Generic[Job]):
    """One job on its way. ``cancel`` is set when its time is up; ``lost`` when it did not heed.

    ``error`` is what the work raised, which is always a fault of ours.
    """

    job: Job
    cancel: threading.Event = field(default_factory=threading.Event)
    started: float | None = None
    late: bool = False
    lost: bool = False
    error: BaseException | None = None

    def overdue(self, seconds: float) -> bool:
        """Whether the job has been worked on for longer than ``seconds``."""
        return self.started is not None and time.monotonic() - self.started > seconds


class Crew(Generic[Job]):
    """Runs ``work(task)`` in ``size`` threads.

    A job that takes longer than ``limit`` seconds is cancelled; one that has not ended ``grace``
    seconds later is given up, and another thread takes over. The threads live as long as the
    crew: a process that one of them started may end with it.
    """

    def __init__(
        self, work: Callable[[Task[Job]], None], size: int, *, limit: float, grace: float = 15.0
    ) -> None:
        self._work = work
        self._size = size
        self._limit = limit
        self._grace = grace
        self._todo: SimpleQueue[Task[Job] | None] = SimpleQueue()
        self._done: SimpleQueue[Task[Job]] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    def run(self, jobs: Iterable[Job]) -> Iterator[list[Task[Job]]]:
        """Yield finished tasks as they come, in batches, in no particular order.

        Jobs are taken from the iterable only when someone is about to be free.
        """
        waiting = iter(jobs)
        running: set[Task[Job]] = set()
        for _ in range(self._size):
            self._hire()
        try:
            while self._feed(waiting, running):
                batch = [task for task in self._finished() if task in running]
                running.difference_update(batch)
                lost = self._lost(running)
                running.difference_update(lost)
                batch += lost
                if batch:
                    yield batch
        finally:
            self._dismiss(running)

    def _feed(self, waiting: Iterator[Job], running: set[Task[Job]]) -> bool:
        while len(running) <= self._size:
            task = next((Task(job) for job in waiting), None)
            if task is None:
                break
            running.add(task)
            self._todo.put(task)
        return bool(running)

    def _finished(self) -> list[Task[Job]]:
        batch: list[Task[Job]] = []
        with suppress(Empty):
            batch.append(self._done.get(timeout=_POLL))
            while True:
                batch.append(self._done.get_nowait())
        return batch

    def _lost(self, running: set[Task[Job]]) -> list[Task[Job]]:
        for task in running:
            if task.overdue(self._limit) and not task.late:
                task.late = True
                task.cancel.set()
        lost = [task for task in running if task.overdue(self._limit + self._grace)]
        for task in lost:
            task.lost = True
            self._hire()
        return lost

    def _hire(self) -> None:
        thread = threading.Thread(target=self._loop, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _loop(self) -> None:
        while (task := self._todo.get()) is not None:
            if task.cancel.is_set():
                continue
            task.started = time.monotonic()
            try:
                self._work(task)
            except BaseException as error:
                task.error = error
            self._done.put(task)
            if task.lost:
                return

    def _dismiss(self, running: set[Task[Job]]) -> None:
        for task in running:
            task.cancel.set()
        for _ in self._threads:
            self._todo.put(None)
        end = time.monotonic() + _LEAVE
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
