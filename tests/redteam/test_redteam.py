"""Hostile submissions in one batch between honest neighbours: see README.md and `hostile.py`."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from checker.lesson import Lesson, load_lesson
from checker.report import SubmissionResult
from checker.run import Pool, check_submission, result_of
from checker.stage.sandbox import refused
from checker.submission import Submission, SubmissionError
from tests.redteam.hostile import LESSON, LESSONS, Attack, attacks

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]  # the batch is the first test's fixture

ROOT = Path(__file__).parents[2]
README = Path(__file__).with_name("README.md")
WORKERS = 2
EVERY = 5
"""Attacks between two honest neighbours."""
MARK = "redteam-escaped"
"""In the name of all that an attack writes outside of its own folder."""
SECRET = "the-neighbours-secret-4711"
TIMEOUTS = (
    "checker.loading.LOAD_TIMEOUT",
    "checker.app.ORDER_TIMEOUT",
    "checker.client.ORDER_TIMEOUT",
    "checker.server.ORDER_TIMEOUT",
)
LEAST, SHARE = 3.0, 8.0
"""Seconds for what does not come back: at least so many, or so many times a neighbour's seconds."""
SLOWER, PATIENCE = 10.0, 6.0
"""A neighbour may take so many times as long as alone, and so many seconds more."""


@dataclass
class Batch:
    """What came of a batch."""

    verdicts: dict[str, SubmissionResult | str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    neighbours: list[tuple[SubmissionResult, float]] = field(default_factory=list)
    alone: float = 0.0
    after: SubmissionResult | None = None
    left: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)


