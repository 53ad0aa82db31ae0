"""Reading, on both dialects: ``ports.store.Reader`` over one SQLAlchemy connection."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from headrace.core.run.state import Attempt, OperationRecord, Run, Step
from headrace.core.run.table import ACTIVE
from headrace.core.words import CLOSED, RunStatus, Wait
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
from headrace.storage import lists, rows
from headrace.storage import tables as t
from headrace.storage.asked import Asked, Question
from headrace.storage.parts.alarms import SqlAlarmReader
from headrace.storage.parts.audit import SqlAuditReader
from headrace.storage.parts.invocations import SqlInvocationReader
from headrace.storage.parts.licence import SqlLicenceReader
from headrace.storage.parts.schedules import SqlScheduleReader
from headrace.storage.parts.sessions import SqlSessionReader
from headrace.storage.parts.vault import SqlVaultReader

T = TypeVar("T")
ASKED = Asked()
RUNNING = str(RunStatus.RUNNING)
CLOSED_WORDS = sorted(str(status) for status in CLOSED)
ACTIVE_WORDS = sorted(str(status) for status in ACTIVE)
IN_MAX = 500  # ids in one IN list


class SqlReader(
    SqlAuditReader,
    SqlScheduleReader,
    SqlAlarmReader,
    SqlVaultReader,
    SqlSessionReader,
    SqlInvocationReader,
    SqlLicenceReader,
):
    """A snapshot to read from; ``connection`` is inside a transaction."""

    # -- runs

    def run(self, tenant: int | None, run_id: int) -> Run | None:
        query = sa.select(t.run).where(t.run.c.id == run_id)
        if tenant is not None:
            query = query.where(t.run.c.tenant == tenant)
        return self._one(query, rows.run_of)

    def runs_by_id(self, tenant: int, ids: Sequence[int]) -> Mapping[int, Run]:
        query = sa.select(t.run).where(t.run.c.tenant == tenant, t.run.c.id.in_(ids))
        return {run.id: run for run in self._all(query, rows.run_of)}

    def steps(self, run_id: int) -> Sequence[Step]:
        query = sa.select(t.step).where(t.step.c.run_id == run_id).order_by(t.step.c.id)
        return self._all(query, rows.step_of)

    def step(self, run_id: int, step_id: int) -> Step | None:
        query = sa.select(t.step).where(t.step.c.id == step_id, t.step.c.run_id == run_id)
        return self._one(query, rows.step_of)

    def step_run(self, step_id: int) -> int | None:
        query = sa.select(t.step.c.run_id).where(t.step.c.id == step_id)
        return self._one(query, lambda row: int(row[0]))

    def active_waits(self, run_ids: Sequence[int]) -> Sequence[tuple[int, Wait | None]]:
        s, found = t.step.c, []
        for ids in chunks(run_ids):
            waiting = sa.select(s.run_id).where(s.run_id.in_(ids), s.wait.is_not(None))
            query = sa.select(s.run_id, s.wait).where(s.run_id.in_(waiting), s.status.in_(ACTIVE_WORDS))
            for run, wait in self._connection.execute(query.distinct()):
                found.append((run, None if wait is None else Wait(wait)))
        return found

    def operations(self, run_id: int) -> Sequence[OperationRecord]:
        query = sa.select(t.operation).where(t.operation.c.run_id == run_id).order_by(t.operation.c.id)
        return self._all(query, rows.operation_of)

    def attempts(self, step_id: int) -> Sequence[Attempt]:
        query = sa.select(t.attempt).where(t.attempt.c.step_id == step_id).order_by(t.attempt.c.number)
        return self._all(query, rows.attempt_of)

    def sequence(self, run_id: int) -> int:
        h = t.history.c
        return self._one(sa.select(sa.func.max(h.seq)).where(h.run_id == run_id), lambda row: row[0]) or 0

    def history(self, run_id: int, after: int, limit: int) -> Sequence[HistoryRow]:
        h = t.history.c
        query = sa.select(t.history).where(h.run_id == run_id, h.seq > after).order_by(h.seq).limit(limit)
        return self._all(query, rows.history_of)

    def runs(
        self, tenant: int, which: RunFilter, sort: Sequence[tuple[str, bool]], page: int, size: int
    ) -> Page[Run]:
        names = self._names(tenant, which)
        start = (page - 1) * size
        about = tenant, lists.key_of(which)
        query = self._asked(
            ("page", *about, tuple(map(tuple, sort)), start, size, names),
            lambda: lists.page_query(tenant, which, sort, start, size, names),
        )
        if names is not None and not names:
            return Page([], page, size, 0)
        count = self._asked(("count", *about), lambda: lists.count_query(tenant, which))
        total = int(self._rows(count)[0][0])
        return Page([rows.run_of(row) for row in self._rows(query)], page, size, total)

    def _asked(self, key: tuple[Hashable, ...], build: Callable[[], sa.Select[Any]]) -> Question:
        dialect = self._connection.dialect
        return ASKED.question((dialect.name, *key), dialect, build)

    def _rows(self, question: Question) -> Sequence[Any]:
        """As the driver gives them: describing a result takes longer than reading it."""
        cursor = self._connection.connection.cursor()
        cursor.execute(*question)
        found: Sequence[Any] = cursor.fetchall()
        cursor.close()
        return found

    def _names(self, tenant: int, which: RunFilter) -> tuple[str, ...] | None:
        """What the part of a name stands for; None where there is no part, or where it is too many."""
        if not which.name or which.workflow is not None:
            return None
        names = tuple(self._connection.execute(lists.names_query(tenant, which)).scalars())
        return names if len(names) <= lists.NAMES_MAX else None

    def runs_with_steps(
        self, tenant: int, which: RunFilter, sort: Sequence[tuple[str, bool]], page: int, size: int
    ) -> Page[RunRow]:
        found = self.runs(tenant, which, sort, page, size)
        steps: dict[int, list[Step]] = {run.id: [] for run in found.items}
        for ids in chunks(list(steps)):
            query = sa.select(t.step).where(t.step.c.run_id.in_(ids)).order_by(t.step.c.run_id, t.step.c.id)
            for row in self._connection.execute(query):
                steps[row[1]].append(rows.step_of(row))
        return Page([RunRow(run, steps[run.id]) for run in found.items], page, size, found.total)

    def runs_after(self, tenant: int, which: RunFilter, before_id: int | None, limit: int) -> Sequence[Run]:
        return self._all(lists.cursor_query(tenant, which, before_id, limit), rows.run_of)

    def open_runs(self) -> Sequence[int]:
        return self._ids(sa.select(t.run.c.id).where(t.RUNNING).order_by(t.run.c.id))

    def due_runs(self) -> Sequence[int]:
        with_step = sa.select(t.step.c.run_id).where(t.step.c.due_at.is_not(None))
        is_open = t.run.c.status.not_in(CLOSED_WORDS)
        by_step = sa.select(t.run.c.id).where(is_open, t.run.c.id.in_(with_step))
        by_run = sa.select(t.run.c.id).where(is_open, t.run.c.deadline.is_not(None))
        return sorted({*self._ids(by_step), *self._ids(by_run)})

    def queued_runs(self, tenant: int, workflow: str) -> Sequence[int]:
        where = (t.run.c.tenant == tenant, t.run.c.workflow == workflow, t.RUNNING)
        query = sa.select(t.run.c.id).where(*where, t.run.c.started_at.is_(None)).order_by(t.run.c.id)
        return self._ids(query)

    def active_count(self, tenant: int, workflow: str) -> int:
        where = (t.run.c.tenant == tenant, t.run.c.workflow == workflow, t.RUNNING)
        query = sa.select(sa.func.count()).select_from(t.run)
        return self._count(query.where(*where, t.run.c.started_at.is_not(None)))

    def children(self, run_id: int) -> Sequence[Run]:
        query = sa.select(t.run).where(t.run.c.parent_run == run_id).order_by(t.run.c.id)
        return self._all(query, rows.run_of)

    def child_of(self, parent_step: int, attempt: int) -> int | None:
        where = (t.run.c.parent_step == parent_step, t.run.c.parent_attempt == attempt)
        return self._one(sa.select(t.run.c.id).where(*where), lambda row: int(row[0]))

    # -- definitions

    def workflow(self, tenant: int, name: str) -> WorkflowRecord | None:
        w = t.workflow.c
        return self._one(sa.select(t.workflow).where(w.tenant == tenant, w.name == name), rows.workflow_of)

    def workflow_by_id(self, tenant: int, workflow_id: int) -> WorkflowRecord | None:
        w = t.workflow.c
        return self._one(
            sa.select(t.workflow).where(w.tenant == tenant, w.id == workflow_id), rows.workflow_of
        )

    def workflows(
        self,
        tenant: int,
        search: str | None,
        page: int,
        size: int,
        published: bool | None = None,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> Page[WorkflowRecord]:
        w = t.workflow.c
        order = lists.ordered(sort, {"name": w.name, "updatedAt": w.updated_at})
        where = sa.and_(w.tenant == tenant, lists.contains(w.search, search))
        if published is not None:
            where = sa.and_(where, w.published.is_not(None) if published else w.published.is_(None))
        return self._page(t.workflow, where, [*order, w.name], page, size, rows.workflow_of)

    def version(self, tenant: int, workflow: str, number: int) -> VersionRecord | None:
        v = t.version.c
        query = sa.select(t.version).where(v.tenant == tenant, v.workflow == workflow, v.number == number)
        return self._one(query, rows.version_of)

    def version_by_id(self, version_id: int) -> VersionRecord | None:
        return self._one(sa.select(t.version).where(t.version.c.id == version_id), rows.version_of)

    def versions(self, tenant: int, workflow: str) -> Sequence[VersionHead]:
        v = t.version.c
        query = sa.select(v.number, v.created_at, v.created_by)
        query = query.where(v.tenant == tenant, v.workflow == workflow).order_by(v.number)
        return self._all(query, lambda row: VersionHead(*row))

    def published(self, tenant: int) -> Sequence[VersionRecord]:
        v, w = t.version.c, t.workflow.c
        same = sa.and_(v.tenant == w.tenant, v.workflow == w.name, v.number == w.published)
        query = sa.select(t.version).join(t.workflow, same).where(w.tenant == tenant).order_by(w.name)
        return self._all(query, rows.version_of)

    # -- targets

    def target(self, tenant: int, target_id: int) -> TargetRecord | None:
        c = t.target.c
        return self._one(sa.select(t.target).where(c.id == target_id, c.tenant == tenant), rows.target_of)

    def target_named(self, tenant: int, type: str, name: str) -> TargetRecord | None:
        c = t.target.c
        query = sa.select(t.target).where(c.tenant == tenant, c.type == type, c.name == name)
        return self._one(query, rows.target_of)

    def targets_by_id(self, tenant: int, ids: Iterable[int]) -> Mapping[int, TargetRecord]:
        c = t.target.c
        found: dict[int, TargetRecord] = {}
        for some in chunks(sorted(set(ids))):
            query = sa.select(t.target).where(c.tenant == tenant, c.id.in_(some))
            found |= {record.id: record for record in self._all(query, rows.target_of)}
        return found

    def targets(
        self,
        tenant: int,
        type: str | None,
        search: str | None,
        page: int,
        size: int,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> Page[TargetRecord]:
        c = t.target.c
        where = sa.and_(c.tenant == tenant, lists.contains(c.name_lower, search))
        if type is not None:
            where = sa.and_(where, c.type == type)
        order = lists.ordered(sort, {"id": c.id, "type": c.type, "name": c.name})
        return self._page(t.target, where, [*order, c.type, c.name], page, size, rows.target_of)

    def target_children(self, tenant: int, target_id: int) -> Sequence[TargetRecord]:
        c = t.target.c
        query = sa.select(t.target).where(c.tenant == tenant, c.parent_id == target_id)
        return self._all(query.order_by(c.type, c.name), rows.target_of)

    # -- identity

    def tenants(self) -> Sequence[TenantRecord]:
        return self._all(sa.select(t.tenant).order_by(t.tenant.c.id), rows.tenant_of)

    def tenant_named(self, name: str) -> TenantRecord | None:
        return self._one(sa.select(t.tenant).where(t.tenant.c.name == name), rows.tenant_of)

    def user(self, tenant: int, user_id: int) -> UserRecord | None:
        c = t.user.c
        return self._one(sa.select(t.user).where(c.id == user_id, c.tenant == tenant), rows.user_of)

    def user_named(self, tenant: int, name: str) -> UserRecord | None:
        c = t.user.c
        return self._one(sa.select(t.user).where(c.tenant == tenant, c.name == name), rows.user_of)

    def user_of_subject(self, tenant: int, subject: str) -> UserRecord | None:
        c = t.user.c
        return self._one(sa.select(t.user).where(c.tenant == tenant, c.subject == subject), rows.user_of)

    def users(
        self, tenant: int, page: int, size: int, sort: Sequence[tuple[str, bool]] = ()
    ) -> Page[UserRecord]:
        c = t.user.c
        order = lists.ordered(sort, {"id": c.id, "name": c.name, "disabled": c.disabled})
        return self._page(t.user, c.tenant == tenant, [*order, c.name], page, size, rows.user_of)

    def holdings(self) -> Mapping[int, Holdings]:
        def counted(table: sa.Table, *where: Any) -> dict[int, int]:
            query = sa.select(table.c.tenant, sa.func.count()).where(*where).group_by(table.c.tenant)
            return dict(self._all(query, tuple))

        workflows, users = counted(t.workflow), counted(t.user, t.user.c.disabled == 0)
        ids = (tenant.id for tenant in self.tenants())
        return {id: Holdings(workflows.get(id, 0), users.get(id, 0)) for id in ids}

    def roles(self, tenant: int) -> Sequence[RoleRecord]:
        query = sa.select(t.role).where(t.role.c.tenant == tenant).order_by(t.role.c.name)
        return self._all(query, rows.role_of)

    def tokens(self, tenant: int, user_id: int | None) -> Sequence[TokenRecord]:
        query = sa.select(t.token).where(t.token.c.tenant == tenant).order_by(t.token.c.id)
        if user_id is not None:
            query = query.where(t.token.c.user_id == user_id)
        return self._all(query, rows.token_of)

    def token_by_digest(self, digest: str) -> TokenRecord | None:
        return self._one(sa.select(t.token).where(t.token.c.digest == digest), rows.token_of)

    # -- idempotency

    def stored_answer(self, tenant: int, route: str, key: str) -> StoredAnswer | None:
        a = t.answer.c
        query = sa.select(a.fingerprint, a.answer, a.created_at)
        query = query.where(a.tenant == tenant, a.route == route, a.key == key)
        return self._one(query, lambda row: StoredAnswer(row[0], rows.decode(row[1]), row[2]))


def chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """Pieces short enough for one IN list."""
    for start in range(0, len(ids), IN_MAX):
        yield ids[start : start + IN_MAX]
