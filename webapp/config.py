"""Every setting of the web course, read once from the environment."""

from __future__ import annotations

import os
import re
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

    previews_at_once: int = 4
    """Learners' own apps that may run for their browsers, of all learners together."""
    preview_seconds: float = 3600.0
    preview_idle_seconds: float = 600.0
    """Seconds after which an app ends, at the latest, and when nobody uses it."""
    preview_origin: str = ""
    """Where browsers find previews, with `*` for the part of the host name that tells them apart
    (`https://*.preview.example.org`); empty: under `localhost`, for browsers of this machine."""
    preview_host: str = ""
    preview_port: int = 0
    """Where previews are listened for; empty and 0: this machine alone, a free port."""

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
            for name in ("runs_at_once", "runs_waiting", "runs_per_minute", "previews_at_once")
            if env.get(f"COURSE_{name.upper()}")
        }
        config = replace(
            config,
            preview_origin=_preview_origin(env),
            preview_host=env.get("COURSE_PREVIEW_HOST", ""),
            preview_port=_port(env, "COURSE_PREVIEW_PORT"),
        )
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


def _port(env: Mapping[str, str], name: str) -> int:
    text = env.get(name) or "0"
    if not text.isdecimal() or int(text) > 65535:
        raise ConfigError(f"{name} is {text!r}. It must be a port, 1 to 65535.")
    return int(text)


def _preview_origin(env: Mapping[str, str]) -> str:
    text = env.get("COURSE_PREVIEW_ORIGIN", "").rstrip("/")
    if text and not re.fullmatch(r"https?://\*\.[A-Za-z0-9.-]+(:\d{1,5})?", text):
        raise ConfigError(
            f"COURSE_PREVIEW_ORIGIN is {text!r}. It must be like https://*.preview.example.org."
        )
    return text


def _sandbox(env: Mapping[str, str]) -> Sandbox:
    text = env.get("COURSE_SANDBOX", "auto")
    if text not in get_args(Sandbox):
        raise ConfigError(f"COURSE_SANDBOX is {text!r}. It may be {', '.join(get_args(Sandbox))}.")
    return cast("Sandbox", text)
