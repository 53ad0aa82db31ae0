"""The tables, once for both dialects. JSON is text, instants are epoch seconds, flags are 0 and 1."""

import sqlalchemy as sa

metadata = sa.MetaData()

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.Text()
Instant: sa.types.TypeEngine[float] = sa.Double()
Flag = sa.SmallInteger()
# Ordered by code point on both: SQLite's BINARY, PostgreSQL's "C".
Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
Word = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")


def _id() -> sa.Column[int]:
    return sa.Column("id", Id, primary_key=True, autoincrement=False)


def _tenant() -> sa.Column[int]:
    return sa.Column("tenant", Id, nullable=False)


run = sa.Table(
    "run",
    metadata,
    _id(),
    _tenant(),
    sa.Column("workflow", Text, nullable=False),
    sa.Column("workflow_lower", Text, nullable=False),  # for searching in any case
    sa.Column("version_id", Id, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("status", Word, nullable=False),
    sa.Column("operation", Word, nullable=False),
    sa.Column("operation_id", Id, nullable=False),
    sa.Column("paused", Flag, nullable=False),
    sa.Column("mock", Flag, nullable=False),
    sa.Column("debug", Flag, nullable=False),
    sa.Column("closing", Word),
    sa.Column("params", Json, nullable=False),
    sa.Column("bindings", Json, nullable=False),
    sa.Column("target", Json),
    sa.Column("targets", Json, nullable=False),
    sa.Column("creator_id", Id, nullable=False),
    sa.Column("creator", Text, nullable=False),
    sa.Column("trigger", Word, nullable=False),
    sa.Column("parent_run", Id),
    sa.Column("parent_step", Id),
    sa.Column("parent_attempt", sa.Integer),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("finished_at", Instant),
    sa.Column("deadline", Instant),
    sa.Column("message", Text),
    sa.Column("planned_at", Instant),
)
RUNNING = run.c.status == sa.text("'RUNNING'")
sa.Index("run_by_tenant", run.c.tenant, run.c.id)
sa.Index("run_by_status", run.c.tenant, run.c.status, run.c.trigger, run.c.id)
sa.Index("run_by_workflow", run.c.tenant, run.c.workflow_lower, run.c.id)
sa.Index("run_by_created", run.c.tenant, run.c.created_at)
sa.Index("run_by_started", run.c.tenant, run.c.started_at)
sa.Index("run_by_finished", run.c.tenant, run.c.finished_at)
sa.Index("run_running", run.c.id, sqlite_where=RUNNING, postgresql_where=RUNNING)
sa.Index(
    "run_running_by_workflow", run.c.tenant, run.c.workflow, sqlite_where=RUNNING, postgresql_where=RUNNING
)
sa.Index(
    "run_with_deadline",
    run.c.id,
    sqlite_where=run.c.deadline.is_not(None),
    postgresql_where=run.c.deadline.is_not(None),
)
sa.Index(
    "run_by_parent",
    run.c.parent_run,
    sqlite_where=run.c.parent_run.is_not(None),
    postgresql_where=run.c.parent_run.is_not(None),
)
sa.Index(
    "run_child",
    run.c.parent_step,
    run.c.parent_attempt,
    unique=True,
    sqlite_where=run.c.parent_step.is_not(None),
    postgresql_where=run.c.parent_step.is_not(None),
)

run_target = sa.Table(
    "run_target",
    metadata,
    sa.Column("run_id", Id, primary_key=True, autoincrement=False),
    sa.Column("type", Text, primary_key=True),
    sa.Column("target_id", Id, primary_key=True, autoincrement=False),
    _tenant(),
    sa.Column("name_lower", Text, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index(
    "run_target_by_id", run_target.c.tenant, run_target.c.type, run_target.c.target_id, run_target.c.run_id
)
sa.Index(
    "run_target_by_name", run_target.c.tenant, run_target.c.type, run_target.c.name_lower, run_target.c.run_id
)

run_tally = sa.Table(
    "run_tally",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("status", Word, primary_key=True),
    sa.Column("trigger", Word, primary_key=True),
    sa.Column("n", Id, nullable=False),
    sqlite_with_rowid=False,
)

workflow_tally = sa.Table(
    "workflow_tally",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("workflow", Text, primary_key=True),
    sa.Column("status", Word, primary_key=True),
    sa.Column("trigger", Word, primary_key=True),
    sa.Column("workflow_lower", Text, nullable=False),
    sa.Column("n", Id, nullable=False),
    sqlite_with_rowid=False,
)

step = sa.Table(
    "step",
    metadata,
    _id(),
    sa.Column("run_id", Id, nullable=False),
    sa.Column("node", sa.Integer, nullable=False),
    sa.Column("parallel_idx", sa.Integer, nullable=False),
    sa.Column("item", Json),
    sa.Column("status", Word, nullable=False),
    sa.Column("operation", Word, nullable=False),
    sa.Column("phase", Word),
    sa.Column("act", Word, nullable=False),
    sa.Column("wait", Word),
    sa.Column("reason", Word),
    sa.Column("message", Text),
    sa.Column("progress", Instant),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("executed", Flag, nullable=False),
    sa.Column("worker", Text),
    sa.Column("inputs", Json),
    sa.Column("outputs", Json),
    sa.Column("votes", Json),
    sa.Column("children", Json),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("started_at", Instant),
    sa.Column("attempt_at", Instant),
    sa.Column("finished_at", Instant),
    sa.Column("due_at", Instant),
    sa.Column("due", Word),
    sa.Column("losses", sa.Integer, nullable=False),
)
sa.Index("step_by_run", step.c.run_id, step.c.id)
sa.Index(
    "step_due",
    step.c.run_id,
    sqlite_where=step.c.due_at.is_not(None),
    postgresql_where=step.c.due_at.is_not(None),
)

sa.Index(
    "step_waiting",
    step.c.run_id,
    sqlite_where=step.c.wait.is_not(None),
    postgresql_where=step.c.wait.is_not(None),
)

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("step_id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("operation", Word, nullable=False),
    sa.Column("act", Word, nullable=False),
    sa.Column("phase", Word),
    sa.Column("status", Word, nullable=False),
    sa.Column("worker", Text),
    sa.Column("reason", Word),
    sa.Column("message", Text),
    sa.Column("outputs", Json),
    sa.Column("started_at", Instant),
    sa.Column("finished_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

operation = sa.Table(
    "operation",
    metadata,
    _id(),
    sa.Column("run_id", Id, nullable=False),
    sa.Column("verb", Word, nullable=False),
    sa.Column("actor", Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("status", Word, nullable=False),
)
sa.Index("operation_by_run", operation.c.run_id, operation.c.id)

# No primary key: on SQLite the bodies are then appended, and only the short index is kept in order.
history = sa.Table(
    "history",
    metadata,
    sa.Column("run_id", Id, nullable=False),
    sa.Column("seq", Id, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("changes", Json, nullable=False),
)
sa.Index("history_by_run", history.c.run_id, history.c.seq, unique=True)

workflow = sa.Table(
    "workflow",
    metadata,
    _id(),
    _tenant(),
    sa.Column("name", Text, nullable=False),
    sa.Column("remark", Text, nullable=False),
    sa.Column("search", Text, nullable=False),  # name and remark in lower case
    sa.Column("draft", Json, nullable=False),
    sa.Column("etag", Text, nullable=False),
    sa.Column("published", sa.Integer),
    sa.Column("latest", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("updated_by", Text, nullable=False),
    sa.UniqueConstraint("tenant", "name", name="workflow_name"),
)

version = sa.Table(
    "version",
    metadata,
    _id(),
    _tenant(),
    sa.Column("workflow", Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("document", Json, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("created_by", Text, nullable=False),
    sa.UniqueConstraint("tenant", "workflow", "number", name="version_number"),
)

target = sa.Table(
    "target",
    metadata,
    _id(),
    _tenant(),
    sa.Column("type", Text, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("name_lower", Text, nullable=False),
    sa.Column("attributes", Json, nullable=False),
    sa.Column("parent_id", Id),
    sa.UniqueConstraint("tenant", "type", "name", name="target_name"),
)
sa.Index("target_by_parent", target.c.tenant, target.c.parent_id)

tenant = sa.Table(
    "tenant",
    metadata,
    _id(),
    sa.Column("name", Text, nullable=False, unique=True),
    sa.Column("max_workflows", sa.Integer),
    sa.Column("disabled", Flag, nullable=False, server_default="0"),
)

user = sa.Table(
    "account",
    metadata,
    _id(),
    _tenant(),
    sa.Column("name", Text, nullable=False),
    sa.Column("password_hash", Text),
    sa.Column("disabled", Flag, nullable=False),
    sa.Column("roles", Json, nullable=False),
    sa.Column("email", Text),
    sa.Column("display_name", Text),
    sa.Column("subject", Text),
    sa.UniqueConstraint("tenant", "name", name="account_name"),
    sa.Index("account_by_subject", "tenant", "subject", unique=True),
)

role = sa.Table(
    "role",
    metadata,
    _id(),
    _tenant(),
    sa.Column("name", Text, nullable=False),
    sa.Column("permissions", Json, nullable=False),
    sa.UniqueConstraint("tenant", "name", name="role_name"),
)

token = sa.Table(
    "token",
    metadata,
    _id(),
    _tenant(),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("digest", Text, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant),
    sa.Column("revoked_at", Instant),
)
sa.Index("token_by_user", token.c.tenant, token.c.user_id)

answer = sa.Table(
    "answer",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("route", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    sa.Column("fingerprint", Text, nullable=False),
    sa.Column("answer", Json, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("answer_by_age", answer.c.created_at)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", Id, nullable=False),
    sqlite_with_rowid=False,
)
