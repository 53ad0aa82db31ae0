"""Fills a home folder with a long history: copies of its one run, written straight into the tables.

Each copy has all the rows of a real run (head, steps, attempts, operation, history), its own ids and
instants, one of ten workflow names and one of a hundred hosts as its target; every tenth is FAILED, so that
a list of a hundred is full with a thousand runs as with a million. Lists, filters and counts therefore meet
what they would meet after years, in a minute instead of hours.
"""

import sqlite3
from pathlib import Path
from typing import Any

from headrace.storage import tables

NAMES, HOSTS, FAILED_EVERY, SPACING = 10, 100, 10, 60  # one run a minute

NUMBERS = "WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < :runs)"
MOVED = "{column} - (:runs - copy.n) * :spacing"
RUN_VALUES = {
    "id": "id + copy.n",
    "operation_id": "operation_id + copy.n",
    "workflow": "'history-' || (copy.n % :names)",
    "workflow_lower": "'history-' || (copy.n % :names)",
    "status": "CASE copy.n % :failed_every WHEN 0 THEN 'FAILED' ELSE status END",
    "created_at": MOVED,
    "started_at": MOVED,
    "finished_at": MOVED,
    "targets": """'[{{"id":' || (1 + copy.n % :hosts) || ',"type":"host","name":"host-' """
    """|| (copy.n % :hosts) || '","root":true}}]'""",
}
STEP_VALUES = {"id": "id + copy.n * :steps", "run_id": "run_id + copy.n", "created_at": MOVED}
STEP_VALUES |= dict.fromkeys(("started_at", "attempt_at", "finished_at"), MOVED)
ATTEMPT_VALUES = {"step_id": "step_id + copy.n * :steps", "started_at": MOVED, "finished_at": MOVED}
OPERATION_VALUES = {
    "id": "id + copy.n",
    "run_id": "run_id + copy.n",
    "started_at": MOVED,
    "finished_at": MOVED,
}
HISTORY_VALUES = {"run_id": "run_id + copy.n", "at": MOVED}
COPIES: dict[Any, dict[str, str]] = {
    tables.run: RUN_VALUES,
    tables.step: STEP_VALUES,
    tables.attempt: ATTEMPT_VALUES,
    tables.operation: OPERATION_VALUES,
    tables.history: HISTORY_VALUES,
}


def multiply(home: Path, runs: int) -> range:
    """Copy the only run of the database under ``home`` so many times; the ids of the copies."""
    connection = sqlite3.connect(str(_database(home)))
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-500000")
    ((first, tenant),) = connection.execute("SELECT id, tenant FROM run")
    ((steps,),) = connection.execute("SELECT count(*) FROM step")
    values = {"runs": runs, "spacing": SPACING, "names": NAMES, "failed_every": FAILED_EVERY, "hosts": HOSTS}
    values |= {"steps": steps, "first": first, "tenant": tenant}
    with connection:
        for table, changed in COPIES.items():
            connection.execute(_copy(table, changed), values)
        connection.execute(
            f"{NUMBERS} INSERT INTO run_target (run_id, type, target_id, tenant, name_lower) "
            "SELECT :first + n, 'host', 1 + n % :hosts, :tenant, 'host-' || (n % :hosts) FROM copy",
            values,
        )
        _count(connection)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return range(first + 1, first + runs + 1)


def _copy(table: Any, changed: dict[str, str]) -> str:
    """One statement for all copies of a table's rows. The copied rows are those of the first run: a
    statement does not see what it inserts itself, because its source is read to the end first."""
    columns = [f'"{column.name}"' for column in table.columns]
    values = [changed.get(column.strip('"'), column).format(column=column) for column in columns]
    return (
        f"{NUMBERS} INSERT INTO {table.name} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM (SELECT * FROM {table.name}), copy ORDER BY copy.n"
    )


def _count(connection: Any) -> None:
    """Bring what is derived up to date: the tallies, and the counters that ids come from."""
    connection.execute("DELETE FROM run_tally")
    connection.execute(
        'INSERT INTO run_tally (tenant, status, "trigger", n) '
        'SELECT tenant, status, "trigger", count(*) FROM run GROUP BY 1, 2, 3'
    )
    connection.execute("DELETE FROM workflow_tally")
    connection.execute(
        'INSERT INTO workflow_tally (tenant, workflow, status, "trigger", workflow_lower, n) '
        'SELECT tenant, workflow, status, "trigger", workflow_lower, count(*) FROM run GROUP BY 1, 2, 3, 4'
    )
    for table in (tables.run, tables.step, tables.operation):
        connection.execute(
            f"UPDATE counter SET value = max(value, (SELECT max(id) FROM {table.name})) WHERE name = ?",
            (table.name,),
        )


def _database(home: Path) -> Path:
    for path in home.iterdir():
        if path.is_file():
            with path.open("rb") as file:
                if file.read(15) == b"SQLite format 3":
                    return path
    raise RuntimeError(f"there is no database in {home}")
