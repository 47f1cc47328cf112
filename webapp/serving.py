"""Serving the course from the command line: which settings, which port, and until when."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from webapp.app import close, create_app
from webapp.config import LOOPBACK, Config, ConfigError

if TYPE_CHECKING:
    from flask import Flask

TRIES = 20
"""Ports tried after the one asked for."""


def run(host: str, port: int, workspace: Path | None) -> None:
    """Serve the course until somebody stops it; raises ConfigError."""
    config = settings(Config.from_environ(), host, workspace)
    chosen = free_port(host, port)
    app = create_app(config)
    try:
        _refuse_strangers_without_walls(app, host, config)
        if chosen != port and port:
            click.echo(f"Port {port} is taken, so the course uses port {chosen}.")
        click.echo(f"The course is at http://{_shown(host)}:{chosen}/")
        if config.workspace:
            click.echo(f"It works on your files in {config.workspace}.")
        click.echo("Press Ctrl-C to stop it. Your work is kept.")
        _serve(app, host, chosen)
    finally:
        close(app)


def settings(config: Config, host: str, workspace: Path | None) -> Config:
    """Return the settings for serving at ``host``; raises ConfigError.

    A workspace keeps its own database. A course for others answers to any name, unless
    COURSE_HOSTS says which.
    """
    if workspace:
        config = replace(config, workspace=workspace.resolve())
    if config.workspace and not _is_local(host):
        raise ConfigError("A workspace is one person's own; leave --host at 127.0.0.1.")
    if config.workspace and config.database == Config.from_environ().database:
        database = config.workspace / ".course" / "course.sqlite3"
        config = replace(config, database=f"sqlite:///{database}")
    if not _is_local(host) and config.hosts == LOOPBACK:
        config = replace(config, hosts=())
    return config


def free_port(host: str, port: int) -> int:
    """Return ``port``, or the next one that nobody listens on; raises ConfigError."""
    for candidate in range(port, min(port + TRIES, 65535) + 1):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host.strip("[]"), candidate))
            except OSError as error:
                if error.errno in (errno.EADDRINUSE, errno.EACCES):
                    continue
                raise ConfigError(f"{host} is not an address of this machine.") from None
            return int(probe.getsockname()[1])
    raise ConfigError(f"Ports {port} to {port + TRIES} are all taken; choose another --port.")


def _serve(app: Flask, host: str, port: int) -> None:
    """Serve until Ctrl-C or a polite kill."""
    from flask_socketio import SocketIO

    for polite in (signal.SIGINT, signal.SIGTERM):
        signal.signal(polite, signal.default_int_handler)
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    logging.getLogger("engineio.server").addFilter(_is_no_clients_fault)
    socketio = cast("SocketIO", app.extensions["socketio"])
    _say_nothing_of_flask()
    with suppress(KeyboardInterrupt):
        # Where stdin is no terminal (a service, a test), Flask-SocketIO would refuse to start.
        socketio.run(
            app, host=host.strip("[]"), port=port, allow_unsafe_werkzeug=True, use_reloader=False
        )
    click.echo("\nStopped.")


def _is_no_clients_fault(record: logging.LogRecord) -> bool:
    """Keep the terminal free of what Engine.IO says of odd requests: it has answered them."""
    return "further occurrences of this error" not in record.getMessage()


def _say_nothing_of_flask() -> None:
    """Keep Flask from printing its banner over our three lines."""
    import flask.cli

    flask.cli.show_server_banner = lambda *_: None


def _refuse_strangers_without_walls(app: Flask, host: str, config: Config) -> None:
    if _is_local(host) or config.sandbox != "auto" or app.extensions["course"].sandbox != "process":
        return
    raise ConfigError(
        "This machine has no walls round learners' code, so the course is not offered to others. "
        "If you trust everyone who can reach it, set COURSE_SANDBOX=process."
    )


def _is_local(host: str) -> bool:
    return host.strip("[]") in (*LOOPBACK, "::1")


def _shown(host: str) -> str:
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
