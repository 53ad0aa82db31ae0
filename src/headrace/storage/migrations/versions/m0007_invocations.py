"""Invocation tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "invocation_token",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("workflow_id", ID, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False, unique=True),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("user", TEXT, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("revoked_at", sa.Double()),
        sa.Column("last_used_at", sa.Double()),
    )
    op.create_index("invocation_token_by_workflow", "invocation_token", ["tenant", "workflow_id"])
