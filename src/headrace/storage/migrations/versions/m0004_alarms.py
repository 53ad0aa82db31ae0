"""Channels, who uses them, and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    _channel()
    _channel_user()
    _notice()


def _channel() -> None:
    op.create_table(
        "channel",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_lower", TEXT, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("secret", TEXT),
        sa.Column("signing_key", TEXT),
        sa.Column("status", WORD, nullable=False),
        sa.Column("enabled", sa.SmallInteger(), nullable=False),
        sa.Column("last_error", TEXT),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
    )
    op.create_index("channel_by_name", "channel", ["tenant", "name"], unique=True)


def _channel_user() -> None:
    op.create_table(
        "channel_user",
        sa.Column("tenant", ID, autoincrement=False, primary_key=True),
        sa.Column("workflow", TEXT, primary_key=True),
        sa.Column("channel", TEXT, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("channel_user_by_channel", "channel_user", ["tenant", "channel"])


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", ID, autoincrement=False, primary_key=True),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("run", ID, nullable=False),
        sa.Column("step", ID),
        sa.Column("node", TEXT),
        sa.Column("occasion", WORD, nullable=False),
        sa.Column("receiver", TEXT, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("template", TEXT),
        sa.Column("status", WORD, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Double()),
        sa.Column("response", TEXT),
        sa.Column("text", TEXT),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("sent_at", sa.Double()),
    )
    op.create_index("notice_by_tenant", "notice", ["tenant", "id"])
    op.create_index("notice_by_run", "notice", ["run"])
    pending = sa.text("next_at IS NOT NULL")
    op.create_index(
        "notice_pending",
        "notice",
        ["tenant", "channel", "next_at"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_index("notice_by_age", "notice", ["created_at"])
