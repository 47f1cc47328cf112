"""Lint, format and types are tests like any other: plain ``pytest`` runs them all."""

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
    tool, *arguments = TOOLS[name]
    done = subprocess.run(
        [sys.executable, "-m", tool, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{' '.join([tool, *arguments])}\n{done.stdout}{done.stderr}"
