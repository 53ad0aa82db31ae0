"""The licence, and users by how a provider knows them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "licence",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.Column("fault", WORD),
        sa.Column("installed_at", sa.Double(), nullable=False),
        sa.Column("installed_by", TEXT, nullable=False),
    )
    op.create_index("account_by_subject", "account", ["tenant", "subject"], unique=True)
