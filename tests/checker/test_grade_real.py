"""Grading with the real checker behind the real sandbox, killed half-way and started again."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checker.real_grading import LESSONS, make_class, run

pytestmark = pytest.mark.long

SIZE = 10


def verdicts(out: Path) -> list[tuple[Any, ...]]:
    report = json.loads((out / "report.json").read_text("utf-8"))
    return [
        (one["learner"], one["status"], one["points"], [c["outcome"] for c in one["checks"]])
        for one in report["submissions"]
    ]


@pytest.mark.timeout(300)
def test_killed_half_way_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    room = make_class(tmp_path / "class", SIZE)
    run(room, tmp_path / "undisturbed")
    command = [sys.executable, "-m", "tests.checker.real_grading", str(room), str(tmp_path / "out")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=LESSONS.parent
    ) as process:
        assert process.stdout is not None
        for _ in range(SIZE // 2):
            assert process.stdout.readline()
        process.kill()
    done = run(room, tmp_path / "out")
    assert done.reused >= SIZE // 2
    assert done.reused + done.graded == SIZE
    books = [(tmp_path / name / "gradebook.csv").read_bytes() for name in ("undisturbed", "out")]
    assert books[0] == books[1]
    assert verdicts(tmp_path / "out") == verdicts(tmp_path / "undisturbed")
    rows = list(csv.DictReader(books[0].decode().splitlines()))
    assert next(row["learner"] for row in rows if row["lessons_passed"] == "1") == "learner00"
    assert not [row for row in rows if row["problem"] and "our fault" in row["problem"]]


@pytest.mark.timeout(300)
def test_bad_hand_ins_do_not_disturb_their_neighbours(tmp_path: Path) -> None:
    room = make_class(tmp_path / "class", 2)
    (room / "loop" / "4").mkdir(parents=True)
    (room / "loop" / "4" / "app.py").write_text(
        "import os, signal\nos.kill(os.getppid(), 9)\nos._exit(0)\n"
    )
    (room / "empty" / "4").mkdir(parents=True)
    (room / "bad.zip").write_bytes(b"PK\x03\x04 no zip at all")
    run(room, tmp_path / "out")
    seen = {learner: status for learner, status, _, _ in verdicts(tmp_path / "out")}
    assert seen["learner00"] == "passed"
    assert seen["learner01"] == "failed"
    assert seen["loop"] == "failed"
    assert seen["empty"] == seen["bad"] == "error"
