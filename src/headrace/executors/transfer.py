"""``transfer``: rows from one table or query into another table, in batches, across databases."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from headrace.core.run.capabilities import Capabilities
from headrace.executors.databases import database, interrupt, said, stop_if_cancelled
from headrace.executors.executor import Executor, Task, refuse
from headrace.executors.inputs import Inputs, maybe_text, shown, texts, wanted_text

Json = Any
Row = tuple[Any, ...]
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
    """Inputs: ``from`` and ``to`` (``connection`` or ``url``, ``table``; ``from`` may have ``query``
    instead), ``columns``, ``batch``, ``mode`` (append, truncate, upsert), ``keys`` (of upsert).

    All of it is one transaction in the target: an attempt that fails or is cancelled leaves it as it was.
    Outputs: ``rows``, ``batches``.
    """

    name = "transfer"
    idempotent = True

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(idempotent=True, needs=(("from",), ("to",)))

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
        raise refuse("work_input", name="batch", found=shown(batch), wanted=f"a number, 1 to {BATCH_MOST}")
    keys = texts(inputs, "keys")
    if mode == "upsert" and not keys:
        raise refuse("work_input", name="keys", found="[]", wanted="the columns that tell rows apart")
    return Plan(_part(inputs, "from"), _part(inputs, "to"), texts(inputs, "columns"), mode, keys, batch)


def _part(inputs: Inputs, name: str) -> Inputs:
    value = inputs.get(name)
    if not isinstance(value, Mapping):
        raise refuse(
            "work_input", name=name, found=shown(value), wanted="an object with connection and table"
        )
    return value


def _move(task: Task, plan: Plan, source: sa.Engine, target: sa.Engine, open_ones: ExitStack) -> None:
    reading = open_ones.enter_context(source.connect().execution_options(stream_results=True))
    writing = open_ones.enter_context(target.begin())
    task.on_cancel(lambda: interrupt(source, reading))
    task.on_cancel(lambda: interrupt(target, writing))
    query, total = _query(plan, reading)
    result = reading.execute(query)
    names = list(result.keys())
    table = _table(writing, wanted_text(plan.target, "table"))
    _refuse_unknown(table, names)
    if plan.mode == "truncate":
        writing.execute(sa.delete(table))
    insert = _insert(plan, table, names, target.dialect.name)
    rows = batches = 0
    for batch in _batches(result, plan.batch):
        stop_if_cancelled(task)
        writing.execute(insert, [dict(zip(names, row, strict=True)) for row in batch])
        rows, batches = rows + len(batch), batches + 1
        task.progress(min(99.0, 100 * rows / total) if total else None, f"{rows:,} rows")
    stop_if_cancelled(task)
    task.log(f"{rows} rows in {batches} batches into {table.fullname}")
    task.add_output("rows", rows)
    task.add_output("batches", batches)


def _query(plan: Plan, connection: sa.Connection) -> tuple[Any, int]:
    """What to read, and about how many rows it has; 0 where that is not known beforehand."""
    query = maybe_text(plan.source, "query")
    if query is not None:
        return sa.text(query), 0
    table = _table(connection, wanted_text(plan.source, "table"))
    _refuse_unknown(table, plan.columns)
    columns = [table.c[name] for name in plan.columns] or list(table.c)
    return sa.select(*columns), int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


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


def _batches(result: sa.CursorResult[Any], size: int) -> Iterator[list[Row]]:
    while found := result.fetchmany(size):
        yield [tuple(row) for row in found]
