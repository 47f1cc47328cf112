"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learner",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created", sa.Double(), nullable=False),
    )
    _per_lesson(
        "lesson",
        sa.Column("started", sa.Double(), nullable=False),
        sa.Column("passed", sa.Double()),
        sa.Column("solution_asked", sa.Integer(), nullable=False),
    )
    _per_lesson(
        "file",
        sa.Column("name", sa.String(120), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("updated", sa.Double(), nullable=False),
    )
    _per_lesson(
        "task",
        sa.Column("task", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    _per_lesson(
        "hint",
        sa.Column("task", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("shown", sa.Integer(), nullable=False),
    )
    _log(
        "version",
        sa.Column("lesson", sa.String(120), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
    )
    _log(
        "answer",
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("question", sa.String(120), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
    )
    _log(
        "run",
        sa.Column("lesson", sa.String(120), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
    )
    op.create_index(None, "version", ["learner", "lesson", "id"])
    op.create_index(None, "answer", ["learner", "place", "question", "id"])
    op.create_index(None, "run", ["learner", "lesson", "id"])


def downgrade() -> None:
    for table in ("run", "answer", "version", "hint", "task", "file", "lesson", "learner"):
        op.drop_table(table)


def _per_lesson(table: str, *columns: sa.Column[object]) -> None:
    """Create a table with a row per learner and lesson, and more keys if ``columns`` has any."""
    op.create_table(
        table,
        _learner(primary_key=True),
        sa.Column("lesson", sa.String(120), primary_key=True),
        *columns,
    )


def _log(table: str, *columns: sa.Column[object]) -> None:
    """Create a table to which rows are added, in order."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), primary_key=True),
        _learner(nullable=False),
        *columns,
        sa.Column("at", sa.Double(), nullable=False),
    )


def _learner(*, primary_key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        "learner",
        sa.Integer(),
        sa.ForeignKey("learner.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=nullable,
        autoincrement=False,
    )
