"""A connection to the database, and its tables brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10
WRITES = "writes"
"""Execution option of connections that will write."""


class DatabaseError(RuntimeError):
    """The database cannot be used; the message is one sentence that names it."""


def open_engine(url: str) -> Engine:
    """Open a database; SQLite gets write-ahead logging and patience with other writers.

    Raises DatabaseError.
    """
    try:
        return _open(make_url(url))
    except (OSError, SQLAlchemyError) as error:
        raise DatabaseError(f"The database {url} cannot be opened: {_reason(error)}.") from None


def _open(address: URL) -> Engine:
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest form, or make them; raises DatabaseError."""
    try:
        _upgrade(engine)
    except (SQLAlchemyError, CommandError) as error:
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseError(f"The database {where} cannot be used: {_reason(error)}.") from None


def _upgrade(engine: Engine) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(getattr(cause, "strerror", None) or cause).rstrip(".")


def _prepare(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a reader that turns writer later could not wait for it.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
