"""Fixtures: open pages of learners' servers, and end all that was started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .driver import DIST, Engine, LearnerServer, Visit

Visitor = Callable[..., Visit]


@pytest.fixture(scope="package")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LearnerServer]:
    """One server with the usual app; each test puts its own page there."""
    server = LearnerServer(tmp_path_factory.mktemp("learner"), {})
    yield server
    server.stop()


@pytest.fixture(scope="package")
def shared_engine() -> Iterator[Engine]:
    """One engine; each test opens its own page in it."""
    if not (DIST / "page.cjs").is_file():
        pytest.fail("The page engine is not built: run `node build.mjs` in checker/stage/page.")
    engine = Engine(lifetime=600)
    yield engine
    engine.stop()


@pytest.fixture
def visit(tmp_path: Path, shared_server: LearnerServer, shared_engine: Engine) -> Iterator[Visitor]:
    """``visit(html, files, path, app, node)``: serve a page and open it through the witness.

    With ``app``, the page is served by that program; with ``node``, by an engine of its own.
    """
    with ExitStack() as stack:

        def start(
            html: str | None = None,
            files: dict[str, str] | None = None,
            path: str = "",
            app: str | None = None,
            node: str | None = None,
        ) -> Visit:
            pages = {"templates/index.html": html} if html is not None else {}
            pages |= files or {}
            if app is None:
                server = shared_server
                server.put(pages)
            else:
                server = LearnerServer(tmp_path, {**pages, "app.py": app})
                stack.callback(server.stop)
            engine = shared_engine
            if node is not None:
                engine = Engine(node)
                stack.callback(engine.stop)
            page = Visit(server, engine, path)
            stack.callback(page.close)
            return page

        yield start
