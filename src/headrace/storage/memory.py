"""The Store as plain dicts: the reference the others are held to, and the simulator's ground."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, TypeVar

from headrace.core.run.state import Attempt, Decision, OperationRecord, Run, Step
from headrace.core.run.table import ACTIVE
from headrace.core.words import CLOSED, Operation, Reason, RunStatus, Wait
from headrace.ports.errors import Conflict, Refused
from headrace.ports.records import (
    HistoryRow,
    Holdings,
    Page,
    RoleRecord,
    RunFilter,
    RunRow,
    StoredAnswer,
    TargetRecord,
    TenantRecord,
    TokenRecord,
    UserRecord,
    VersionHead,
    VersionRecord,
    WorkflowRecord,
)
from headrace.ports.store import SORTS, WORKFLOW_SORTS
from headrace.storage.parts.alarms import MemoryAlarms
from headrace.storage.parts.audit import MemoryAudit
from headrace.storage.parts.invocations import MemoryInvocations
from headrace.storage.parts.licence import MemoryLicence
from headrace.storage.parts.part import cut
from headrace.storage.parts.schedules import MemorySchedules
from headrace.storage.parts.sessions import MemorySessions
from headrace.storage.parts.vault import MemoryVault

Json = Any
T = TypeVar("T")
K = TypeVar("K")

SORT_KEYS: dict[str, Callable[[Run], Any]] = {
    "id": lambda run: run.id,
    "name": lambda run: run.workflow,
    "status": lambda run: run.status,
    "createdAt": lambda run: run.created_at,
    "startedAt": lambda run: run.started_at,
    "finishedAt": lambda run: run.finished_at,
}
assert SORT_KEYS.keys() == SORTS
WORKFLOW_KEYS: dict[str, Callable[[WorkflowRecord], Any]] = {
    "name": attrgetter("name"),
    "updatedAt": attrgetter("updated_at"),
}
assert WORKFLOW_KEYS.keys() == WORKFLOW_SORTS


class MemoryStore(
    MemoryAudit,
    MemorySchedules,
    MemoryAlarms,
    MemoryVault,
    MemorySessions,
    MemoryInvocations,
    MemoryLicence,
):
    """``ports.store.Store``, ``Reader`` and ``Writer`` in one; a lock makes it one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.RLock()
        self._counters: dict[str, int] = defaultdict(int)
        self._runs: dict[int, Run] = {}
        self._steps: dict[int, dict[int, Step]] = {}
        self._step_run: dict[int, int] = {}
        self._operations: dict[int, dict[int, OperationRecord]] = {}
        self._attempts: dict[int, list[Attempt]] = {}
        self._history: dict[int, list[HistoryRow]] = {}
        self._workflows: dict[tuple[int, str], WorkflowRecord] = {}
        self._versions: dict[int, VersionRecord] = {}
        self._targets: dict[int, TargetRecord] = {}
        self._tenants: dict[int, TenantRecord] = {}
        self._users: dict[int, UserRecord] = {}
        self._roles: dict[int, RoleRecord] = {}
        self._tokens: dict[int, TokenRecord] = {}
        self._answers: dict[tuple[int, str, str], StoredAnswer] = {}

    # -- store

    @contextmanager
    def read(self) -> Iterator[MemoryStore]:
        with self._lock:
            yield self

    @contextmanager
    def write(self) -> Iterator[MemoryStore]:
        with self._lock:
            self._undo = []
            try:
                yield self
            except BaseException:
                self._undo_to(0)
                raise
            finally:
                self._undo = None

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        assert self._undo is not None
        mark = len(self._undo)
        try:
            yield
        except BaseException:
            self._undo_to(mark)
            raise

    def _undo_to(self, mark: int) -> None:
        assert self._undo is not None
        while len(self._undo) > mark:
            self._undo.pop()()

    def check(self) -> None:
        pass

    def close(self) -> None:
        pass

    def allocate(self, what: str, count: int) -> range:
        # Not undone: a gap is harmless, an id given twice is not.
        first = self._counters[what] + 1
        self._counters[what] += count
        return range(first, first + count)

    # -- runs

    def run(self, tenant: int | None, run_id: int) -> Run | None:
        run = self._runs.get(run_id)
        return run if run is not None and tenant in (None, run.tenant) else None

    def runs_by_id(self, tenant: int, ids: Sequence[int]) -> Mapping[int, Run]:
        return {id: run for id in ids if (run := self.run(tenant, id)) is not None}

    def steps(self, run_id: int) -> Sequence[Step]:
        return [step for _, step in sorted(self._steps.get(run_id, {}).items())]

    def step(self, run_id: int, step_id: int) -> Step | None:
        return self._steps.get(run_id, {}).get(step_id)

    def step_run(self, step_id: int) -> int | None:
        return self._step_run.get(step_id)

    def active_waits(self, run_ids: Sequence[int]) -> Sequence[tuple[int, Wait | None]]:
        pairs = {(run, step.wait) for run in run_ids for step in self.steps(run) if step.status in ACTIVE}
        waiting = {run for run, wait in pairs if wait is not None}
        return [pair for pair in pairs if pair[0] in waiting]

    def operations(self, run_id: int) -> Sequence[OperationRecord]:
        return [record for _, record in sorted(self._operations.get(run_id, {}).items())]

    def attempts(self, step_id: int) -> Sequence[Attempt]:
        return list(self._attempts.get(step_id, ()))

    def sequence(self, run_id: int) -> int:
        rows = self._history.get(run_id)
        return rows[-1].seq if rows else 0

    def history(self, run_id: int, after: int, limit: int) -> Sequence[HistoryRow]:
        return [row for row in self._history.get(run_id, ()) if row.seq > after][:limit]

    def runs(
        self, tenant: int, which: RunFilter, sort: Sequence[tuple[str, bool]], page: int, size: int
    ) -> Page[Run]:
        found = [run for run in self._runs.values() if run.tenant == tenant and self._matches(run, which)]
        for field, ascending in reversed([*sort, ("id", False)]):
            key = SORT_KEYS.get(field)
            if key is None:
                raise Refused(
                    "invalid", "sort_unknown", {"found": field, "expected": ", ".join(sorted(SORTS))}
                )
            # NULL sorts as the smallest value, whatever the direction
            found.sort(key=lambda run, key=key: (key(run) is not None, key(run)), reverse=not ascending)  # type: ignore[misc]
        return Page(found[(page - 1) * size : page * size], page, size, len(found))

    def _matches(self, run: Run, which: RunFilter) -> bool:
        broken = any(step.reason is Reason.BROKEN for step in self._steps[run.id].values())
        cut_short = broken or run.status is RunStatus.CANCELED or run.operation is Operation.ROLLBACK
        return (
            matches(run, which)
            and which.queued in (None, run.started_at is None)
            and which.closing in (None, run.closing is not None)
            and which.cut_short in (None, cut_short)
        )

    def runs_with_steps(
        self, tenant: int, which: RunFilter, sort: Sequence[tuple[str, bool]], page: int, size: int
    ) -> Page[RunRow]:
        found = self.runs(tenant, which, sort, page, size)
        return Page([RunRow(run, self.steps(run.id)) for run in found.items], page, size, found.total)

    def runs_after(self, tenant: int, which: RunFilter, before_id: int | None, limit: int) -> Sequence[Run]:
        found = [
            run
            for run in self._runs.values()
            if run.tenant == tenant
            and self._matches(run, which)
            and (before_id is None or run.id < before_id)
        ]
        return sorted(found, key=lambda run: -run.id)[:limit]

    def open_runs(self) -> Sequence[int]:
        return sorted(run.id for run in self._runs.values() if run.status is RunStatus.RUNNING)

    def due_runs(self) -> Sequence[int]:
        return sorted(run.id for run in self._runs.values() if run.status not in CLOSED and self._is_due(run))

    def _is_due(self, run: Run) -> bool:
        steps = self._steps[run.id].values()
        return run.deadline is not None or any(step.due_at is not None for step in steps)

    def queued_runs(self, tenant: int, workflow: str) -> Sequence[int]:
        return sorted(run.id for run in self._running(tenant, workflow) if run.started_at is None)

    def active_count(self, tenant: int, workflow: str) -> int:
        return sum(run.started_at is not None for run in self._running(tenant, workflow))

    def _running(self, tenant: int, workflow: str) -> list[Run]:
        return [
            run
            for run in self._runs.values()
            if run.tenant == tenant and run.workflow == workflow and run.status is RunStatus.RUNNING
        ]

    def children(self, run_id: int) -> Sequence[Run]:
        return [run for _, run in sorted(self._runs.items()) if run.parent_run == run_id]

    def child_of(self, parent_step: int, attempt: int) -> int | None:
        for run in self._runs.values():
            if run.parent_step == parent_step and run.parent_attempt == attempt:
                return run.id
        return None

    def create_runs(self, new: Sequence[tuple[Run, Iterable[Step], OperationRecord]]) -> None:
        for run, steps, operation in new:
            self.create_run(run, steps, operation)

    def create_run(self, run: Run, steps: Iterable[Step], operation: OperationRecord) -> None:
        if run.id in self._runs:
            raise Conflict(f"run {run.id} is there already")
        parent, attempt = run.parent_step, run.parent_attempt
        if parent is not None and attempt is not None and self.child_of(parent, attempt) is not None:
            raise Conflict(f"step {parent} has a child already")
        self._set(self._runs, run.id, run)
        self._set(self._steps, run.id, {})
        self._set(self._operations, run.id, {operation.id: operation})
        for step in steps:
            self._put_step(run.id, step)

    def _put_step(self, run_id: int, step: Step) -> None:
        self._set(self._steps[run_id], step.id, step)
        self._set(self._step_run, step.id, run_id)

    def save(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            if decision.changed:
                self._save(decision)

    def _save(self, decision: Decision) -> None:
        run = decision.run
        if not decision.first:
            self._change(decision)
        for attempt in decision.attempts:
            self._append(self._attempts, attempt.step, attempt)
        for record in decision.operations:
            self._set(self._operations[run.id], record.id, record)
        row = HistoryRow(run.id, decision.seq, decision.at, decision.history)
        self._append(self._history, run.id, row)

    def _change(self, decision: Decision) -> None:
        run = decision.run
        if run.id not in self._runs or self.sequence(run.id) >= decision.seq:
            raise Conflict(f"run {run.id} has changed")
        self._set(self._runs, run.id, run)
        for step in decision.steps.values():
            self._put_step(run.id, step)
        for step_id in decision.removed:
            self._delete(self._steps[run.id], step_id)
            self._delete(self._step_run, step_id)

    # -- definitions

    def workflow(self, tenant: int, name: str) -> WorkflowRecord | None:
        return self._workflows.get((tenant, name))

    def workflow_by_id(self, tenant: int, workflow_id: int) -> WorkflowRecord | None:
        found = (record for record in self._workflows.values() if record.id == workflow_id)
        return next((record for record in found if record.tenant == tenant), None)

    def workflows(
        self,
        tenant: int,
        search: str | None,
        page: int,
        size: int,
        published: bool | None = None,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> Page[WorkflowRecord]:
        needle = (search or "").lower()
        found = [
            record
            for (owner, _), record in sorted(self._workflows.items())
            if owner == tenant
            and (needle in record.name.lower() or needle in record.remark.lower())
            and published in (None, record.published is not None)
        ]
        for field, ascending in reversed(sort):
            found.sort(key=WORKFLOW_KEYS[field], reverse=not ascending)
        return cut(found, page, size)

    def version(self, tenant: int, workflow: str, number: int) -> VersionRecord | None:
        found = (r for r in self._of_workflow(tenant, workflow) if r.number == number)
        return next(found, None)

    def version_by_id(self, version_id: int) -> VersionRecord | None:
        return self._versions.get(version_id)

    def versions(self, tenant: int, workflow: str) -> Sequence[VersionHead]:
        found = (record.head for record in self._of_workflow(tenant, workflow))
        return sorted(found, key=lambda head: head.number)

    def _of_workflow(self, tenant: int, workflow: str) -> list[VersionRecord]:
        return [r for r in self._versions.values() if (r.tenant, r.workflow) == (tenant, workflow)]

    def published(self, tenant: int) -> Sequence[VersionRecord]:
        found = {(w.name, w.published) for w in self._workflows.values() if w.tenant == tenant}
        versions = (r for r in self._versions.values() if r.tenant == tenant)
        return sorted((r for r in versions if (r.workflow, r.number) in found), key=lambda r: r.workflow)

    def put_workflow(self, record: WorkflowRecord) -> None:
        self._set(self._workflows, (record.tenant, record.name), record)

    def delete_workflow(self, tenant: int, name: str) -> None:
        self._delete(self._workflows, (tenant, name))

    def add_version(self, record: VersionRecord) -> None:
        if self.version(record.tenant, record.workflow, record.number) is not None:
            raise Conflict(f"version {record.number} of {record.workflow} is there already")
        self._set(self._versions, record.id, record)

    # -- targets

    def target(self, tenant: int, target_id: int) -> TargetRecord | None:
        record = self._targets.get(target_id)
        return record if record is not None and record.tenant == tenant else None

    def target_named(self, tenant: int, type: str, name: str) -> TargetRecord | None:
        for record in self._targets.values():
            if (record.tenant, record.type, record.name) == (tenant, type, name):
                return record
        return None

    def targets_by_id(self, tenant: int, ids: Iterable[int]) -> Mapping[int, TargetRecord]:
        found = {target_id: self.target(tenant, target_id) for target_id in ids}
        return {target_id: record for target_id, record in found.items() if record is not None}

    def targets(
        self,
        tenant: int,
        type: str | None,
        search: str | None,
        page: int,
        size: int,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> Page[TargetRecord]:
        needle = (search or "").lower()
        found = [
            record
            for record in self._targets.values()
            if record.tenant == tenant and type in (None, record.type) and needle in record.name.lower()
        ]
        return cut(_ordered(found, [*sort, ("type", True), ("name", True)]), page, size)

    def target_children(self, tenant: int, target_id: int) -> Sequence[TargetRecord]:
        found = [r for r in self._targets.values() if (r.tenant, r.parent_id) == (tenant, target_id)]
        return sorted(found, key=lambda record: (record.type, record.name))

    def put_target(self, record: TargetRecord) -> None:
        _refuse_twin(self.target_named(record.tenant, record.type, record.name), record)
        self._set(self._targets, record.id, record)

    def delete_target(self, tenant: int, target_id: int) -> None:
        if self.target(tenant, target_id) is not None:
            self._delete(self._targets, target_id)

    # -- identity

    def tenants(self) -> Sequence[TenantRecord]:
        return [record for _, record in sorted(self._tenants.items())]

    def tenant_named(self, name: str) -> TenantRecord | None:
        return next((record for record in self._tenants.values() if record.name == name), None)

    def user(self, tenant: int, user_id: int) -> UserRecord | None:
        record = self._users.get(user_id)
        return record if record is not None and record.tenant == tenant else None

    def user_named(self, tenant: int, name: str) -> UserRecord | None:
        for record in self._users.values():
            if (record.tenant, record.name) == (tenant, name):
                return record
        return None

    def user_of_subject(self, tenant: int, subject: str) -> UserRecord | None:
        for record in self._users.values():
            if (record.tenant, record.subject) == (tenant, subject):
                return record
        return None

    def users(
        self, tenant: int, page: int, size: int, sort: Sequence[tuple[str, bool]] = ()
    ) -> Page[UserRecord]:
        found = [record for record in self._users.values() if record.tenant == tenant]
        return cut(_ordered(found, [*sort, ("name", True)]), page, size)

    def holdings(self) -> Mapping[int, Holdings]:
        workflows = Counter(tenant for tenant, _ in self._workflows)
        users = Counter(user.tenant for user in self._users.values() if not user.disabled)
        return {id: Holdings(workflows[id], users[id]) for id in self._tenants}

    def roles(self, tenant: int) -> Sequence[RoleRecord]:
        found = [record for record in self._roles.values() if record.tenant == tenant]
        return sorted(found, key=lambda record: record.name)

    def tokens(self, tenant: int, user_id: int | None) -> Sequence[TokenRecord]:
        return [
            record
            for _, record in sorted(self._tokens.items())
            if record.tenant == tenant and user_id in (None, record.user_id)
        ]

    def token_by_digest(self, digest: str) -> TokenRecord | None:
        return next((record for record in self._tokens.values() if record.digest == digest), None)

    def add_tenant(self, record: TenantRecord) -> None:
        _refuse_twin(self.tenant_named(record.name), record)
        self._set(self._tenants, record.id, record)

    def change_tenant(self, record: TenantRecord) -> None:
        self._set(self._tenants, record.id, record)

    def put_user(self, record: UserRecord) -> None:
        _refuse_twin(self.user_named(record.tenant, record.name), record)
        self._set(self._users, record.id, record)

    def put_role(self, record: RoleRecord) -> None:
        named = (role for role in self.roles(record.tenant) if role.name == record.name)
        _refuse_twin(next(named, None), record)
        self._set(self._roles, record.id, record)

    def delete_role(self, tenant: int, role_id: int) -> None:
        record = self._roles.get(role_id)
        if record is not None and record.tenant == tenant:
            self._delete(self._roles, role_id)

    def put_token(self, record: TokenRecord) -> None:
        _refuse_twin(self.token_by_digest(record.digest), record)
        self._set(self._tokens, record.id, record)

    def delete_token(self, token_id: int) -> None:
        self._delete(self._tokens, token_id)

    # -- idempotency

    def stored_answer(self, tenant: int, route: str, key: str) -> StoredAnswer | None:
        return self._answers.get((tenant, route, key))

    def store_answer(self, tenant: int, route: str, key: str, answer: StoredAnswer) -> None:
        self._set(self._answers, (tenant, route, key), answer)

    def forget_answers(self, before: float, limit: int) -> int:
        by_age = sorted(self._answers.items(), key=lambda item: item[1].created_at)
        old = [key for key, answer in by_age if answer.created_at < before][:limit]
        for key in old:
            self._delete(self._answers, key)
        return len(old)


def _ordered(found: list[T], sort: Sequence[tuple[str, bool]]) -> list[T]:
    """By fields that are named alike in the record."""
    for field, ascending in reversed(sort):
        found.sort(key=attrgetter(field), reverse=not ascending)
    return found


def _refuse_twin(found: Any, record: Any) -> None:
    if found is not None and found.id != record.id:
        raise Conflict(f"{record.name} is there already")


def matches(run: Run, which: RunFilter) -> bool:
    """Whether a run passes a filter."""
    if which.name is not None and which.name.lower() not in run.workflow.lower():
        return False
    if which.workflow is not None and run.workflow != which.workflow:
        return False
    if which.statuses and run.status not in which.statuses:
        return False
    if which.triggers and run.trigger not in which.triggers:
        return False
    ids = {(target.type, target.id) for target in run.targets}
    if not which.target_ids.items() <= ids:
        return False
    return all(
        any(target.type == kind and part.lower() in target.name.lower() for target in run.targets)
        for kind, part in which.target_names.items()
    )
