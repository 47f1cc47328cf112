"""The database's tables. All times are seconds since 1970; all texts are UTF-8."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAME = 120
"""Characters of a lesson's, file's or question's name."""


class Base(DeclarativeBase):
    """What all tables share: names for constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _learner(*, primary: bool = False) -> Mapped[int]:
    return mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=primary)


class LearnerRow(Base):
    """Someone with a cookie. Only a hash of the cookie is kept."""

    __tablename__ = "learner"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created: Mapped[float]


class LessonRow(Base):
    """A lesson that a learner has begun."""

    __tablename__ = "lesson"
    learner: Mapped[int] = _learner(primary=True)
    lesson: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    started: Mapped[float]
    passed: Mapped[float | None]
    solution_asked: Mapped[int] = mapped_column(default=0)


class FileRow(Base):
    """One of a learner's files as it is now."""

    __tablename__ = "file"
    learner: Mapped[int] = _learner(primary=True)
    lesson: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    updated: Mapped[float]


class VersionRow(Base):
    """All of a learner's files in one lesson, as they once were."""

    __tablename__ = "version"
    __table_args__ = (Index(None, "learner", "lesson", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner: Mapped[int] = _learner()
    lesson: Mapped[str] = mapped_column(String(NAME))
    reason: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    files: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[float]


class AnswerRow(Base):
    """One answer to one question. Nothing is overwritten: the newest counts."""

    __tablename__ = "answer"
    __table_args__ = (Index(None, "learner", "place", "question", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner: Mapped[int] = _learner()
    place: Mapped[str] = mapped_column(String(NAME))
    question: Mapped[str] = mapped_column(String(NAME))
    choice: Mapped[int]
    right: Mapped[bool]
    at: Mapped[float]


class RunRow(Base):
    """One finished run of a lesson's checks."""

    __tablename__ = "run"
    __table_args__ = (Index(None, "learner", "lesson", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner: Mapped[int] = _learner()
    lesson: Mapped[str] = mapped_column(String(NAME))
    status: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[float]


class TaskRow(Base):
    """A task whose checks all passed in one run, and when they first did."""

    __tablename__ = "task"
    learner: Mapped[int] = _learner(primary=True)
    lesson: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    task: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[float]


class HintRow(Base):
    """How many rungs of a task's hints a learner has asked for."""

    __tablename__ = "hint"
    learner: Mapped[int] = _learner(primary=True)
    lesson: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    task: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shown: Mapped[int]


class CardRow(Base):
    """A question that comes back to a learner; ``memory`` is the scheduler's, None if new."""

    __tablename__ = "card"
    __table_args__ = (Index(None, "learner", "due"),)
    learner: Mapped[int] = _learner(primary=True)
    place: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    question: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    due: Mapped[float]
    memory: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ReviewRow(Base):
    """One answer to a card, with the card as it was before, so that it can be taken back."""

    __tablename__ = "review"
    __table_args__ = (Index(None, "learner", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner: Mapped[int] = _learner()
    place: Mapped[str] = mapped_column(String(NAME))
    question: Mapped[str] = mapped_column(String(NAME))
    choice: Mapped[int]
    grade: Mapped[int]
    due_before: Mapped[float]
    memory_before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[float]


class ProofRow(Base):
    """A learner's newest pass of a lesson, and what it was checked with."""

    __tablename__ = "proof"
    learner: Mapped[int] = _learner(primary=True)
    lesson: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    checks: Mapped[int]
    points: Mapped[int]
    max_points: Mapped[int]
    async_mode: Mapped[str | None] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    versions: Mapped[dict[str, str]] = mapped_column(JSON)
    sandbox: Mapped[str] = mapped_column(String(20))
    imported: Mapped[bool]
    at: Mapped[float]


class ParcelRow(Base):
    """A learner's whole work in one piece: waiting to be unpacked, or kept before a change."""

    __tablename__ = "parcel"
    __table_args__ = (Index(None, "learner", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    learner: Mapped[int] = _learner()
    kind: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[float]
