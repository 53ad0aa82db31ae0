"""The questions asked all the time find their rows through an index, however many runs there are."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headrace.core.run.state import Step
from headrace.core.words import RunStatus, StepStatus, Trigger
from headrace.ports.records import RunFilter
from headrace.storage import apsw_driver, open_sqlite, rows
from headrace.storage.reader import SqlReader
from headrace.storage.sql_store import SqlStore
from tests.storage.samples import MINE, NOW, a_run

RUNS = 200_000
STEPS = 2  # a run


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A database with very many runs, nearly all of them closed."""
    path: Path = tmp_path_factory.mktemp("full") / "headrace.db"
    store = open_sqlite(path)
    with store.write() as writer:
        sql = writer._sql
        writer._many(sql.add_run, _runs())
        writer._many(sql.add_step, _steps())
        targets = [(n, "host", n % 500, MINE, f"host-{n % 500}") for n in range(1, RUNS + 1)]
        writer._many(sql.add_run_target, targets)
        counted = {(MINE, str(s), str(t)): 0 for s in RunStatus for t in Trigger}
        for run in range(1, RUNS + 1):
            counted[MINE, _status(run), "MANUAL"] += 1
        writer._many(sql.add_to_tally, [(*key, n) for key, n in counted.items() if n])
        names = [(MINE, f"W{n}", "SUCCESSFUL", "MANUAL", f"w{n}", RUNS // 50) for n in range(50)]
        writer._many(sql.add_to_workflow_tally, names)
    yield store
    store.close()


def _status(number: int) -> str:
    return "RUNNING" if number % 1_000 == 0 else "FAILED" if number % 100 == 1 else "SUCCESSFUL"


def _runs() -> Any:
    row = list(rows.run_row(a_run(0, started_at=NOW, finished_at=NOW)))
    for number in range(1, RUNS + 1):
        row[0], row[2], row[3], row[6] = number, f"W{number % 50}", f"w{number % 50}", _status(number)
        row[23] = NOW + number
        row[25] = NOW + number
        row[24] = None if number % 2_000 == 0 else NOW + number
        yield tuple(row)


def _steps() -> Any:
    step = rows.step_row(0, Step(0, 0, status=StepStatus.SUCCESSFUL, created_at=NOW))
    for number in range(RUNS * STEPS):
        yield (number // STEPS + 1, *step[1:-1], number + 1)


HOT = {
    "first page": lambda r: r.runs(MINE, RunFilter(), [], 1, 100),
    "what the runs of a page wait for": lambda r: r.active_waits([run * 1_000 for run in range(1, 101)]),
    "first page by id": lambda r: r.runs(MINE, RunFilter(), [("id", False)], 1, 100),
    "by one status": lambda r: r.runs(MINE, RunFilter(statuses=frozenset({RunStatus.FAILED})), [], 1, 100),
    "by statuses": lambda r: r.runs(
        MINE, RunFilter(statuses=frozenset({RunStatus.FAILED, RunStatus.RUNNING})), [], 1, 100
    ),
    "by trigger": lambda r: r.runs(MINE, RunFilter(triggers=frozenset({Trigger.API})), [], 1, 100),
    "by target": lambda r: r.runs(MINE, RunFilter(target_ids={"host": 7}), [], 1, 100),
    "by workflow": lambda r: r.runs_after(MINE, RunFilter(workflow="W7"), None, 100),
    "by part of a name": lambda r: r.runs(MINE, RunFilter(name="7"), [], 1, 100),
    "by part of a name and status": lambda r: r.runs(
        MINE, RunFilter(name="W49", statuses=frozenset({RunStatus.FAILED})), [], 1, 100
    ),
    "by creation": lambda r: r.runs(MINE, RunFilter(), [("createdAt", False)], 1, 100),
    "by start": lambda r: r.runs(MINE, RunFilter(), [("startedAt", False)], 1, 100),
    "by end": lambda r: r.runs(MINE, RunFilter(), [("finishedAt", True)], 1, 100),
    "with steps": lambda r: r.runs_with_steps(MINE, RunFilter(), [], 1, 100),
    "by cursor": lambda r: r.runs_after(MINE, RunFilter(), 100_000, 100),
    "a run": lambda r: r.run(MINE, 5),
    "its steps": lambda r: r.steps(5),
    "its operations": lambda r: r.operations(5),
    "its history": lambda r: r.history(5, 0, 100),
    "its children": lambda r: r.children(5),
    "a step's run": lambda r: r.step_run(5),
    "a step's attempts": lambda r: r.attempts(5),
    "a step's child": lambda r: r.child_of(5, 1),
    "open runs": lambda r: r.open_runs(),
    "due runs": lambda r: r.due_runs(),
    "queued": lambda r: r.queued_runs(MINE, "W0"),
    "active": lambda r: r.active_count(MINE, "W0"),
    "an answer": lambda r: r.stored_answer(MINE, "route", "key"),
}
SCANS_WELL = ("run_running", "run_with_deadline", "run_by_parent", "step_due")  # hold only what is wanted


def plans(store: SqlStore, ask: Any) -> tuple[list[str], float]:
    """How SQLite finds what ``ask`` asks for, and the seconds it took."""
    asked: list[tuple[str, Any]] = []
    execute = apsw_driver.Cursor.execute

    def kept(cursor: apsw_driver.Cursor, sql: str, values: Any = ()) -> apsw_driver.Cursor:
        asked.append((sql, values))
        return execute(cursor, sql, values)

    with store.read() as reader:
        assert isinstance(reader, SqlReader)
        ask(reader)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(apsw_driver.Cursor, "execute", kept)
            begun = time.perf_counter()
            ask(reader)
            seconds = time.perf_counter() - begun
        found = [
            str(row[3])
            for sql, values in asked
            for row in reader._connection.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, values)
        ]
    assert found
    return found, seconds


@pytest.mark.slow
@pytest.mark.parametrize("name", HOT)
def test_no_hot_question_walks_through_all_runs(full: SqlStore, name: str) -> None:
    steps, seconds = plans(full, HOT[name])
    print(name, f"{seconds * 1000:.2f} ms", steps)
    scans = [
        step
        for step in steps
        if step.startswith(("SCAN run", "SCAN step", "SCAN history", "SCAN attempt", "SCAN answer"))
        and not any(index in step.split() for index in SCANS_WELL)
    ]
    assert scans == []
    sorts = [step for step in steps if step == "USE TEMP B-TREE FOR ORDER BY"]
    assert not sorts or name in (
        "by target",
        "by part of a name",
        "by part of a name and status",
        "by statuses",
        "by trigger",
        "by one status",
    )
