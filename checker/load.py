"""A real load on a real server: a script of ours in the sandbox, and many clients beside it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.link import Link, Watch, shape
from checker.report import bounded
from checker.stage.channel import encode
from checker.stage.pool import Pool

MOST_CLIENTS, MOST_SECONDS = 200, 15.0
MEMORY, PROCESSES = 16_384, 1_200
"""Address space in MiB, and threads: in threading mode each WebSocket costs four."""
START_TIMEOUT = 20.0


class LoadError(RuntimeError):
    """The server did not start, or let nobody in; the message says what was seen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the clients do: ask, wait for the answer, pause, for so many seconds.

    ``disturb`` are the moments at which one more client sends the event ``slow``.
    """

    clients: int
    seconds: float = 9.0
    pause: float = 0.1
    disturb: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what the sandbox is not made for."""
        if not 1 <= self.clients <= MOST_CLIENTS:
            raise ValueError(f"There can be 1 to {MOST_CLIENTS} clients, not {self.clients}.")
        if not 1 <= self.seconds <= MOST_SECONDS:
            raise ValueError(f"A run takes 1 to {MOST_SECONDS:g} seconds, not {self.seconds:g}.")


@dataclass(frozen=True, slots=True)
class Sample:
    """A quarter of a second: ``rate`` is answers a second, delays are milliseconds.

    Delays are None where nobody was waiting for anything.
    """

    at: float
    connected: int
    rate: float
    median: float | None
    p95: float | None


def run_load(
    pool: Pool,
    files: Mapping[str, bytes],
    plan: Plan,
    *,
    cancel: threading.Event | None = None,
) -> Iterator[Sample]:
    """Serve ``files`` as ``python app.py`` does, and yield what the clients see of it.

    The script gets more threads than a learner's may have: run no stranger's code here. Raises
    LoadError, or `checker.run.Cancelled`.
    """
    with pool.script_stage(cancel=cancel) as stage:
        watch = Watch(deadline=time.monotonic() + plan.seconds + START_TIMEOUT + 10)
        link = Link(stage, watch, ours=True)
        _start(link, pool, files)
        link.ask(
            "starting the clients",
            5,
            do="load",
            path="socket.io",
            clients=plan.clients,
            seconds=plan.seconds,
            pause=plan.pause,
            disturb=plan.disturb,
        )
        failed, most = "", 0
        for answer in _answers(link):
            failed = str(answer.get("failed") or "")
            for item in shape(list, answer.get("samples")):
                sample = _sample(shape(dict, item))
                most = max(most, sample.connected)
                yield sample
        if not most:
            raise LoadError(f"No client could connect: {bounded(failed or 'it took too long')}.")


def _start(link: Link, pool: Pool, files: Mapping[str, bytes]) -> None:
    env = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": pool.places.taught,
    }
    link.ask(
        "starting",
        10,
        do="start",
        files=encode(files),
        command=[pool.places.python, "app.py"],
        env=env,
        separate=False,
        memory=MEMORY,
        processes=PROCESSES,
    )
    answer = link.ask("starting", START_TIMEOUT + 2, do="listening", timeout=START_TIMEOUT)
    if "port" not in answer:
        last = (link.printed.strip().splitlines() or ["nothing"])[-1]
        raise LoadError(f"The server did not start. The last line that it printed: {bounded(last)}")


def _answers(link: Link) -> Iterator[Mapping[str, Any]]:
    while True:
        answer = link.ask("serving", 10, do="samples", wait=1.0)
        yield answer
        if answer.get("over") is True:
            return


def _sample(item: Mapping[str, Any]) -> Sample:
    return Sample(
        at=float(item["at"]),
        connected=shape(int, item["connected"]),
        rate=float(item["rate"]),
        median=None if item["median"] is None else float(item["median"]),
        p95=None if item["p95"] is None else float(item["p95"]),
    )
