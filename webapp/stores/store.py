"""What is kept between visits: the only room with SQL."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from webapp.files import Files, digest, pack, unpack
from webapp.stores.database import WRITES, migrate, open_engine
from webapp.stores.records import Answer, LastRun, Reached, Version
from webapp.stores.tables import (
    AnswerRow,
    FileRow,
    HintRow,
    LearnerRow,
    LessonRow,
    RunRow,
    TaskRow,
    VersionRow,
)

__all__ = ["RUNS_KEPT", "Answer", "LastRun", "Reached", "Store", "Version"]

RUNS_KEPT = 30


class Store:
    """The database. Every method is one transaction; all may be called from any thread.

    The rooms in `webapp.stores` keep more, through `reading` and `writing`.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self._engine = open_engine(url)
        self._writer = self._engine.execution_options(**{WRITES: True})
        migrate(self._engine)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads."""
        with Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a transaction that may write; it is kept if nothing is raised."""
        with Session(self._writer) as session, session.begin():
            yield session

    def _begin(self, session: Session, learner: int, lesson: str) -> LessonRow:
        """Return the row of a lesson that this learner works on, made now if need be."""
        row = session.get(LessonRow, (learner, lesson))
        if row is None:
            row = LessonRow(learner=learner, lesson=lesson, started=self.clock())
            row.solution_asked = 0
            session.add(row)
        return row

    # ------------------------------------------------------------ learners

    def find_learner(self, token: str) -> int | None:
        """Return the number of the learner with this cookie, if there is one."""
        with self.reading() as session:
            return session.scalar(_by_token(token))

    def admit_learner(self, token: str) -> int:
        """Return the number of the learner with this cookie, made now if need be."""
        with self.writing() as session:
            known = session.scalar(_by_token(token))
            if known is not None:
                return known
            row = LearnerRow(token_hash=_hash(token), created=self.clock())
            session.add(row)
            session.flush()
            return row.id

    # ------------------------------------------------------------ files

    def files(self, learner: int, lesson: str) -> dict[str, bytes] | None:
        """Return the learner's files, or None for a lesson that they have not changed yet."""
        with self.reading() as session:
            return _read_files(session, learner, lesson) or None

    def change_files(
        self,
        learner: int,
        lesson: str,
        starter: Files,
        change: Callable[[dict[str, bytes]], Files],
    ) -> dict[str, bytes]:
        """Replace the learner's files by ``change(files)``, all or nothing, and return them.

        ``starter`` is what a lesson begins with. What ``change`` raises undoes everything.
        """
        with self.writing() as session:
            self._begin(session, learner, lesson)
            before = _read_files(session, learner, lesson)
            after = dict(change(dict(before or starter)))
            for name in before.keys() - after.keys():
                session.execute(delete(FileRow).where(_file(learner, lesson, name)))
            for name, content in after.items():
                if before.get(name) != content:
                    row = FileRow(learner=learner, lesson=lesson, name=name, content=content)
                    row.updated = self.clock()
                    session.merge(row)
            return after

    # ------------------------------------------------------------ versions

    def keep_version(
        self,
        learner: int,
        lesson: str,
        reason: str,
        files: Files,
        *,
        most: int,
        pause: float = 0.0,
    ) -> None:
        """Keep ``files``, unless the newest version is the same or younger than ``pause`` seconds.

        Beyond ``most`` versions the oldest go.
        """
        with self.writing() as session:
            mine = (VersionRow.learner == learner, VersionRow.lesson == lesson)
            newest = select(VersionRow).where(*mine).order_by(VersionRow.id.desc())
            latest = session.scalars(newest.limit(1)).first()
            seal = digest(files)
            if latest and (latest.digest == seal or self.clock() - latest.at < pause):
                return
            row = VersionRow(learner=learner, lesson=lesson, reason=reason, digest=seal)
            row.files, row.at = pack(files), self.clock()
            session.add(row)
            session.flush()
            too_old = session.scalars(newest.with_only_columns(VersionRow.id).offset(most)).all()
            session.execute(delete(VersionRow).where(VersionRow.id.in_(too_old)))

    def versions(self, learner: int, lesson: str) -> list[Version]:
        """List the kept versions, newest first."""
        with self.reading() as session:
            rows = session.scalars(
                select(VersionRow)
                .where(VersionRow.learner == learner, VersionRow.lesson == lesson)
                .order_by(VersionRow.id.desc())
            )
            return [Version(r.id, r.reason, r.at, tuple(sorted(unpack(r.files)))) for r in rows]

    def version(self, learner: int, lesson: str, number: int) -> dict[str, bytes] | None:
        """Return the files of one version of this learner's, or None."""
        with self.reading() as session:
            row = session.get(VersionRow, number)
            if row is None or (row.learner, row.lesson) != (learner, lesson):
                return None
            return unpack(row.files)

    # ------------------------------------------------------------ answers and hints

    def add_answer(self, learner: int, place: str, question: str, choice: int, right: bool) -> None:
        """Keep an answer to a question of the page or lesson ``place``."""
        with self.writing() as session:
            row = AnswerRow(learner=learner, place=place, question=question, choice=choice)
            row.right, row.at = right, self.clock()
            session.add(row)

    def answers(self, learner: int) -> dict[str, dict[str, Answer]]:
        """Return the newest answers by place and question."""
        newest = (
            select(func.max(AnswerRow.id))
            .where(AnswerRow.learner == learner)
            .group_by(AnswerRow.place, AnswerRow.question)
        )
        found: dict[str, dict[str, Answer]] = {}
        with self.reading() as session:
            for row in session.scalars(select(AnswerRow).where(AnswerRow.id.in_(newest))):
                found.setdefault(row.place, {})[row.question] = Answer(row.choice, row.right)
        return found

    def show_hint(self, learner: int, lesson: str, task: int, shown: int) -> int:
        """Note that ``shown`` hints of a task are shown, and never fewer again; return how many."""
        with self.writing() as session:
            row = session.get(HintRow, (learner, lesson, task))
            if row is None:
                row = HintRow(learner=learner, lesson=lesson, task=task, shown=0)
                session.add(row)
            row.shown = max(row.shown, shown)
            return row.shown

    def hints(self, learner: int, lesson: str) -> dict[int, int]:
        """Return how many hints are shown, by task."""
        with self.reading() as session:
            rows = session.scalars(
                select(HintRow).where(HintRow.learner == learner, HintRow.lesson == lesson)
            )
            return {row.task: row.shown for row in rows}

    def ask_solution(self, learner: int, lesson: str) -> int:
        """Count one more request for a lesson's solution; return how many there were."""
        with self.writing() as session:
            row = self._begin(session, learner, lesson)
            row.solution_asked += 1
            return row.solution_asked

    # ------------------------------------------------------------ runs and progress

    def add_run(self, learner: int, lesson: str, result: Mapping[str, Any], seal: str) -> None:
        """Keep a finished run, and the tasks that it shows as done."""
        now = self.clock()
        with self.writing() as session:
            row = RunRow(learner=learner, lesson=lesson, status=result["status"], digest=seal)
            row.result, row.at = dict(result), now
            session.add(row)
            session.flush()
            begun = self._begin(session, learner, lesson)
            if begun.passed is None and result["status"] == "passed":
                begun.passed = now
            for task in _tasks_done(result):
                if session.get(TaskRow, (learner, lesson, task)) is None:
                    session.add(TaskRow(learner=learner, lesson=lesson, task=task, at=now))
            mine = select(RunRow.id).where(RunRow.learner == learner, RunRow.lesson == lesson)
            old = session.scalars(mine.order_by(RunRow.id.desc()).offset(RUNS_KEPT)).all()
            session.execute(delete(RunRow).where(RunRow.id.in_(old)))

    def last_run(self, learner: int, lesson: str) -> LastRun | None:
        """Return the newest finished run of a lesson."""
        with self.reading() as session:
            row = session.scalars(
                select(RunRow)
                .where(RunRow.learner == learner, RunRow.lesson == lesson)
                .order_by(RunRow.id.desc())
                .limit(1)
            ).first()
            return LastRun(row.result, row.digest, row.at) if row else None

    def reached(self, learner: int) -> dict[str, Reached]:
        """Return how far the learner is, for each lesson that they have begun."""
        with self.reading() as session:
            tasks: dict[str, set[int]] = {}
            for done in session.scalars(select(TaskRow).where(TaskRow.learner == learner)):
                tasks.setdefault(done.lesson, set()).add(done.task)
            rows = session.scalars(select(LessonRow).where(LessonRow.learner == learner))
            return {r.lesson: Reached(r.passed, frozenset(tasks.get(r.lesson, ()))) for r in rows}


def _tasks_done(result: Mapping[str, Any]) -> set[int]:
    tasks = {check["task"] for check in result["checks"]}
    return tasks - {check["task"] for check in result["checks"] if check["outcome"] != "passed"}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _by_token(token: str) -> Select[int]:
    return select(LearnerRow.id).where(LearnerRow.token_hash == _hash(token))


def _file(learner: int, lesson: str, name: str) -> ColumnElement[bool]:
    mine = (FileRow.learner == learner) & (FileRow.lesson == lesson)
    return mine & (FileRow.name == name)


def _read_files(session: Session, learner: int, lesson: str) -> dict[str, bytes]:
    rows = session.scalars(
        select(FileRow).where(FileRow.learner == learner, FileRow.lesson == lesson)
    )
    return {row.name: row.content for row in rows}
