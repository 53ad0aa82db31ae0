"""Browser sessions, and what a user and a tenant have more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("digest", TEXT, primary_key=True),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("agent", TEXT, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("session_by_user", "session", ["user_id"])
    op.create_index("session_by_age", "session", ["seen_at"])
    op.add_column("account", sa.Column("email", TEXT))
    op.add_column("account", sa.Column("display_name", TEXT))
    op.add_column("account", sa.Column("subject", TEXT))
    op.add_column("tenant", sa.Column("max_workflows", sa.Integer()))
    op.add_column("tenant", sa.Column("disabled", sa.SmallInteger(), nullable=False, server_default="0"))
