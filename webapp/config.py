"""Every setting of the web course, read once from the environment."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast, get_args

Sandbox = Literal["auto", "process", "bubblewrap"]

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class ConfigError(ValueError):
    """A setting that cannot be used; the message names it and says what it may be."""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings. Times are seconds, sizes are bytes, rates are per second."""

    database: str
    """SQLAlchemy URL."""
    workspace: Path | None = None
    """The one learner's own folder, if the course is served beside their editor."""
    hosts: tuple[str, ...] = LOOPBACK
    """Host names that the course answers to; empty: any."""
    secure_cookie: bool = False
    """Set for a course served over HTTPS."""
    sandbox: Sandbox = "auto"
    """The walls round a learner's code; `auto` takes the best that the machine has."""
    runs_at_once: int = 2
    runs_waiting: int = 200
    """Checks that may wait for a place before the next is turned away."""
    runs_per_minute: int = 40
    """For each learner."""
    events_per_second: int = 20
    """For each connection, and twice as many for each learner; bursts of five times as many."""
    connections: int = 8
    """For each learner."""
    posts_per_second: int = 10
    """Forms, for each learner; and newcomers, for each address. Bursts of ten times as many."""
    file_bytes: int = 64 * 1024
    files: int = 20
    """Files a learner may have in one lesson."""
    versions: int = 60
    """Versions kept for each learner and lesson; the oldest go first."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read `COURSE_*` variables; raises ConfigError for one that makes no sense."""
        env = os.environ if environ is None else environ
        database = env.get("COURSE_DATABASE") or f"sqlite:///{data_dir(env) / 'course.sqlite3'}"
        config = cls(database, runs_at_once=default_runs(), sandbox=_sandbox(env))
        if env.get("COURSE_WORKSPACE"):
            config = replace(config, workspace=Path(env["COURSE_WORKSPACE"]).resolve())
        if "COURSE_HOSTS" in env:
            config = replace(config, hosts=tuple(env["COURSE_HOSTS"].replace(",", " ").split()))
        counts: dict[str, Any] = {
            name: _count(env, f"COURSE_{name.upper()}")
            for name in ("runs_at_once", "runs_waiting", "runs_per_minute")
            if env.get(f"COURSE_{name.upper()}")
        }
        return replace(config, secure_cookie=env.get("COURSE_HTTPS", "0") != "0", **counts)


def default_runs() -> int:
    """Return how many checks may run at once: one for each processor, two to eight."""
    return max(2, min(8, os.cpu_count() or 2))


def data_dir(environ: Mapping[str, str]) -> Path:
    """Return the folder for the course's database: COURSE_DATA, or the user's data folder."""
    chosen = environ.get("COURSE_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    home = Path.home()
    if sys.platform == "win32":
        base = Path(environ.get("LOCALAPPDATA") or home / "AppData/Local")
    elif sys.platform == "darwin":
        base = home / "Library/Application Support"
    else:
        base = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
    return base / "flask-socketio-course"


def _count(env: Mapping[str, str], name: str) -> int:
    text = env[name]
    if not text.isdecimal() or int(text) < 1:
        raise ConfigError(f"{name} is {text!r}. It must be a whole number, 1 or more.")
    return int(text)


def _sandbox(env: Mapping[str, str]) -> Sandbox:
    text = env.get("COURSE_SANDBOX", "auto")
    if text not in get_args(Sandbox):
        raise ConfigError(f"COURSE_SANDBOX is {text!r}. It may be {', '.join(get_args(Sandbox))}.")
    return cast("Sandbox", text)
