"""Questions that come back: a learner's cards, and each answer to one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card",
        _learner(primary_key=True),
        sa.Column("place", sa.String(120), primary_key=True),
        sa.Column("question", sa.String(120), primary_key=True),
        sa.Column("due", sa.Double(), nullable=False),
        sa.Column("memory", sa.JSON()),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), primary_key=True),
        _learner(nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("question", sa.String(120), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("due_before", sa.Double(), nullable=False),
        sa.Column("memory_before", sa.JSON()),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index(None, "card", ["learner", "due"])
    op.create_index(None, "review", ["learner", "id"])


def downgrade() -> None:
    for table in ("review", "card"):
        op.drop_table(table)


def _learner(*, primary_key: bool = False, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(
        "learner",
        sa.Integer(),
        sa.ForeignKey("learner.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=nullable,
        autoincrement=False,
    )
