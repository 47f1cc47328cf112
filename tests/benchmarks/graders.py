"""The graders that people use, each in its own best way."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Sequence

from tests.benchmarks.measure import Command, run
from tests.benchmarks.peer import Ground, Peer, Task, at_a_time


class Pytest(Peer):
    """pytest, a fresh process for each submission."""

    slug = "pytest"
    single = "pytest"
    way = "pytest for each"

    def _task(self, ground: Ground, learners: Sequence[str], *more: str) -> Task:
        out = f"--junitxml={ground.work / learners[0]}.xml"
        tests, config = self.files / "lesson4.py", self.files / "pytest.ini"
        command: Command = [ground.program("pytest"), "-c", config, *more, out, tests]
        folders = os.pathsep.join(str(ground.folder / learner) for learner in learners)
        return command, ground.work, self.environment(ground, SUBMISSIONS=folders)

    def one(self, ground: Ground, learner: str) -> float:
        """Grade one submission; return the wall seconds."""
        return at_a_time(1, [self._task(ground, [learner], "-p", "no:xdist")])

    def batch(self, ground: Ground, jobs: int) -> float:
        """Grade the class; return the wall seconds."""
        tasks = [self._task(ground, [name], "-p", "no:xdist") for name in ground.learners]
        return at_a_time(jobs, tasks)

    def passed(self, ground: Ground) -> dict[str, bool]:
        """Return who passed everything, by the XML files."""
        verdicts: dict[str, bool] = {}
        for path in ground.work.glob("*.xml"):
            for case in ElementTree.parse(path).iter("testcase"):
                learner = str(case.get("classname")).rpartition("Test_")[2]
                verdicts[learner] = verdicts.get(learner, True) and not len(case)
        return verdicts


class PytestTogether(Pytest):
    """pytest with xdist: all submissions in a few processes. No grader for strangers' work."""

    single = ""
    way = "pytest -n (xdist)"
    separate = False

    def batch(self, ground: Ground, jobs: int) -> float:
        """Grade the class; return the wall seconds."""
        spread = (f"-n{jobs}", "--dist=loadscope")
        return at_a_time(1, [self._task(ground, ground.learners, *spread)])


class Check50(Peer):
    """check50 with checks from a local folder."""

    slug = "check50"
    single = "check50 --dev"
    way = "check50 --dev for each"

    def _task(self, ground: Ground, learner: str, **more: str) -> Task:
        out = ground.work / f"{learner}.json"
        program = (ground.program("check50"), "--dev", self.files)
        command: Command = [*program, "-o", "json", "--output-file", out]
        return command, ground.folder / learner, self.environment(ground, **more)

    def one(self, ground: Ground, learner: str) -> float:
        """Grade one submission, its checks in parallel; return the wall seconds."""
        return at_a_time(1, [self._task(ground, learner)])

    def batch(self, ground: Ground, jobs: int) -> float:
        """Grade the class; return the wall seconds."""
        tasks = [self._task(ground, name, CHECK50_WORKERS="1") for name in ground.learners]
        return at_a_time(jobs, tasks)

    def passed(self, ground: Ground) -> dict[str, bool]:
        """Return who passed everything, by the JSON files."""
        files = {path.stem: json.loads(path.read_text()) for path in ground.work.glob("*.json")}
        return {
            learner: all(check["passed"] for check in report.get("results") or [{"passed": False}])
            for learner, report in files.items()
        }


class Gradescope(Peer):
    """gradescope-utils: unittest with weights, and a results.json."""

    slug = "gradescope_utils"
    single = "gradescope-utils"
    way = "gradescope-utils for each"

    def _task(self, ground: Ground, learner: str) -> Task:
        out = ground.work / f"{learner}.json"
        folder = ground.folder / learner
        command: Command = [ground.program("python"), self.files / "lesson4.py", folder, out]
        return command, ground.work, self.environment(ground)

    def one(self, ground: Ground, learner: str) -> float:
        """Grade one submission; return the wall seconds."""
        return at_a_time(1, [self._task(ground, learner)])

    def batch(self, ground: Ground, jobs: int) -> float:
        """Grade the class; return the wall seconds."""
        return at_a_time(jobs, [self._task(ground, name) for name in ground.learners])

    def passed(self, ground: Ground) -> dict[str, bool]:
        """Return who passed everything, by the JSON files."""
        files = {path.stem: json.loads(path.read_text()) for path in ground.work.glob("*.json")}
        return {
            learner: all(test["status"] == "passed" for test in report["tests"])
            for learner, report in files.items()
        }


