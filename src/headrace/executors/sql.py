"""``sql``: statements on a database, all of them or none."""

import contextlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, CursorResult, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from headrace.core.run.capabilities import Capabilities
from headrace.executors.executor import Executor, Task, refuse
from headrace.executors.inputs import shown, wanted_text
from headrace.executors.sql_text import statements

Json = Any
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
CONNECT_TIMEOUT = 10  # seconds
FIRST_ROWS = 100
LONGEST_VALUE = 1000  # characters of one value among the outputs


class Sql(Executor):
    """Inputs: ``url``, ``sql`` (one text, or a list of statements), ``params`` (bound as ``:name``).

    Outputs: ``statements``, for each ``rows`` (affected or read), ``columns`` and ``first`` (up to 100
    rows). Databases that commit on DDL by themselves (MySQL) do so here too.
    """

    name = "sql"
    rollback_by_node = True

    def start(self, task: Task) -> None:
        queries = _queries(task.inputs)
        params = _params(task.inputs)
        engine = _engine(wanted_text(task.inputs, "url"))
        try:
            with engine.begin() as connection:
                task.on_cancel(lambda: _interrupt(engine, connection))
                task.add_output("statements", [_execute(task, connection, sql, params) for sql in queries])
                _stop_if_cancelled(task)
        except SQLAlchemyError as error:
            _stop_if_cancelled(task)
            raise refuse("work_sql", why=_said(error)) from None
        finally:
            engine.dispose()

    def rollback(self, task: Task) -> None:
        self.start(task)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(rollback_by_node=True, needs=(("url", "connection"), ("sql",)))


def _queries(inputs: Mapping[str, Json]) -> list[str]:
    value = inputs.get("sql")
    queries = statements(value) if isinstance(value, str) else value
    if not isinstance(queries, list) or not queries or not all(isinstance(sql, str) for sql in queries):
        raise refuse("work_input", name="sql", found=shown(value), wanted="a text or a list of statements")
    return queries


def _params(inputs: Mapping[str, Json]) -> Mapping[str, Json]:
    value = inputs.get("params") or {}
    if not isinstance(value, Mapping) or any(isinstance(item, list | dict) for item in value.values()):
        raise refuse("work_input", name="params", found=shown(value), wanted="an object of plain values")
    return value


def _engine(address: str) -> Engine:
    try:
        url = make_url(address)
    except ArgumentError:
        raise refuse("work_sql_url") from None  # not shown: it may hold a password
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


def _connect_args(url: URL) -> dict[str, Json]:
    if url.get_backend_name() == "sqlite":
        return {"check_same_thread": False}
    return {"connect_timeout": CONNECT_TIMEOUT}


def _begin_always(engine: Engine) -> None:
    """SQLite's driver begins a transaction late and not for DDL; here it begins at once, for all."""
    event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))


def _execute(task: Task, connection: Connection, sql: str, params: Mapping[str, Json]) -> Json:
    _stop_if_cancelled(task)
    statement = text(sql)
    wanted = statement.compile().params
    missing = sorted(set(wanted) - set(params))
    if missing:
        raise refuse("work_sql_params", names=", ".join(missing))
    result = connection.execute(statement, {name: params[name] for name in wanted})
    outcome = _read(result) if result.returns_rows else {"rows": max(result.rowcount, 0)}
    task.log(f"{outcome['rows']} rows: {' '.join(sql.split())[:200]}")
    return outcome


def _read(result: CursorResult[Any]) -> dict[str, Json]:
    rows, first = 0, []
    for row in result:
        rows += 1
        if rows <= FIRST_ROWS:
            first.append([_value(item) for item in row])
    return {"rows": rows, "columns": list(result.keys()), "first": first}


def _value(item: object) -> Json:
    """A database's value as JSON."""
    if item is None or isinstance(item, bool | int | float):
        return item if not isinstance(item, float) or item - item == 0 else str(item)
    if isinstance(item, bytes | memoryview):
        return bytes(item).hex()[:LONGEST_VALUE]
    if isinstance(item, datetime | date | time):
        return item.isoformat()
    if isinstance(item, Decimal | UUID | timedelta):
        return str(item)
    return item[:LONGEST_VALUE] if isinstance(item, str) else shown(item)


def _stop_if_cancelled(task: Task) -> None:
    if task.cancelled.is_set():
        raise refuse("work_cancelled")


def _interrupt(engine: Engine, connection: Connection) -> None:
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


def _said(error: SQLAlchemyError) -> str:
    """What the database said, without our statement and its values around it."""
    words = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return " ".join(words.split())[:500]
