"""PostgreSQL: the same tables, for the day one file is not enough."""

import sqlalchemy as sa

from headrace.ports.errors import Broken
from headrace.storage import migrations
from headrace.storage.faults import translated
from headrace.storage.sql_store import SqlStore

LOCK = 0x68656164_72616365  # "headrace": the engine's session lock, held by the pen
CONNECT = {
    "connect_timeout": 5,  # seconds
    # a server that went silent is noticed within this time, in milliseconds and seconds
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}
DURABLE = (  # an answer to a caller means flushed, whatever the role's own settings
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') IN ('off', 'local')"
)
HOLDER = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND classid = :high AND objid = :low "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
PATIENCE = 2_000  # milliseconds
LOCK_NOT_AVAILABLE = "55P03"


def open_postgres(url: str) -> SqlStore:
    """The store behind a postgresql:// address, brought up to date where needed.

    Raises Broken("database_locked") while another engine has it, ("database_down") when nobody answers.
    """
    with translated():
        engine = sa.create_engine(
            sa.make_url(url).set(drivername="postgresql+psycopg"),
            isolation_level="AUTOCOMMIT",
            pool_size=8,
            max_overflow=32,
            pool_pre_ping=True,
            connect_args=CONNECT,
        )

        def open_pen() -> sa.Connection:
            pen = engine.connect()
            try:
                _take(pen)
            except BaseException:
                pen.invalidate()
                pen.close()
                raise
            return pen

        return SqlStore(
            engine,
            open_pen,
            begin_write="BEGIN",
            begin_read="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )


def _take(pen: sa.Connection) -> None:
    """The lock lives and dies with the connection that writes: losing one loses the other. PostgreSQL may
    need a moment to see that a process was killed, so whoever starts again at once waits for that."""
    pen.exec_driver_sql(f"SET lock_timeout = {PATIENCE}")
    try:
        pen.execute(sa.select(sa.func.pg_advisory_lock(LOCK)))
    except sa.exc.DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        holder = pen.execute(sa.text(HOLDER), {"high": LOCK >> 32, "low": LOCK & 0xFFFFFFFF}).scalar()
        raise Broken("database_locked", {"pid": holder or "?", "path": "PostgreSQL"}) from None
    pen.exec_driver_sql("RESET lock_timeout")
    pen.exec_driver_sql(DURABLE)
    migrations.upgrade(pen, "BEGIN")
