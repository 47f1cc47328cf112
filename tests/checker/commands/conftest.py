"""A small course to give commands on, in an empty folder, and a workspace."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from checker.cli import course
from checker.commands import console
from tests.checker.small_course import SOLUTION, NoPool, write_course, write_project

Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `course` with arguments, in an empty folder, with a course of two lessons."""
    root = write_course(tmp_path / "course")
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("COURSE_LESSONS", str(root))
    monkeypatch.chdir(tmp_path / "home")
    monkeypatch.setattr(console, "open_pool", lambda *_: NoPool())

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(course, arguments, prog_name="course")

    return run


@pytest.fixture
def mine(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Start a workspace and step into it."""
    assert run("start").exit_code == 0
    monkeypatch.chdir("my-course")
    return Path.cwd()


@pytest.fixture
def project(run: Run, mine: Path) -> Path:
    """Add a project of two stages to the course, and its folder to the workspace."""
    write_project(Path(os.environ["COURSE_LESSONS"]))
    assert run("start").exit_code == 0
    return mine / "project"


def solve(folder: Path, solution: bytes = SOLUTION) -> None:
    (folder / "app.py").write_bytes(solution)
