"""Our batch beside each peer's, on the same class, in turn."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checker.lesson import Lesson
from tests.benchmarks.batch import Batch
from tests.benchmarks.graders import PEERS
from tests.benchmarks.measure import CommandFailed, load_average, say
from tests.benchmarks.peer import Ground, Peer, PeerMissing
from tests.benchmarks.submissions import described, mixed
from tests.benchmarks.table import Findings, Ratio, Table, wrapped

ASKED = 12
"""How many times as long as ours the fastest peer is to take."""
CLASS = 30


@dataclass(frozen=True)
class Beside:
    """What one peer came to, and ours right before and after it. Seconds."""

    peer: Peer
    one: float | None
    batch: float
    ours: float
    agrees: int

    @property
    def ratio(self) -> float:
        """How many times as long as ours the peer took."""
        return self.batch / self.ours


def compare(
    lesson: Lesson, count: int, jobs: int, work: Path, cache: Path, only: Sequence[str]
) -> Findings:
    """Grade a class of ``count`` with ours and with every peer (or ``only`` those named)."""
    batch = Batch(lesson, mixed(lesson, count), work / "compare")
    peers = [peer for peer in PEERS if not only or peer.slug in only]
    results: list[Beside] = []
    missing: list[str] = []
    batch.seconds(jobs)
    right = batch.right()
    for place, peer in enumerate(peers):
        try:
            ground = Ground(peer.setup(cache), batch.folder, work / f"{peer.slug}{place}")
            results.append(_beside(peer, ground, batch, jobs))
        except (PeerMissing, CommandFailed) as error:
            missing.append(f"{peer.slug}: {error}")
        except OSError as error:
            missing.append(f"{peer.slug}: {error.strerror or error}")
    return _found(batch, jobs, right, results, missing)


def _beside(peer: Peer, ground: Ground, batch: Batch, jobs: int) -> Beside:
    say(f"{len(batch.programs)} submissions with {peer.way}")
    one = None
    if peer.single:
        peer.prepare(ground)
        peer.one(ground, ground.learners[0])  # what is compiled once is compiled now
        one = peer.one(ground, ground.learners[0])
        shutil.rmtree(ground.work)
    peer.prepare(ground)
    before = batch.seconds(jobs)
    seconds = peer.batch(ground, jobs)
    after = batch.seconds(jobs)
    passed = peer.passed(ground)
    agrees = sum(passed.get(program.learner) == program.passes for program in batch.programs)
    return Beside(peer, one, seconds, (before + after) / 2, agrees)


def _found(
    batch: Batch, jobs: int, right: int, results: Sequence[Beside], missing: Sequence[str]
) -> Findings:
    count = len(batch.programs)
    rows = tuple(
        (one.peer.way, one.ratio, one.batch, one.ours, one.one, f"{one.agrees} of {count}")
        for one in sorted(results, key=lambda one: one.batch)
    )
    columns = ("", "× ours", "batch s", "ours s", "one s", "right verdicts")
    notes = (
        f"ours: course grade --jobs {jobs}, cold, before and after each ({right} of {count} "
        f"right); {load_average()}",
        *(f"not measured: {line}" for line in missing),
        *wrapped(["the class: " + described(batch.programs)[0], *described(batch.programs)[1:]]),
        *(
            f"{one.peer.way}: submissions share processes, so it is not compared"
            for one in results
            if not one.peer.separate
        ),
    )
    fastest = min(
        (one for one in results if one.peer.separate), key=lambda one: one.batch, default=None
    )
    ratio = Ratio(
        f"{count} of lesson 4, cold: fastest peer / ours",
        fastest.ratio if fastest else None,
        bound=ASKED,
        way="at least",
        detail=fastest.peer.way if fastest else "",
    )
    return Findings([ratio], [Table(f"A class of {count}, lesson 4", columns, rows, notes)])
