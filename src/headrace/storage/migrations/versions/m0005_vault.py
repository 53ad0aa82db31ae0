"""Secrets and connections."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "secret",
        sa.Column("tenant", ID, autoincrement=False, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("search", TEXT, nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("updated_by", TEXT, nullable=False),
    )
    op.create_table(
        "connection",
        sa.Column("tenant", ID, autoincrement=False, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("search", TEXT, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("host", TEXT, nullable=False),
        sa.Column("port", sa.Integer()),
        sa.Column("database", TEXT, nullable=False),
        sa.Column("user_name", TEXT, nullable=False),
        sa.Column("secret", TEXT),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("description", TEXT, nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("updated_by", TEXT, nullable=False),
    )
