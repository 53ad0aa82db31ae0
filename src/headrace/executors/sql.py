"""``sql``: statements on a database, all of them or none."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, CursorResult, text
from sqlalchemy.exc import SQLAlchemyError

from headrace.core.messages import text as message
from headrace.executors.databases import connected, database, interrupt, said, stop_if_cancelled
from headrace.executors.executor import Executor, Task, refuse
from headrace.executors.inputs import shown
from headrace.executors.keeper.masks import Masks
from headrace.executors.sql_text import statements

Json = Any
FIRST_ROWS = 100
LONGEST_VALUE = 1000  # characters of one value among the outputs


class Sql(Executor):
    """Inputs: ``connection`` or ``url``, ``sql`` (a text or a list of them), ``params`` (of ``:name``).

    Outputs: ``statements``, for each ``rows`` (affected or read), ``columns`` and ``first`` (up to 100
    rows). Databases that commit on DDL by themselves (MySQL) do so here too.
    """

    name = "sql"
    rollback_by_node = True
    needs = (("url", "connection"), ("sql",))
    takes = ("url", "connection", "sql", "params")

    def start(self, task: Task) -> None:
        queries = _queries(task.inputs)
        params = bound(task.inputs)
        engine = database(task, task.inputs)
        try:
            with connected(task, engine) as connection, connection.begin():
                task.on_cancel(lambda: interrupt(engine, connection))
                task.add_output("statements", [_execute(task, connection, sql, params) for sql in queries])
                stop_if_cancelled(task)
        except SQLAlchemyError as error:
            stop_if_cancelled(task)
            raise refuse("work_sql", why=said(error)) from None
        finally:
            engine.dispose()


def _queries(inputs: Mapping[str, Json]) -> list[str]:
    value = inputs.get("sql")
    queries = statements(value) if isinstance(value, str) else value
    if not isinstance(queries, list) or not queries or not all(isinstance(sql, str) for sql in queries):
        raise refuse("work_input", name="sql", found=shown(value), wanted=message("wanted_statements", {}))
    return queries


def bound(inputs: Mapping[str, Json]) -> Mapping[str, Json]:
    """The input ``params``: values for ``:name``."""
    value = inputs.get("params") or {}
    if not isinstance(value, Mapping) or any(isinstance(item, list | dict) for item in value.values()):
        raise refuse("work_input", name="params", found=shown(value), wanted=message("wanted_plain", {}))
    return value


def _execute(task: Task, connection: Connection, sql: str, params: Mapping[str, Json]) -> Json:
    stop_if_cancelled(task)
    statement = text(sql)
    wanted = statement.compile().params
    missing = sorted(set(wanted) - set(params))
    if missing:
        raise refuse("work_sql_params", names=", ".join(missing))
    result = connection.execute(statement, {name: params[name] for name in wanted})
    outcome = _read(result, task.masks) if result.returns_rows else {"rows": max(result.rowcount, 0)}
    told = " ".join(task.masks.text(sql).split())[:200]
    task.log(f"{outcome['rows']} rows: {told}")
    return outcome


def _read(result: CursorResult[Any], masks: Masks) -> dict[str, Json]:
    rows, first = 0, []
    for row in result:
        rows += 1
        if rows <= FIRST_ROWS:
            first.append([_value(item, masks) for item in row])
    return {"rows": rows, "columns": list(result.keys()), "first": first}


def _value(item: object, masks: Masks) -> Json:
    """A database's value as JSON; long texts are masked before they are cut."""
    if item is None or isinstance(item, bool | int | float):
        return item if not isinstance(item, float) or item - item == 0 else str(item)
    if isinstance(item, bytes | memoryview):
        return bytes(item).hex()[:LONGEST_VALUE]
    if isinstance(item, datetime | date | time):
        return item.isoformat()
    if isinstance(item, Decimal | UUID | timedelta):
        return str(item)
    return masks.text(item if isinstance(item, str) else str(item))[:LONGEST_VALUE]
