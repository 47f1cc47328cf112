"""Lint, format and types are tests like any other: plain ``pytest`` runs them all."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy", "checker", "webapp", "tests", "hatch_build.py"],
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", TOOLS)
def test_our_code_keeps_its_rules(name: str) -> None:
    expect_ok(TOOLS[name], ROOT)


@pytest.mark.timeout(600)
def test_the_checks_of_lessons_are_typed_too(tmp_path: Path) -> None:
    """A lesson's folder is a package when its checks run, under a name that mypy takes."""
    homes = sorted(path.parent for path in (ROOT / "lessons").rglob("checks.py"))
    for home in homes:
        package = tmp_path / re.sub(r"\W", "_", f"of/{home.relative_to(ROOT / 'lessons')}")
        package.mkdir()
        for path in home.glob("*.py"):
            shutil.copy(path, package)
    ours = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache")]
    expect_ok(["mypy", *ours, "."], tmp_path)


def expect_ok(command: list[str], folder: Path) -> None:
    """Run one of the tools in a folder; what it says is what the test says."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ | {"MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
