"""How many runs each workflow has, by status and trigger."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "workflow_tally",
        sa.Column("tenant", ID, autoincrement=False, primary_key=True),
        sa.Column("workflow", TEXT, primary_key=True),
        sa.Column("status", WORD, primary_key=True),
        sa.Column("trigger", WORD, primary_key=True),
        sa.Column("workflow_lower", TEXT, nullable=False),
        sa.Column("n", ID, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        'INSERT INTO workflow_tally (tenant, workflow, status, "trigger", workflow_lower, n) '
        'SELECT tenant, workflow, status, "trigger", min(workflow_lower), count(*) '
        'FROM run GROUP BY tenant, workflow, status, "trigger"'
    )
