"""The pen, on both dialects: ``ports.store.Writer`` over one SQLAlchemy connection.

What runs for every step goes through prepared statements in batches, on the driver's own cursor; the
rest is plain SQLAlchemy.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from headrace.core.run.state import Decision, OperationRecord, Run, Step
from headrace.ports.errors import Broken, Conflict
from headrace.ports.records import (
    RoleRecord,
    StoredAnswer,
    TargetRecord,
    TenantRecord,
    TokenRecord,
    UserRecord,
    VersionRecord,
    WorkflowRecord,
)
from headrace.storage import rows
from headrace.storage import tables as t
from headrace.storage.faults import has_transaction, meaning, translated
from headrace.storage.parts.alarms import SqlAlarmWriter
from headrace.storage.parts.audit import SqlAuditWriter
from headrace.storage.parts.invocations import SqlInvocationWriter
from headrace.storage.parts.licence import SqlLicenceWriter
from headrace.storage.parts.schedules import SqlScheduleWriter
from headrace.storage.parts.sessions import SqlSessionWriter
from headrace.storage.parts.vault import SqlVaultWriter
from headrace.storage.reader import SqlReader
from headrace.storage.statements import Statements

Rows = list[tuple[Any, ...]]
Tally = Counter[tuple[int, str, str, str]]
"""By tenant, workflow, status and trigger."""


class SqlWriter(
    SqlAuditWriter,
    SqlScheduleWriter,
    SqlAlarmWriter,
    SqlVaultWriter,
    SqlSessionWriter,
    SqlInvocationWriter,
    SqlLicenceWriter,
    SqlReader,
):
    """``ports.store.Writer``; used within the transaction that its store opened."""

    def __init__(
        self, connection: sa.Connection, cursor: Any, statements: Statements, given: dict[str, int]
    ) -> None:
        super().__init__(connection)
        self._sql = statements
        self._given = given  # the highest id of each kind that this process has seen
        self._cursor = cursor  # the driver's own
        self._depth = 0

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self._depth += 1
        name = f"s{self._depth}"
        with translated():
            self._connection.exec_driver_sql(f"SAVEPOINT {name}")
            try:
                yield
            except BaseException as error:
                self._undo_to(name, error)
                raise
            finally:
                self._depth -= 1
            self._connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")

    def _undo_to(self, name: str, error: BaseException) -> None:
        if has_transaction(self._connection):
            self._connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
            self._connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")
        elif not isinstance(meaning(error) or error, Broken):
            # Whoever goes on now would write without a transaction.
            raise Broken("database_io", {"error": "the transaction has ended by itself"}) from error

    def allocate(self, what: str, count: int) -> range:
        last = self._advance(what, count)
        behind = self._given.get(what, 0) - (last - count)
        if behind > 0:  # ids of a transaction that was undone; somebody may have kept some
            last = self._advance(what, behind)
        self._given[what] = last
        return range(last - count + 1, last + 1)

    def _advance(self, what: str, count: int) -> int:
        self._cursor.execute(self._sql.allocate, (what, count))
        return int(self._cursor.fetchall()[0][0])

    def _many(self, sql: str, found: Rows) -> None:
        if found:
            self._cursor.executemany(sql, found)

    def _change(self, sql: str, found: Rows) -> None:
        """Rows that must be there."""
        self._many(sql, found)
        if found and self._cursor.rowcount != len(found):
            raise Conflict(f"not all of {len(found)} rows are there")

    # -- runs

    def create_run(self, run: Run, steps: Iterable[Step], operation: OperationRecord) -> None:
        self.create_runs([(run, steps, operation)])

    def create_runs(self, new: Sequence[tuple[Run, Iterable[Step], OperationRecord]]) -> None:
        sql = self._sql
        steps: Rows = []
        targets: dict[tuple[Any, ...], None] = {}
        tally: Tally = Counter()
        for run, first_steps, _ in new:
            steps += [rows.step_row(run.id, step) for step in first_steps]
            targets |= {(run.id, x.type, x.id, run.tenant, x.name.lower()): None for x in run.targets}
            tally[run.tenant, run.workflow, run.status, run.trigger] += 1
        self._many(sql.add_run, [rows.run_row(run) for run, _, _ in new])
        self._many(sql.add_step, steps)
        self._many(sql.put_operation, [rows.operation_row(run.id, record) for run, _, record in new])
        self._many(sql.add_run_target, list(targets))
        self._add_to_tally(tally)

    def save(self, decisions: Iterable[Decision]) -> None:
        changed = [decision for decision in decisions if decision.changed]
        self._save_history(changed)
        known = [decision for decision in changed if not decision.first]
        self._save_runs(known)
        self._save_steps(known)
        self._save_records(changed)

    def _save_history(self, changed: Sequence[Decision]) -> None:
        """The guard of the whole write: a Conflict where somebody else has taken a run's next number."""
        found = [(d.run.id, d.seq, d.at, rows.encode(d.history)) for d in changed]
        self._many(self._sql.add_history, found)

    def _save_runs(self, changed: Sequence[Decision]) -> None:
        self._change(self._sql.turn_run, [rows.run_turn(d.run) for d in changed if d.turned])
        tally: Tally = Counter()
        for d in changed:
            run = d.run
            if d.status_before is not None and d.status_before is not run.status:
                tally[run.tenant, run.workflow, d.status_before, run.trigger] -= 1
                tally[run.tenant, run.workflow, run.status, run.trigger] += 1
        self._add_to_tally(tally)

    def _add_to_tally(self, changes: Tally) -> None:
        whole: Counter[tuple[int, str, str]] = Counter()
        found: Rows = []
        for (tenant, workflow, status, trigger), n in changes.items():
            if n:
                words = str(status), str(trigger)
                whole[tenant, *words] += n
                found.append((tenant, workflow, *words, workflow.lower(), n))
        self._many(self._sql.add_to_tally, [(*key, n) for key, n in whole.items() if n])
        self._many(self._sql.add_to_workflow_tally, found)

    def _save_steps(self, changed: Sequence[Decision]) -> None:
        added: Rows = []
        updated: Rows = []
        reshaped: Rows = []
        removed: Rows = []
        for d in changed:
            created = d.created
            for step in d.steps.values():
                if step.id in created:
                    added.append(rows.step_row(d.run.id, step))
                    continue
                updated.append(rows.step_change(step))
                if step.id in d.reshaped or has_rest(step):
                    reshaped.append(rows.step_rest(step))
            removed += [(step_id,) for step_id in d.removed]
        self._change(self._sql.change_step, updated)
        self._change(self._sql.change_step_rest, reshaped)
        self._many(self._sql.add_step, added)
        self._many(self._sql.remove_step, removed)

    def _save_records(self, changed: Sequence[Decision]) -> None:
        attempts: Rows = []
        operations: Rows = []
        for d in changed:
            attempts += [rows.attempt_row(attempt) for attempt in d.attempts]
            operations += [rows.operation_row(d.run.id, record) for record in d.operations]
        self._many(self._sql.add_attempt, attempts)
        self._many(self._sql.put_operation, operations)

    # -- the rest

    def put_workflow(self, record: WorkflowRecord) -> None:
        self._put(t.workflow, rows.workflow_values(record), "tenant", "name")

    def delete_workflow(self, tenant: int, name: str) -> None:
        w = t.workflow.c
        self._connection.execute(sa.delete(t.workflow).where(w.tenant == tenant, w.name == name))

    def add_version(self, record: VersionRecord) -> None:
        self._connection.execute(sa.insert(t.version).values(rows.version_values(record)))

    def put_target(self, record: TargetRecord) -> None:
        self._put(t.target, rows.target_values(record))

    def delete_target(self, tenant: int, target_id: int) -> None:
        c = t.target.c
        self._connection.execute(sa.delete(t.target).where(c.tenant == tenant, c.id == target_id))

    def add_tenant(self, record: TenantRecord) -> None:
        self._connection.execute(sa.insert(t.tenant).values(rows.tenant_values(record)))

    def change_tenant(self, record: TenantRecord) -> None:
        self._put(t.tenant, rows.tenant_values(record))

    def put_user(self, record: UserRecord) -> None:
        self._put(t.user, rows.user_values(record))

    def put_role(self, record: RoleRecord) -> None:
        self._put(t.role, rows.role_values(record))

    def delete_role(self, tenant: int, role_id: int) -> None:
        c = t.role.c
        self._connection.execute(sa.delete(t.role).where(c.tenant == tenant, c.id == role_id))

    def put_token(self, record: TokenRecord) -> None:
        self._put(t.token, rows.token_values(record))

    def delete_token(self, token_id: int) -> None:
        self._connection.execute(sa.delete(t.token).where(t.token.c.id == token_id))

    def store_answer(self, tenant: int, route: str, key: str, answer: StoredAnswer) -> None:
        values = {
            "tenant": tenant,
            "route": route,
            "key": key,
            "fingerprint": answer.fingerprint,
            "answer": rows.encode(answer.answer),
            "created_at": answer.created_at,
        }
        self._put(t.answer, values)

    def forget_answers(self, before: float, limit: int) -> int:
        a = t.answer.c
        old = sa.select(a.tenant, a.route, a.key).where(a.created_at < before)
        old = old.order_by(a.created_at).limit(limit)
        key = sa.tuple_(a.tenant, a.route, a.key)
        return int(self._connection.execute(sa.delete(t.answer).where(key.in_(old))).rowcount)


def has_rest(step: Step) -> bool:
    """Whether a person or a child run left something on the step; the core never takes it away again."""
    return step.inputs is not None or step.votes is not None or step.children is not None
