"""What is shipped, and the build hook that makes the JavaScript part of it."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

import hatch_build
from hatch_build import Part

ROOT = Path(__file__).parents[1]


@pytest.fixture
def part(tmp_path: Path) -> Part:
    """Make a part whose build copies one file."""
    source = tmp_path / "source"
    (source / "src").mkdir(parents=True)
    (source / "package.json").write_text("{}")
    (source / "package-lock.json").write_text("{}")
    (source / "build.mjs").write_text("// copies")
    (source / "src" / "main.ts").write_text("main")
    return Part(source, tmp_path / "dist")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a ``node`` and an ``npm`` on PATH that only note what they were asked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    _script(folder / "npm", 'echo "npm $*" >> calls')
    _script(folder / "node", '[ "$1" = --version ] && echo v20.1.0 || echo "node $*" >> calls')
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


def _script(path: Path, content: str) -> None:
    path.write_text(f"#!/bin/sh\n{content}\n")
    path.chmod(0o755)


# ---------------------------------------------------------------- the build hook


def test_what_is_not_there_yet_is_not_built(tmp_path: Path, part: Part) -> None:
    assert hatch_build.stale(tmp_path) == []
    assert part.exists
    (part.source / "package-lock.json").unlink()
    assert not part.exists


def test_a_build_is_stamped_and_not_repeated(part: Part, tools: Path) -> None:
    before = part.is_fresh
    hatch_build.build(part)
    assert (before, part.is_fresh) == (False, True)
    assert (part.source / "calls").read_text().splitlines() == [
        "npm ci --no-audit --no-fund --prefer-offline --ignore-scripts",
        "node build.mjs",
    ]


@pytest.mark.parametrize("name", ["src/main.ts", "src/new.css", "package-lock.json", "build.mjs"])
def test_a_changed_source_makes_it_stale(part: Part, tools: Path, name: str) -> None:
    hatch_build.build(part)
    (part.source / name).write_text("changed")
    assert not part.is_fresh


@pytest.mark.parametrize("name", ["node_modules/x/x.js", "dist/x.js", "__init__.py", "README.md"])
def test_what_is_no_source_does_not(part: Part, tools: Path, name: str) -> None:
    hatch_build.build(part)
    (part.source / name).parent.mkdir(parents=True, exist_ok=True)
    (part.source / name).write_text("changed")
    assert part.is_fresh


def test_packages_are_fetched_again_only_for_another_lock(part: Part, tools: Path) -> None:
    for name in ("src/main.ts", "src/main.ts", "package-lock.json"):
        hatch_build.build(part)
        (part.source / name).write_text(f"{name} changed")
    hatch_build.build(part)
    calls = (part.source / "calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == ["npm", "node", "node", "node", "npm", "node"]


def test_a_failed_build_leaves_no_stamp(part: Part, tools: Path) -> None:
    hatch_build.build(part)
    (part.source / "src" / "main.ts").write_text("broken")
    _script(tools / "node", '[ "$1" = --version ] && echo v20.1.0 || exit 1')
    with pytest.raises(subprocess.CalledProcessError):
        hatch_build.build(part)
    assert not (part.dist / "STAMP").exists()


@pytest.mark.parametrize(
    ("said", "found"), [("v20.1.0", True), ("v24.0.0", True), ("v18.20.4", False), ("?", False)]
)
def test_only_a_new_enough_node_is_taken(tools: Path, said: str, found: bool) -> None:
    _script(tools / "node", f"echo {said}")
    assert (hatch_build.node_on_path() is not None) == found


def test_without_node_on_path_the_wheel_is_asked_for(
    tmp_path: Path, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hatch_build, "stale", lambda _: [part])
    monkeypatch.setattr(hatch_build, "node_on_path", lambda: None)
    hook = object.__new__(hatch_build.JavaScriptBuildHook)
    monkeypatch.setattr(hatch_build.JavaScriptBuildHook, "root", str(tmp_path))
    assert hook.dependencies() == [hatch_build.NODE_WHEEL]
    monkeypatch.setattr(hatch_build, "node_on_path", lambda: ("node", ["npm"]))
    assert hook.dependencies() == []


def test_node_of_the_wheel_is_there_and_brings_npm() -> None:
    found = hatch_build.node_from_wheel()
    assert found is not None
    node, npm = found
    done = subprocess.run([*npm, "--version"], capture_output=True, text=True, check=True)
    assert Path(node).is_file()
    assert int(done.stdout.split(".")[0]) >= 9


def test_the_front_end_of_this_checkout_is_built() -> None:
    parts = [str(part.source.relative_to(ROOT)) for part in hatch_build.stale(ROOT)]
    assert parts == [], "run `uv sync --reinstall-package flask-socketio-course`"


# ---------------------------------------------------------------- the wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(built)


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        "checker/_lessons/course.toml",
        "checker/_lessons/01-install/starter/app.py",
        "checker/_lessons/04-event-handlers/silence.py",
        "checker/stage/inside/walls.py",
        "checker/stage/page/dist/",
        "checker/traps.toml",
        "webapp/static/dist/",
        "webapp/templates/",
        "webapp/stores/migrations/",
    ],
)
def test_the_wheel_carries_what_the_program_needs(wheel: zipfile.ZipFile, name: str) -> None:
    assert any(item.startswith(name) for item in wheel.namelist())


@pytest.mark.long
@pytest.mark.parametrize("part", ["node_modules", "webapp/frontend", "tests/", "__pycache__"])
def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile, part: str) -> None:
    assert [item for item in wheel.namelist() if part in item] == []


@pytest.mark.long
def test_the_installed_program_finds_its_lessons(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    program = (
        "import sys, checker; print(checker.__file__); "
        "sys.argv = ['course', 'solution', '1', '--yes']; from webapp.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path / "site"))
    assert "--- app.py ---" in done.stdout


# ---------------------------------------------------------------- two commands


def test_ci_runs_the_readmes_test_command() -> None:
    script = (ROOT / ".ci/run").read_text()
    assert os.access(ROOT / ".ci/run", os.X_OK)
    command = script.splitlines()[-1]
    assert command.endswith("uv run pytest")
    assert command in (ROOT / "README.md").read_text().splitlines()


def test_the_development_group_is_the_test_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    name = project["project"]["name"]
    assert project["dependency-groups"]["dev"] == [f"{name}[test]"]
    assert project["tool"]["uv"]["python-downloads"] == "never"
