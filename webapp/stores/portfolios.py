"""A learner's whole work, read and written in one transaction, and kept in parcels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from checker.report import SubmissionResult
from webapp.stores.portfolio import Coming, Given, Key, Portfolio, Proof, Work
from webapp.stores.store import Store
from webapp.stores.tables import (
    AnswerRow,
    CardRow,
    FileRow,
    HintRow,
    LessonRow,
    ParcelRow,
    ProofRow,
    TaskRow,
)

Kind = Literal["waiting", "backup"]
BACKUPS_KEPT = 5
REPLACED = (FileRow, TaskRow, HintRow, ProofRow, LessonRow, AnswerRow, CardRow)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A portfolio as a file; ``at`` is when it was kept, in seconds since 1970."""

    id: int
    content: bytes
    at: float


class Portfolios:
    """The whole work of each learner."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, learner: int) -> Portfolio:
        """Return a learner's work; files as they are in the database."""
        with self._store.reading() as session:
            cards = session.scalars(select(CardRow).where(CardRow.learner == learner))
            coming = {(row.place, row.question): Coming(row.due, row.memory) for row in cards}
            return Portfolio(_works(session, learner), _answers(session, learner), coming)

    def write(self, learner: int, portfolio: Portfolio) -> None:
        """Put ``portfolio`` in the place of a learner's work, all or nothing.

        Kept versions and runs stay as they are.
        """
        with self._store.writing() as session:
            for table in REPLACED:
                session.execute(delete(table).where(table.learner == learner))
            for slug, work in portfolio.works.items():
                _write_work(session, learner, slug, work, self._store.clock())
            for (place, question), given in portfolio.answers.items():
                row = AnswerRow(learner=learner, place=place, question=question)
                row.choice, row.right, row.at = given.choice, given.right, given.at
                session.add(row)
            for (place, question), coming in portfolio.cards.items():
                card = CardRow(learner=learner, place=place, question=question, due=coming.due)
                card.memory = None if coming.memory is None else dict(coming.memory)
                session.add(card)

    def witness(
        self, learner: int, result: SubmissionResult, seal: str, versions: Any, sandbox: str
    ) -> None:
        """Keep a pass and what it was checked with; it takes the place of an earlier one."""
        row = ProofRow(learner=learner, lesson=result.lesson, checks=len(result.checks))
        row.points, row.max_points = result.points, result.max_points
        row.async_mode, row.digest, row.imported = result.async_mode, seal, False
        row.versions, row.sandbox, row.at = dict(versions), sandbox, self._store.clock()
        with self._store.writing() as session:
            session.merge(row)

    def keep(self, learner: int, kind: Kind, content: bytes) -> int:
        """Keep a parcel and return its number; beyond the most of its kind the oldest go."""
        most = BACKUPS_KEPT if kind == "backup" else 1
        with self._store.writing() as session:
            row = ParcelRow(learner=learner, kind=kind, content=content, at=self._store.clock())
            session.add(row)
            session.flush()
            mine = select(ParcelRow.id).where(ParcelRow.learner == learner, ParcelRow.kind == kind)
            old = session.scalars(mine.order_by(ParcelRow.id.desc()).offset(most)).all()
            session.execute(delete(ParcelRow).where(ParcelRow.id.in_(old)))
            return row.id

    def kept(self, learner: int, kind: Kind) -> list[Parcel]:
        """List a learner's parcels of one kind, newest first."""
        mine = select(ParcelRow).where(ParcelRow.learner == learner, ParcelRow.kind == kind)
        with self._store.reading() as session:
            rows = session.scalars(mine.order_by(ParcelRow.id.desc()))
            return [Parcel(row.id, row.content, row.at) for row in rows]

    def drop(self, learner: int, kind: Kind) -> None:
        """Throw a learner's parcels of one kind away."""
        with self._store.writing() as session:
            mine = (ParcelRow.learner == learner, ParcelRow.kind == kind)
            session.execute(delete(ParcelRow).where(*mine))


def _works(session: Session, learner: int) -> dict[str, Work]:
    files: dict[str, dict[str, bytes]] = {}
    tasks: dict[str, dict[int, float]] = {}
    hints: dict[str, dict[int, int]] = {}
    for file in session.scalars(select(FileRow).where(FileRow.learner == learner)):
        files.setdefault(file.lesson, {})[file.name] = file.content
    for task in session.scalars(select(TaskRow).where(TaskRow.learner == learner)):
        tasks.setdefault(task.lesson, {})[task.task] = task.at
    for hint in session.scalars(select(HintRow).where(HintRow.learner == learner)):
        hints.setdefault(hint.lesson, {})[hint.task] = hint.shown
    proofs = session.scalars(select(ProofRow).where(ProofRow.learner == learner))
    proven = {row.lesson: _proof(row) for row in proofs}
    rows = session.scalars(select(LessonRow).where(LessonRow.learner == learner))
    begun = {row.lesson: row for row in rows}
    return {
        slug: Work(
            started=begun[slug].started if slug in begun else 0.0,
            passed=begun[slug].passed if slug in begun else None,
            solution_asked=begun[slug].solution_asked if slug in begun else 0,
            tasks=tasks.get(slug, {}),
            hints=hints.get(slug, {}),
            files=files.get(slug),
            proof=proven.get(slug),
        )
        for slug in sorted({*begun, *files, *tasks, *hints, *proven})
    }


def _answers(session: Session, learner: int) -> dict[Key, Given]:
    newest = (
        select(func.max(AnswerRow.id))
        .where(AnswerRow.learner == learner)
        .group_by(AnswerRow.place, AnswerRow.question)
    )
    rows = session.scalars(select(AnswerRow).where(AnswerRow.id.in_(newest)))
    return {(row.place, row.question): Given(row.choice, row.right, row.at) for row in rows}


def _proof(row: ProofRow) -> Proof:
    return Proof(
        at=row.at,
        checks=row.checks,
        points=row.points,
        max_points=row.max_points,
        async_mode=row.async_mode,
        digest=row.digest,
        versions=row.versions,
        sandbox=row.sandbox,
        imported=row.imported,
    )


def _write_work(session: Session, learner: int, slug: str, work: Work, now: float) -> None:
    lesson = LessonRow(learner=learner, lesson=slug, started=work.started, passed=work.passed)
    lesson.solution_asked = work.solution_asked
    session.add(lesson)
    for task, at in work.tasks.items():
        session.add(TaskRow(learner=learner, lesson=slug, task=task, at=at))
    for task, shown in work.hints.items():
        session.add(HintRow(learner=learner, lesson=slug, task=task, shown=shown))
    for name, content in (work.files or {}).items():
        file = FileRow(learner=learner, lesson=slug, name=name, content=content)
        file.updated = now
        session.add(file)
    if work.proof is not None:
        row = ProofRow(learner=learner, lesson=slug, checks=work.proof.checks, at=work.proof.at)
        row.points, row.max_points = work.proof.points, work.proof.max_points
        row.async_mode, row.digest = work.proof.async_mode, work.proof.digest
        row.versions, row.sandbox = dict(work.proof.versions), work.proof.sandbox
        row.imported = work.proof.imported
        session.add(row)
