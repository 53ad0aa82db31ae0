"""A run's sequence is the number of its newest row in the history; it stood in the run as well."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.drop_column("run", "seq")
