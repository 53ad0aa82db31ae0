"""Schedules and their fires; the slot a run was planned for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("run", sa.Column("planned_at", sa.Double()))
    op.create_table(
        "schedule",
        sa.Column("tenant", ID, autoincrement=False, primary_key=True),
        sa.Column("workflow", TEXT, primary_key=True),
        sa.Column("workflow_lower", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("next_at", sa.Double()),
        sa.Column("last_at", sa.Double()),
        sa.Column("last_run", ID),
        sa.Column("paused", sa.SmallInteger(), nullable=False),
    )
    op.create_index("schedule_by_time", "schedule", ["next_at"])
    op.create_table(
        "fire",
        sa.Column("tenant", ID, autoincrement=False, primary_key=True),
        sa.Column("workflow", TEXT, primary_key=True),
        sa.Column("slot", sa.Double(), primary_key=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("run_id", ID),
        sa.Column("code", WORD),
        sa.Column("details", sa.Text()),
        sqlite_with_rowid=False,
    )
