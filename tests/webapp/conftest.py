"""Each test gets a fresh database, and the small course of `site`."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checker.lesson import Course, load_course
from checker.run import Pool
from tests.webapp.site import ASSETS, FIXTURES, Wire, visitor
from webapp.app import close, create_app
from webapp.config import Config
from webapp.stores.store import Store

MakeSite = Callable[..., Flask]


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with Pool.open() as opened:
        yield opened


@pytest.fixture
def course(tmp_path: Path) -> Course:
    root = tmp_path / "course"
    shutil.copytree(FIXTURES / "course", root)
    return load_course(root)


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables made, to be copied: making them is the slow part."""
    path = tmp_path_factory.mktemp("database") / "blank.sqlite3"
    Store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def config(tmp_path: Path, blank_database: Path) -> Config:
    shutil.copy(blank_database, tmp_path / "course.sqlite3")
    return Config(f"sqlite:///{tmp_path / 'course.sqlite3'}", events_per_second=1000)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    opened = Store(config.database)
    yield opened
    opened.close()


@pytest.fixture
def make_site(config: Config, course: Course, pool: Pool) -> Iterator[MakeSite]:
    """Make a site; keyword arguments change its settings. The same database is used each time."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        made.append(create_app(replace(config, **changes), course=course, assets=ASSETS, pool=pool))
        return made[-1]

    yield make
    for app in made:
        close(app)


@pytest.fixture
def site(make_site: MakeSite) -> Flask:
    return make_site()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A browser that has loaded the contents page, and so has its cookie."""
    return visitor(site)


@pytest.fixture
def wire(site: Flask, client: FlaskClient) -> Iterator[Wire]:
    opened = Wire(site, client)
    yield opened
    if opened.raw.is_connected():
        opened.raw.disconnect()


@pytest.fixture(scope="session")
def real_site(
    tmp_path_factory: pytest.TempPathFactory, blank_database: Path, pool: Pool
) -> Iterator[Flask]:
    """The course itself, for tests that leave it as it was."""
    database = tmp_path_factory.mktemp("real") / "course.sqlite3"
    shutil.copy(blank_database, database)
    app = create_app(Config(f"sqlite:///{database}"), assets=ASSETS, pool=pool)
    yield app
    close(app)
