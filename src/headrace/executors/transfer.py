"""``transfer``: rows from one table or query into another table, in batches, across databases."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from headrace.core.messages import text
from headrace.executors.databases import connected, database, interrupt, said, stop_if_cancelled
from headrace.executors.executor import Executor, Quoted, Task, refuse
from headrace.executors.inputs import Inputs, maybe_text, shown, texts, wanted_text
from headrace.executors.sql import bound
from headrace.executors.transfer_values import Row, Unfit, fitted

Json = Any
MODES = ("append", "truncate", "upsert")
BATCH, BATCH_MOST = 1_000, 100_000


@dataclass(frozen=True)
class Plan:
    """What is asked: ``keys`` tell rows apart for upsert, ``columns`` are taken in this order."""

    source: Inputs
    target: Inputs
    columns: Sequence[str]
    mode: str
    keys: Sequence[str]
    batch: int


class Transfer(Executor):
    """Inputs: ``from`` and ``to`` (``connection`` or ``url``, ``table``; ``from`` may have ``query`` with
    ``params`` instead), ``columns``, ``batch``, ``mode`` (append, truncate, upsert), ``keys`` (of upsert).

    All of it is one transaction in the target: an attempt that fails or is cancelled leaves it as it was.
    It does not start again by itself after a crash: a commit may just have been made.
    Outputs: ``rows``, ``batches``.
    """

    name = "transfer"
    needs = (("from",), ("to",))
    takes = (
        *("from.url", "from.connection", "from.table", "from.query"),
        *("from.params", "to.url", "to.connection", "to.table"),
        *("columns", "batch", "mode", "keys"),
    )

    def start(self, task: Task) -> None:
        plan = _plan(task.inputs)
        with ExitStack() as open_ones:
            source, target = (database(task, part) for part in (plan.source, plan.target))
            open_ones.callback(source.dispose)
            open_ones.callback(target.dispose)
            try:
                _move(task, plan, source, target, open_ones)
            except NoSuchTableError as error:
                raise refuse("work_table", table=str(error)) from None
            except SQLAlchemyError as error:
                stop_if_cancelled(task)
                raise refuse("work_sql", why=said(error)) from None


def _plan(inputs: Inputs) -> Plan:
    mode = inputs.get("mode", "append")
    if mode not in MODES:
        raise refuse("work_input", name="mode", found=shown(mode), wanted=", ".join(MODES))
    batch = inputs.get("batch", BATCH)
    if isinstance(batch, bool) or not isinstance(batch, int) or not 1 <= batch <= BATCH_MOST:
        raise refuse(
            "work_input", name="batch", found=shown(batch), wanted=text("wanted_number", {"most": BATCH_MOST})
        )
    keys = texts(inputs, "keys")
    if mode == "upsert" and not keys:
        raise refuse("work_input", name="keys", found="[]", wanted=text("wanted_keys", {}))
    return Plan(_part(inputs, "from"), _part(inputs, "to"), texts(inputs, "columns"), mode, keys, batch)


def _part(inputs: Inputs, name: str) -> Inputs:
    value = inputs.get(name)
    if not isinstance(value, Mapping):
        raise refuse("work_input", name=name, found=shown(value), wanted=text("wanted_part", {}))
    if value.get("connection") is None and value.get("url") is None:
        raise refuse("work_input_lacks", name=name, needed="connection / url")
    needed = ("table", "query") if name == "from" else ("table",)
    if all(value.get(key) is None for key in needed):
        raise refuse("work_input_lacks", name=name, needed=" / ".join(needed))
    return value


def _move(task: Task, plan: Plan, source: sa.Engine, target: sa.Engine, open_ones: ExitStack) -> None:
    writing = open_ones.enter_context(connected(task, target))
    open_ones.enter_context(writing.begin())
    task.on_cancel(lambda: interrupt(target, writing))
    if _same_file(source, target):  # a second connection would wait for the first, and that for it
        reading = writing
    else:
        reading = open_ones.enter_context(connected(task, source)).execution_options(stream_results=True)
        task.on_cancel(lambda: interrupt(source, reading))
    query, params, total = _query(plan, reading)
    result = reading.execute(query, params)
    open_ones.callback(result.close)
    names = _names(result)
    table = _table(writing, wanted_text(plan.target, "table"))
    _refuse_unknown(table, names)
    batches = _batches(result, plan.batch, reading is writing)
    if plan.mode == "truncate":
        writing.execute(sa.delete(table))
    _write(task, plan, writing, table, names, batches, total)


def _names(result: sa.CursorResult[Any]) -> list[str]:
    """The columns that are read. Each goes into the one of its name, so no two may share one."""
    if not result.returns_rows:
        raise refuse("work_query")
    names = list(result.keys())
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise refuse("work_query_twice", names=", ".join(twice))
    return names


def _same_file(source: sa.Engine, target: sa.Engine) -> bool:
    """Whether both are one SQLite database."""
    if source.dialect.name != "sqlite" or target.dialect.name != "sqlite":
        return False
    one, other = source.url.database, target.url.database
    return bool(one and other) and os.path.realpath(str(one)) == os.path.realpath(str(other))


def _write(
    task: Task,
    plan: Plan,
    writing: sa.Connection,
    table: sa.Table,
    names: Sequence[str],
    batches: Iterator[Sequence[Row]],
    total: int,
) -> None:
    insert = _insert(plan, table, names, writing.dialect.name)
    columns = [table.c[name] for name in names]
    rows = count = 0
    for batch in batches:
        stop_if_cancelled(task)
        try:
            values = fitted(batch, columns, rows + 1)
        except Unfit as unfit:
            raise refuse(
                "work_value",
                table=table.fullname,
                row=unfit.row,
                column=unfit.column,
                found=Quoted(repr(str(unfit.value)), 100),
            ) from None
        writing.execute(insert, values)
        rows, count = rows + len(batch), count + 1
        task.progress(min(99.0, 100 * rows / total) if total else None, f"{rows:,} rows")
    stop_if_cancelled(task)
    task.log(f"{rows} rows in {count} batches into {table.fullname}")
    task.add_output("rows", rows)
    task.add_output("batches", count)


def _query(plan: Plan, connection: sa.Connection) -> tuple[Any, Mapping[str, Json], int]:
    """What to read, with its values, and how many rows it has; 0 where that is not known beforehand."""
    query = maybe_text(plan.source, "query")
    if query is not None:
        params = bound(plan.source)
        missing = sorted(set(sa.text(query).compile().params) - set(params))
        if missing:
            raise refuse("work_sql_params", names=", ".join(missing))
        return sa.text(query), params, 0
    table = _table(connection, wanted_text(plan.source, "table"))
    _refuse_unknown(table, plan.columns)
    columns = [table.c[name] for name in plan.columns] or list(table.c)
    total = connection.scalar(sa.select(sa.func.count()).select_from(table))
    return sa.select(*columns), {}, int(total or 0)


def _table(connection: sa.Connection, name: str) -> sa.Table:
    """``table`` or ``schema.table``, as the database describes it."""
    schema, _, table = name.rpartition(".")
    return sa.Table(table, sa.MetaData(), schema=schema or None, autoload_with=connection)


def _refuse_unknown(table: sa.Table, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in table.c]
    if missing:
        known = ", ".join(table.c.keys())[:500]
        raise refuse("work_columns", table=table.fullname, names=", ".join(missing), known=known)


def _insert(plan: Plan, table: sa.Table, names: Sequence[str], dialect: str) -> Any:
    values: dict[str, Any] = {name: sa.bindparam(name) for name in names}
    if plan.mode != "upsert":
        return sa.insert(table).values(values)
    _refuse_unknown(table, plan.keys)
    rest = [name for name in names if name not in plan.keys]
    if dialect in ("mysql", "mariadb"):
        made: Any = mysql.insert(table).values(values)
        return made.on_duplicate_key_update({name: made.inserted[name] for name in rest or plan.keys})
    made = (postgresql if dialect == "postgresql" else sqlite).insert(table).values(values)
    if not rest:
        return made.on_conflict_do_nothing(index_elements=list(plan.keys))
    changed = {name: made.excluded[name] for name in rest}
    return made.on_conflict_do_update(index_elements=list(plan.keys), set_=changed)


def _batches(result: sa.CursorResult[Any], size: int, whole: bool) -> Iterator[Sequence[Row]]:
    """``whole``: read everything first, for what is written through the same connection."""
    if whole:
        rows = result.fetchall()
        yield from (rows[i : i + size] for i in range(0, len(rows), size))
        return
    while found := result.fetchmany(size):
        yield found
