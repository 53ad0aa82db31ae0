"""The audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("user_name", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("action", WORD, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("object", TEXT, nullable=False),
        sa.Column("user_lower", TEXT, nullable=False),
        sa.Column("object_lower", TEXT, nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
    )
    op.create_index("audit_by_tenant", "audit", ["tenant", "id"])
