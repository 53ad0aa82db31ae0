"""The hot statements as text, written once for the driver's own parameter marks."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from headrace.storage import tables as t
from headrace.storage.rows import RUN_TURN, STEP_CHANGES, STEP_REST


class Statements:
    """SQL for ``SqlWriter``. Names come from our own tables, values never stand in the text."""

    def __init__(self, dialect: sa.Dialect) -> None:
        self.mark = "?" if dialect.name == "sqlite" else "%s"
        self.insert: Any = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
        self._quote = dialect.identifier_preparer.quote
        step_columns = [column.name for column in t.step.c if column.name != "id"] + ["id"]
        self.add_run = self._add(t.run)
        self.add_step = self._add(t.step, step_columns)
        self.add_attempt = self._add(t.attempt)
        self.add_history = self._add(t.history)
        self.add_run_target = self._add(t.run_target)
        # Columns that did not change stay out: naming one that is indexed costs an index write.
        self.turn_run = self._change("run", RUN_TURN)
        self.change_step = self._change("step", STEP_CHANGES)
        self.change_step_rest = self._change("step", STEP_REST)
        self.remove_step = f"DELETE FROM step WHERE id = {self.mark}"  # noqa: S608
        self.put_operation = (
            f"{self._add(t.operation)} ON CONFLICT (id) DO UPDATE SET "
            "finished_at = excluded.finished_at, status = excluded.status"
        )
        self.add_to_tally = (
            f"{self._add(t.run_tally)} ON CONFLICT (tenant, status, {self._quote('trigger')}) "
            "DO UPDATE SET n = run_tally.n + excluded.n"
        )
        self.add_to_workflow_tally = (
            f"{self._add(t.workflow_tally)} ON CONFLICT (tenant, workflow, status, {self._quote('trigger')}) "
            "DO UPDATE SET n = workflow_tally.n + excluded.n"
        )
        self.allocate = (
            f"{self._add(t.counter)} ON CONFLICT (name) "
            "DO UPDATE SET value = counter.value + excluded.value RETURNING value"
        )

    def _add(self, table: sa.Table, columns: list[str] | None = None) -> str:
        names = columns or [column.name for column in table.c]
        marks = ", ".join([self.mark] * len(names))
        return f"INSERT INTO {table.name} ({', '.join(map(self._quote, names))}) VALUES ({marks})"  # noqa: S608

    def _change(self, table: str, columns: Iterable[str]) -> str:
        changes = ", ".join(f"{self._quote(name)} = {self.mark}" for name in columns)
        return f"UPDATE {table} SET {changes} WHERE id = {self.mark}"  # noqa: S608
