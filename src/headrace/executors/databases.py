"""From a connection of the vault, or an address, to a database."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError, StatementError
from sqlalchemy.pool import NullPool

from headrace.core.messages import text
from headrace.executors.executor import Quoted, Task, refuse
from headrace.executors.inputs import Inputs, wanted_text
from headrace.ports.vault import ConnectionRecord

Json = Any
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
KINDS = ("sqlite", "postgresql", "mysql")
# what SQLite says, and messages that say more
LITE = {
    "said_sqlite_locked": "database is locked",
    "said_sqlite_file": "unable to open database file",
    "said_sqlite_other": "file is not a database",
}
CONNECT_TIMEOUT = 10  # seconds


def database(task: Task, inputs: Inputs) -> Engine:
    """The engine of ``connection`` or of ``url``; ``dispose`` it. Raises Failed."""
    if inputs.get("connection") is None:
        return engine_of(_address(wanted_text(inputs, "url")))
    name = wanted_text(inputs, "connection")
    record, password = task.connection(name)
    if record.kind not in KINDS:
        raise refuse("work_connection_kind", name=name, kind=record.kind, wanted=", ".join(KINDS))
    return engine_of(url_of(record, password))


def url_of(record: ConnectionRecord, password: str | None) -> URL:
    """The address of a database connection."""
    if record.kind == "sqlite":
        return URL.create("sqlite", database=record.database)
    return URL.create(
        record.kind,
        username=record.user or None,
        password=password,
        host=record.host,
        port=record.port,
        database=record.database,
        query={key: str(value) for key, value in record.options.items()},
    )


def _address(words: str) -> URL:
    try:
        return make_url(words)
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        raise refuse("work_sql_url") from None  # not shown: it may hold a password


def engine_of(url: URL) -> Engine:
    """Connections are made when they are needed and closed after use. Raises Failed."""
    name = url.drivername.partition("+")[0]
    if name not in DRIVERS:
        raise refuse("work_sql_database", found=name, known=", ".join(DRIVERS))
    if "+" not in url.drivername:
        url = url.set(drivername=DRIVERS[name])
    try:
        engine = create_engine(url, poolclass=NullPool, connect_args=_connect_args(url))
    except (ImportError, NoSuchModuleError) as error:
        raise refuse("work_sql_driver", database=name, why=str(error)) from None
    if name == "sqlite":
        _begin_always(engine)
    return engine


def _connect_args(url: URL) -> Mapping[str, Json]:
    if url.get_backend_name() == "sqlite":
        return {"check_same_thread": False}
    return {"connect_timeout": CONNECT_TIMEOUT}


def _begin_always(engine: Engine) -> None:
    """SQLite's driver begins a transaction late and not for DDL; here it begins at once, for all."""
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))


def interrupt(engine: Engine, connection: Connection) -> None:
    """End the statement that runs, from another thread; its own thread then sees an error."""
    raw: Any = connection.connection.driver_connection
    match engine.dialect.name:
        case "sqlite":
            raw.interrupt()
        case "postgresql":
            raw.cancel_safe()
        case _:
            with contextlib.suppress(SQLAlchemyError), engine.connect() as other:
                other.exec_driver_sql(f"KILL QUERY {int(raw.thread_id())}")


def stop_if_cancelled(task: Task) -> None:
    if task.cancelled.is_set():
        raise refuse("work_cancelled")


def said(error: SQLAlchemyError) -> Quoted:
    """What the database said, without our statement and its values around it."""
    orig = error.orig if isinstance(error, StatementError) else None
    words = str(error) if orig is None else str(orig)
    match orig.args if orig is not None else ():
        case (int() as number, str() as told):  # as MySQL's driver has it
            words = f"{told} ({number})"
    for ours, theirs in LITE.items():
        if words == theirs:
            words = text(ours, {})
    return Quoted(" ".join(words.split()), 500)


@contextlib.contextmanager
def connected(task: Task, engine: Engine) -> Iterator[Connection]:
    """A connection, closed afterwards. Raises Failed where there is no way to the database, or none in."""
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        stop_if_cancelled(task)
        raise refuse("work_sql_reach", why=said(error)) from None
    with connection:
        yield connection
