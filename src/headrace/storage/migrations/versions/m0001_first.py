"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def upgrade() -> None:
    _account()
    _answer()
    _attempt()
    _counter()
    _history()
    _operation()
    _role()
    _run()
    _run_tally()
    _run_target()
    _step()
    _target()
    _tenant()
    _token()
    _version()
    _workflow()


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("password_hash", TEXT),
        sa.Column("disabled", sa.SmallInteger(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "name", name="account_name"),
    )


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("tenant", ID, autoincrement=False, nullable=False),
        sa.Column("route", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "route", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("answer_by_age", "answer", ["created_at"], unique=False)


def _attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("step_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("operation", WORD, nullable=False),
        sa.Column("act", WORD, nullable=False),
        sa.Column("phase", WORD),
        sa.Column("status", WORD, nullable=False),
        sa.Column("worker", TEXT),
        sa.Column("reason", WORD),
        sa.Column("message", TEXT),
        sa.Column("outputs", sa.Text()),
        sa.Column("started_at", sa.Double()),
        sa.Column("finished_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("step_id", "number"),
        sqlite_with_rowid=False,
    )


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", ID, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        sqlite_with_rowid=False,
    )


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("seq", ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
    )
    op.create_index("history_by_run", "history", ["run_id", "seq"], unique=True)


def _operation() -> None:
    op.create_table(
        "operation",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("verb", WORD, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("started_at", sa.Double(), nullable=False),
        sa.Column("finished_at", sa.Double()),
        sa.Column("status", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("operation_by_run", "operation", ["run_id", "id"], unique=False)


def _role() -> None:
    op.create_table(
        "role",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("permissions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "name", name="role_name"),
    )


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("workflow_lower", TEXT, nullable=False),
        sa.Column("version_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("operation", WORD, nullable=False),
        sa.Column("operation_id", ID, nullable=False),
        sa.Column("paused", sa.SmallInteger(), nullable=False),
        sa.Column("mock", sa.SmallInteger(), nullable=False),
        sa.Column("debug", sa.SmallInteger(), nullable=False),
        sa.Column("closing", WORD),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("bindings", sa.Text(), nullable=False),
        sa.Column("target", sa.Text()),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("creator_id", ID, nullable=False),
        sa.Column("creator", TEXT, nullable=False),
        sa.Column("trigger", WORD, nullable=False),
        sa.Column("parent_run", ID),
        sa.Column("parent_step", ID),
        sa.Column("parent_attempt", sa.Integer()),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("started_at", sa.Double()),
        sa.Column("finished_at", sa.Double()),
        sa.Column("deadline", sa.Double()),
        sa.Column("message", TEXT),
        sa.Column("seq", ID, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("run_by_created", "run", ["tenant", "created_at"], unique=False)
    op.create_index("run_by_finished", "run", ["tenant", "finished_at"], unique=False)
    op.create_index(
        "run_by_parent",
        "run",
        ["parent_run"],
        unique=False,
        sqlite_where=sa.text("parent_run IS NOT NULL"),
        postgresql_where=sa.text("parent_run IS NOT NULL"),
    )
    op.create_index("run_by_started", "run", ["tenant", "started_at"], unique=False)
    op.create_index("run_by_status", "run", ["tenant", "status", "trigger", "id"], unique=False)
    op.create_index("run_by_tenant", "run", ["tenant", "id"], unique=False)
    op.create_index("run_by_workflow", "run", ["tenant", "workflow_lower", "id"], unique=False)
    op.create_index(
        "run_child",
        "run",
        ["parent_step", "parent_attempt"],
        unique=True,
        sqlite_where=sa.text("parent_step IS NOT NULL"),
        postgresql_where=sa.text("parent_step IS NOT NULL"),
    )
    op.create_index(
        "run_running",
        "run",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'RUNNING'"),
        postgresql_where=sa.text("status = 'RUNNING'"),
    )
    op.create_index(
        "run_running_by_workflow",
        "run",
        ["tenant", "workflow"],
        unique=False,
        sqlite_where=sa.text("status = 'RUNNING'"),
        postgresql_where=sa.text("status = 'RUNNING'"),
    )
    op.create_index(
        "run_with_deadline",
        "run",
        ["id"],
        unique=False,
        sqlite_where=sa.text("deadline IS NOT NULL"),
        postgresql_where=sa.text("deadline IS NOT NULL"),
    )


def _run_tally() -> None:
    op.create_table(
        "run_tally",
        sa.Column("tenant", ID, autoincrement=False, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("trigger", WORD, nullable=False),
        sa.Column("n", ID, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "status", "trigger"),
        sqlite_with_rowid=False,
    )


def _run_target() -> None:
    op.create_table(
        "run_target",
        sa.Column("run_id", ID, autoincrement=False, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("target_id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("name_lower", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "type", "target_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("run_target_by_id", "run_target", ["tenant", "type", "target_id", "run_id"], unique=False)
    op.create_index(
        "run_target_by_name", "run_target", ["tenant", "type", "name_lower", "run_id"], unique=False
    )


def _step() -> None:
    op.create_table(
        "step",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("node", sa.Integer(), nullable=False),
        sa.Column("parallel_idx", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text()),
        sa.Column("status", WORD, nullable=False),
        sa.Column("operation", WORD, nullable=False),
        sa.Column("phase", WORD),
        sa.Column("act", WORD, nullable=False),
        sa.Column("wait", WORD),
        sa.Column("reason", WORD),
        sa.Column("message", TEXT),
        sa.Column("progress", sa.Double()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("executed", sa.SmallInteger(), nullable=False),
        sa.Column("worker", TEXT),
        sa.Column("inputs", sa.Text()),
        sa.Column("outputs", sa.Text()),
        sa.Column("votes", sa.Text()),
        sa.Column("children", sa.Text()),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("started_at", sa.Double()),
        sa.Column("attempt_at", sa.Double()),
        sa.Column("finished_at", sa.Double()),
        sa.Column("due_at", sa.Double()),
        sa.Column("due", WORD),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("step_by_run", "step", ["run_id", "id"], unique=False)
    op.create_index(
        "step_due",
        "step",
        ["run_id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def _target() -> None:
    op.create_table(
        "target",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("name_lower", TEXT, nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("parent_id", ID),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "type", "name", name="target_name"),
    )
    op.create_index("target_by_parent", "target", ["tenant", "parent_id"], unique=False)


def _tenant() -> None:
    op.create_table(
        "tenant",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _token() -> None:
    op.create_table(
        "token",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double()),
        sa.Column("revoked_at", sa.Double()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("token_by_user", "token", ["tenant", "user_id"], unique=False)


def _version() -> None:
    op.create_table(
        "version",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("workflow", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("created_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "workflow", "number", name="version_number"),
    )


def _workflow() -> None:
    op.create_table(
        "workflow",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("tenant", ID, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("remark", TEXT, nullable=False),
        sa.Column("search", TEXT, nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("etag", TEXT, nullable=False),
        sa.Column("published", sa.Integer()),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=False),
        sa.Column("updated_by", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "name", name="workflow_name"),
    )
