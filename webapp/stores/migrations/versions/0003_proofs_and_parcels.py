"""Proofs of what was passed, and parcels: a learner's whole work in one piece."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proof",
        _learner(primary_key=True),
        sa.Column("lesson", sa.String(120), primary_key=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("max_points", sa.Integer(), nullable=False),
        sa.Column("async_mode", sa.String(40)),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("sandbox", sa.String(20), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_table(
        "parcel",
        sa.Column("id", sa.Integer(), primary_key=True),
        _learner(nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index(None, "parcel", ["learner", "id"])


def downgrade() -> None:
    for table in ("parcel", "proof"):
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
