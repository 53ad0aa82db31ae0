"""Steps that wait are found without reading the others of their run: lists show what people are asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    waiting = sa.text("wait IS NOT NULL")
    op.create_index("step_waiting", "step", ["run_id"], sqlite_where=waiting, postgresql_where=waiting)