class Otter(Peer):
    """otter-grader: a notebook that names the app's folder, and a test file."""

    slug = "otter"
    single = "otter run"
    way = "otter's grade_submission in a pool"

    def prepare(self, ground: Ground) -> None:
        """Write the autograder's zip and a notebook for each learner."""
        super().prepare(ground)
        with zipfile.ZipFile(ground.work / "autograder.zip", "w") as file:
            file.write(self.files / "lesson4.py", "tests/lesson4.py")
            file.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for learner in ground.learners:
            notebook = _notebook(f"FOLDER = {str(ground.folder / learner)!r}")
            (ground.work / f"{learner}.ipynb").write_text(json.dumps(notebook))

    def one(self, ground: Ground, learner: str) -> float:
        """Grade one submission; return the wall seconds."""
        program = (ground.program("otter"), "run", f"{learner}.ipynb")
        command: Command = [*program, "-a", "autograder.zip", "-o", ".", "--no-logo"]
        return at_a_time(1, [(command, ground.work, self.environment(ground))])

    def batch(self, ground: Ground, jobs: int) -> float:
        """Grade the class; return the wall seconds."""
        notebooks = [f"{name}.ipynb" for name in ground.learners]
        program = (ground.program("python"), self.files / "batch.py")
        command: Command = [*program, "autograder.zip", str(jobs), "scores.json", *notebooks]
        return at_a_time(1, [(command, ground.work, self.environment(ground))])

    def passed(self, ground: Ground) -> dict[str, bool]:
        """Return who got all points."""
        scores = json.loads((ground.work / "scores.json").read_text())
        return {learner: score == 1 for learner, score in scores.items()}


def _notebook(source: str) -> dict[str, object]:
    cell: dict[str, object] = {"cell_type": "code", "id": "folder", "metadata": {}}
    cell |= {"source": source, "execution_count": None, "outputs": []}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


class Nbgrader(Peer):
    """nbgrader: a notebook with nine graded cells, the app beside it."""

    slug = "nbgrader"
    single = "nbgrader autograde"
    way = "nbgrader autograde, the class in parts"

    def prepare(self, ground: Ground) -> None:
        """Make its course: the assignment, and what was handed in."""
        super().prepare(ground)
        command: Command = [ground.program("python"), self.files / "make.py", ground.folder]
        run(command, cwd=ground.work, env=self.environment(ground), status=[0])

    def _task(self, ground: Ground, students: str) -> Task:
        program = (ground.program("nbgrader"), "autograde", "ps1", "--force")
        return [*program, f"--student={students}"], ground.work, self.environment(ground)

    def one(self, ground: Ground, learner: str) -> float:
        """Grade one submission; return the wall seconds."""
        return at_a_time(1, [self._task(ground, learner)])

    def batch(self, ground: Ground, jobs: int) -> float:
        """Grade the class; return the wall seconds."""
        digits = ["0123456789"[place::jobs] for place in range(jobs)]
        return at_a_time(jobs, [self._task(ground, f"*[{some}]") for some in digits])

    def passed(self, ground: Ground) -> dict[str, bool]:
        """Return who got all points, by the gradebook."""
        command = [str(ground.program("python")), str(self.files / "scores.py")]
        env = self.environment(ground)
        done = subprocess.run(command, cwd=ground.work, env=env, capture_output=True, check=True)
        return {learner: score == 1 for learner, score in json.loads(done.stdout).items()}


PEERS: tuple[Peer, ...] = (
    *(Check50(), Gradescope(), Pytest(), Nbgrader(), Otter()),
    PytestTogether(),
)
