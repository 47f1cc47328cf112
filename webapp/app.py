"""The factory: puts the rooms together. Nothing else."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial

from flask import Flask
from flask_socketio import SocketIO

from checker.lesson import Course, load_course
from checker.run import Pool, check_submission, lanes_of
from checker.workspace import Workspace
from webapp import guard
from webapp.assets import Assets
from webapp.bench.announcer import Announcer
from webapp.bench.events import Desk
from webapp.bench.preview_events import PreviewDesk, teller
from webapp.bench.previews import Previews
from webapp.bench.runs import Check, Runs
from webapp.bench.shelf import FolderShelf
from webapp.bench.watch import WorkspaceWatch
from webapp.bench.works import Works
from webapp.compressing import compress
from webapp.config import Config
from webapp.files import Files
from webapp.limits import Limiter
from webapp.modes import READY, perf, why
from webapp.modes.proxy import Proxy
from webapp.reading import programs
from webapp.reading.offline import edition_of, offline
from webapp.reading.pages import pages
from webapp.reading.problems import problems
from webapp.reading.prose import Library
from webapp.reading.search import Search
from webapp.reading.searching import searching
from webapp.rooms import KEY, Rooms
from webapp.stores.deck import Deck
from webapp.stores.portfolios import Portfolios
from webapp.stores.progress import Progress
from webapp.stores.store import Store
from webapp.yours.yours import yours

CLOSE = "course-close"
MOST_PACKET_BYTES = 256 * 1024


def create_app(
    config: Config | None = None,
    *,
    course: Course | None = None,
    assets: Assets | None = None,
    pool: Pool | None = None,
) -> Flask:
    """Build the course's Flask app, ready to serve, with its Socket.IO server attached.

    Without ``pool`` it opens one. `close` ends what it started; so does leaving the interpreter.
    Raises NotBuilt, ConfigError, CourseError, WorkspaceError or SandboxError.
    """
    config = config or Config.from_environ()
    course = course or load_course()
    assets = assets or Assets.load()
    stack = ExitStack()
    atexit.register(stack.close)
    # One thread for each connection's messages, in order: a flood only delays its sender.
    socketio = SocketIO(
        async_mode="threading",
        async_handlers=False,
        manage_session=False,
        max_http_buffer_size=MOST_PACKET_BYTES,
    )
    pool = pool or stack.enter_context(_open_pool(config))
    rooms, announcer = _furnish(config, course, assets, pool, socketio, stack)
    desk = Desk(rooms, announcer)
    socketio.on_namespace(desk)
    socketio.on_namespace(PreviewDesk(rooms))
    app = Flask("webapp")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions.update({KEY: rooms, CLOSE: stack.close})
    guard.install(app)
    app.after_request(compress)
    stack.callback(why.install(app, socketio, rooms))
    stack.callback(perf.install(app, socketio, rooms, pool))
    programs.install(app, rooms, pool)
    for blueprint in (pages, problems, programs.bp, searching, yours, offline, *READY):
        app.register_blueprint(blueprint)
    socketio.init_app(app)
    app.wsgi_app = Proxy(app.wsgi_app)  # type: ignore[assignment, method-assign]
    if config.workspace:
        saved = partial(_show_saved, rooms, announcer, desk)
        refused = partial(_show_refused, announcer, desk)
        stack.callback(WorkspaceWatch(config.workspace, rooms.shelves, saved, refused).close)
    return app


def close(app: Flask) -> None:
    """End what `create_app` started: runs, the sandbox, the database."""
    closing: Callable[[], None] = app.extensions[CLOSE]
    atexit.unregister(closing)
    closing()


def _furnish(
    config: Config,
    course: Course,
    assets: Assets,
    pool: Pool,
    socketio: SocketIO,
    stack: ExitStack,
) -> tuple[Rooms, Announcer]:
    store = Store(config.database)
    stack.callback(store.close)
    workspace = Workspace.start(config.workspace, course).workspace if config.workspace else None
    witness = partial(Portfolios(store).witness, versions=pool.versions, sandbox=pool.sandbox)
    progress = Progress(course, store, workspace, witness)
    announcer = Announcer(socketio, progress)
    runs = Runs(_check_in(pool), announcer, config.runs_at_once, config.runs_waiting)
    stack.callback(runs.close)
    previews = Previews(pool, config, teller(socketio))
    stack.callback(previews.close)
    rooms = Rooms(
        config=config,
        course=course,
        works=Works(course),
        assets=assets,
        store=store,
        progress=progress,
        deck=Deck(course, progress, store),
        library=Library(course),
        search=Search(course),
        edition=edition_of(course),
        runs=runs,
        previews=previews,
        shelves=_shelves(workspace, course) if workspace else {},
        posts=Limiter(config.posts_per_second, config.posts_per_second * 10),
        versions=pool.versions,
        sandbox=pool.sandbox,
    )
    return rooms, announcer


def _open_pool(config: Config) -> Pool:
    pool = Pool.open(config.sandbox)
    pool.expect_many("app", "script", "green")
    return pool


def _check_in(pool: Pool) -> Check:
    return lambda lesson, submission, cancel: check_submission(
        lesson, submission, stage_pool=pool, cancel=cancel, lanes=lanes_of(lesson)
    )


def _shelves(workspace: Workspace, course: Course) -> dict[str, FolderShelf]:
    return {item.slug: FolderShelf(workspace.folder(item)) for item in course.lessons}


def _show_saved(rooms: Rooms, announcer: Announcer, desk: Desk, slug: str, files: Files) -> None:
    """A file was saved in the workspace: show it to the open pages, and check again."""
    lesson = rooms.course.find(slug)
    for learner in desk.watchers(slug):
        announcer.files_changed(learner, slug, files, skip=None)
        desk.check(rooms.bench(learner, lesson))


def _show_refused(announcer: Announcer, desk: Desk, slug: str, why: str) -> None:
    """What lies in the workspace cannot be read: say so at once, and not at the next save."""
    for learner in desk.watchers(slug):
        announcer.files_refused(learner, slug, why)
