"""The floors: what loading an app costs when nobody checks anything, and what one check costs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

from checker.lesson import Lesson, load_course
from checker.run import Pool, check_submission, result_of
from tests.benchmarks.measure import ROOT, CommandFailed, Times, environment, in_turn, run
from tests.benchmarks.submissions import solutions
from tests.benchmarks.table import Findings, Table

IMPORT = "import flask_socketio"
SHARED = Path(__file__).parent / "peers" / "shared"
ONE_CHECK = '''"""One check: the least that can be asked of lesson 4."""

from checker import App, check, expect


@check(task=2)
def answered(app: App) -> None:
    """A message is answered."""
    client = app.connect()
    client.emit("message", app.nonce())
    expect(client.receive("response", help="-"), "-", help="-")
'''


def import_once(work: Path) -> float:
    """Return the seconds of ``python -c 'import flask_socketio'``."""
    return run([sys.executable, "-c", IMPORT], cwd=work, status=[0])


def measure(lesson: Lesson, work: Path, count: int) -> Findings:
    """Measure all floors, each ``count`` times; ``lesson`` is the fourth."""
    home = solutions(lesson, 1)[0].write(work / "floors")
    nothing, imports = in_turn(
        count,
        lambda: run([sys.executable, "-c", "pass"], cwd=work, status=[0]),
        lambda: import_once(work),
    )
    rows = [
        ("python -c pass", nothing),
        (f"python -c '{IMPORT}'", imports),
        ("a fork of a warm process that loads the app, and answers one event", _forks(home, count)),
        (
            "the same in namespaces of its own (user, mount, pid, net, ipc, uts)",
            _forks(home, count, "walled"),
        ),
        ("one check of ours that asks the same, warm, sandbox on", _one_check(lesson, work, count)),
    ]
    cells = tuple((name, 1000 * times.median, 1000 * times.p90) for name, times in rows)
    return Findings(tables=[Table("Floors", ("", "median ms", "p90 ms"), cells)])


def _forks(home: Path, count: int, *walled: str) -> Times:
    program = Path(__file__).with_name("floor_fork.py")
    command = [sys.executable, str(program), str(home), str(count), *walled]
    env = environment(PYTHONPATH=str(SHARED))
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise CommandFailed(f"The fork's floor: {done.stderr.strip().splitlines()[-1:]}")
    return Times(tuple(json.loads(done.stdout)))


def _one_check(lesson: Lesson, work: Path, count: int) -> Times:
    """Time a lesson that is the fourth with one check in place of its nine."""
    root = work / "one-check"
    shutil.copytree(lesson.folder, root / lesson.slug)
    shutil.copy(ROOT / "lessons" / "course.toml", root)
    (root / lesson.slug / "checks.py").write_text(ONE_CHECK)
    small = load_course(root).find(lesson.slug)
    seconds = []
    with Pool.open() as pool:
        for number, program in enumerate(solutions(lesson, count + 2)):
            begun = time.perf_counter()
            result = result_of(check_submission(small, program.submission(), stage_pool=pool))
            if number >= 2:
                seconds.append(time.perf_counter() - begun)
            if result.status != "passed":
                raise CommandFailed(f"The floor's check did not pass: {result.first_failure}")
    return Times(tuple(seconds))