class Class:
    """Two workers that check attacks and honest neighbours, as they come, over one pool."""

    def __init__(self, pool: Pool, folder: Path, listed: list[Attack]) -> None:
        """Queue the attacks in ``folder``, with an honest neighbour before every few of them."""
        self.pool = pool
        self.folder = folder
        self.batch = Batch()
        self.patience = 0.0
        names = {LESSON, *(attack.lesson for attack in listed)}
        self.lessons = {name: load_lesson(LESSONS / name) for name in names}
        self.work: queue.SimpleQueue[Attack | None] = queue.SimpleQueue()
        for number, attack in enumerate(listed):
            if number % EVERY == 0:
                self.work.put(None)
            self.work.put(attack)
        self.work.put(None)

    def run(self, patch: pytest.MonkeyPatch) -> Batch:
        """Check the neighbour alone, then everything at once, then the neighbour again."""
        self.honest()
        self.batch.alone = statistics.median(self.honest()[1] for _ in range(3))
        self.wait(patch, self.batch.alone)
        threads = [
            threading.Thread(target=self.worker, args=(patch,), daemon=True) for _ in range(WORKERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.batch.after = self.honest()[0]
        return self.batch

    def wait(self, patch: pytest.MonkeyPatch, seconds: float) -> None:
        """Wait longer for attacks where an honest neighbour takes long: the machine is busy."""
        if max(LEAST, SHARE * seconds) > self.patience:
            self.patience = max(LEAST, SHARE * seconds)
            for name in TIMEOUTS:
                patch.setattr(name, self.patience)

    def worker(self, patch: pytest.MonkeyPatch) -> None:
        """Take one after the other until there are none."""
        while True:
            try:
                attack = self.work.get_nowait()
            except queue.Empty:
                return
            if attack is None:
                self.batch.neighbours.append(self.honest())
                self.wait(patch, self.batch.neighbours[-1][1])
            else:
                self.check(attack)

    def honest(self) -> tuple[SubmissionResult, float]:
        """Check the lesson's solution; return the result and the seconds that it took."""
        lesson = self.lessons[LESSON]
        return self.timed(lesson, Submission.from_files(lesson.solution()))

    def check(self, attack: Attack) -> None:
        """Check one attack; whatever is raised, other than by design, is its verdict as text."""
        began = time.monotonic()
        try:
            submission = Submission.from_path(self.folder / attack.name)
            result, _ = self.timed(self.lessons[attack.lesson], submission)
            self.batch.verdicts[attack.name] = result
        except SubmissionError as error:
            self.batch.verdicts[attack.name] = f"error: {error}"
        except BaseException as error:
            self.batch.verdicts[attack.name] = f"raised: {error!r}"
        self.batch.seconds[attack.name] = time.monotonic() - began

    def timed(self, lesson: Lesson, submission: Submission) -> tuple[SubmissionResult, float]:
        """Run all checks of a lesson."""
        began = time.monotonic()
        result = result_of(check_submission(lesson, submission, stage_pool=self.pool))
        return result, time.monotonic() - began


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    """Everything that is not told to be open, checked once for all tests of this file."""
    if refused() is not None:
        pytest.skip(f"no bubblewrap: {refused()}")
    folder = tmp_path_factory.mktemp("class")
    temporary = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as bell:
        bell.setblocking(False)
        patch.setenv("REDTEAM_SECRET", SECRET)
        patch.setattr(tempfile, "tempdir", str(temporary))
        mounts = Path("/proc/self/mountinfo").read_text()
        before = children()
        with Pool.open("bubblewrap") as pool:
            listed = [attack for attack in attacks() if "open" not in attack.about]
            hand_in(folder, temporary, listed, bell.getsockname()[1])
            found = Class(pool, folder, listed).run(patch)
            found.left = [*strangers(pool, before), *written(folder, temporary)]
        found.left += [f"process {child.pid}" for child in children(but=before)]
        found.left += [str(path) for path in temporary.iterdir()]
        if Path("/proc/self/mountinfo").read_text() != mounts:
            found.left.append("a mount")
        found.called = rung(bell)
        yield found


def hand_in(folder: Path, temporary: Path, listed: list[Attack], port: int) -> None:
    """Put the submissions where they are read, and tell them what an insider would know."""
    neighbour = folder / "neighbour" / "app.py"
    neighbour.parent.mkdir()
    solution = (LESSONS / LESSON / "solution" / "app.py").read_text()
    neighbour.write_text(f"# {SECRET}\n{solution}")
    ambient = {
        "judge": os.getpid(),
        "warm": [child.pid for child in children()],
        "neighbour": str(neighbour),
        "project": str(ROOT),
        "folders": [str(place) for place in (folder, temporary, ROOT, Path.home(), Path.cwd())],
        "port": port,
    }
    for attack in listed:
        attack.build(folder / attack.name, json.dumps(ambient), neighbour)


def children(but: Iterable[psutil.Process] = ()) -> list[psutil.Process]:
    """All processes below this one that are there in earnest, but for some and all below those.

    Other tests of the same run keep theirs: a browser, a served course, another pool.
    """
    others = set(but)
    found = []
    waiting = psutil.Process().children()
    while waiting:
        child = waiting.pop()
        with contextlib.suppress(psutil.NoSuchProcess):
            if child not in others and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
                waiting += child.children()
    return found


def strangers(pool: Pool, before: list[psutil.Process]) -> list[str]:
    """Processes below this one, other than the pool's own.

    These are bubblewrap's and ours for each origin, and the warm processes.
    """
    deadline = time.monotonic() + 5
    while True:
        own = {origin.pid for origin in pool._origins.values()}
        most = 2 * len(own) + len(pool._all)
        tree = [child for pid in own for child in psutil.Process(pid).children(recursive=True)]
        known = own | {child.pid for child in tree if "course_stage" in " ".join(child.cmdline())}
        others = [
            f"process {found.pid}" for found in children(but=before) if found.pid not in known
        ]
        if len(tree) <= most and not others:
            return []
        if time.monotonic() > deadline:
            return [*others, f"{len(tree)} processes where {most} are ours"]
        time.sleep(0.05)


def written(*folders: Path) -> list[str]:
    """Whatever bears the mark, where a submission should not have been able to write."""
    places = [*folders, *ROOT.iterdir(), ROOT, Path.home(), Path.cwd(), LESSONS / LESSON]
    places += [Path(name) for name in ("/", "/etc", "/opt", "/dev", "/dev/shm", "/tmp", "/var/tmp")]
    places += [Path(path) for path in {os.path.dirname(pytest.__file__), *sys.path}]
    found = {
        str(entry)
        for place in places
        if place.is_dir()
        for entry in place.iterdir()
        if MARK in entry.name or MARK.replace("-", "_") in entry.name or entry.name == "report.json"
    }
    return sorted(found)


def rung(bell: socket.socket) -> list[str]:
    """Who called at a port of this machine."""
    try:
        connection, address = bell.accept()
    except BlockingIOError:
        return []
    connection.close()
    return [str(address)]


def verdict_of(result: SubmissionResult | str) -> tuple[str, str]:
    """Return (what came of it, why)."""
    if isinstance(result, str):
        kind, _, message = result.partition(": ")
        return kind, message
    if result.status == "error":
        return "error", result.message or ""
    outcomes = {check.outcome for check in result.checks}
    first = result.first_failure
    if first is None:
        return "passed", ""
    return "broken" if "broken" in outcomes else first.outcome, f"{first.name}: {first.message}"


HELD = [attack for attack in attacks() if "open" not in attack.about]


@pytest.mark.parametrize("attack", HELD, ids=lambda attack: attack.name)
def test_an_attack_gets_the_verdict_that_it_deserves(batch: Batch, attack: Attack) -> None:
    kind, message = verdict_of(batch.verdicts[attack.name])
    assert kind in attack.verdict.split(" or "), f"{kind}: {message}"
    assert attack.about.get("says", "") in message


def test_nothing_that_a_report_holds_is_a_secret_or_without_bounds(batch: Batch) -> None:
    for name, result in batch.verdicts.items():
        told = json.dumps(result if isinstance(result, str) else result.to_json(), allow_nan=False)
        assert SECRET not in told, name
        assert len(told) < 200_000, name
        told.encode()


def test_neighbours_get_their_verdict(batch: Batch) -> None:
    assert len(batch.neighbours) > len(HELD) // EVERY
    for result, _ in batch.neighbours:
        assert result.status == "passed", result.first_failure
    assert batch.after is not None
    assert batch.after.status == "passed", batch.after.first_failure


def test_neighbours_take_the_time_that_they_take_alone(batch: Batch) -> None:
    seconds = sorted(seconds for _, seconds in batch.neighbours)
    assert statistics.median(seconds) < SLOWER * batch.alone + 0.5, (batch.alone, seconds)
    assert seconds[-1] < SLOWER * batch.alone + PATIENCE, (batch.alone, seconds)


def test_no_attack_holds_its_worker_for_long(batch: Batch) -> None:
    slow = {name: taken for name, taken in batch.seconds.items() if taken > 40}
    assert not slow


def test_nothing_is_left_behind_and_nothing_written_outside(batch: Batch) -> None:
    assert batch.left == []
    assert batch.called == []


def test_the_table_names_every_attack() -> None:
    rows = {
        line.split("|")[1].strip(" `"): line
        for line in README.read_text("utf-8").splitlines()
        if line.startswith("| `")
    }
    assert list(rows.values()) == [row(attack) for attack in attacks()], "\n".join(
        map(row, attacks())
    )


def row(attack: Attack) -> str:
    """An attack's line in the README's table."""
    about = attack.about
    verdict = f"{attack.verdict} (open)" if "open" in about else attack.verdict
    lesson = attack.lesson[1:2]
    return f"| `{attack.name}` | {about['class']} | {lesson} | {about['what']} | {verdict} |"
