"""Where state lives. One suite (tests/contract) holds every implementation to this page.

``Reader`` may be used from any thread and sees one consistent snapshot. ``Writer`` is the pen: there
is one at a time, and everything done with it is committed, flushed, when the ``with`` block ends, or
not at all. Every method takes the tenant first where the object belongs to one; another tenant's
object is as absent as one that never was (``None``).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from headrace.core.run.state import Attempt, Decision, OperationRecord, Run, Step
from headrace.core.words import Wait
from headrace.ports.alarms import AlarmReader, AlarmWriter
from headrace.ports.audit import AuditReader, AuditWriter
from headrace.ports.invocations import InvocationReader, InvocationWriter
from headrace.ports.licence import LicenceReader, LicenceWriter
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
from headrace.ports.schedules import ScheduleReader, ScheduleWriter
from headrace.ports.sessions import SessionReader, SessionWriter
from headrace.ports.vault import VaultReader, VaultWriter

Json = Any


class Reader(
    AuditReader,
    ScheduleReader,
    AlarmReader,
    VaultReader,
    SessionReader,
    InvocationReader,
    LicenceReader,
    Protocol,
):
    """A snapshot to read from."""

    # -- runs
    def run(self, tenant: int | None, run_id: int) -> Run | None:
        """The head; tenant None is the engine itself, which owns them all."""
        ...

    def runs_by_id(self, tenant: int, ids: Sequence[int]) -> Mapping[int, Run]:
        """Those of them that the tenant has."""
        ...

    def steps(self, run_id: int) -> Sequence[Step]:
        """All steps of a run in id order; no step is ever in two runs."""
        ...

    def step(self, run_id: int, step_id: int) -> Step | None: ...
    def step_run(self, step_id: int) -> int | None:
        """The run a step belongs to."""
        ...

    def active_waits(self, run_ids: Sequence[int]) -> Sequence[tuple[int, Wait | None]]:
        """Of those of these runs in which a step waits: what its active steps wait for, None for work; each
        once, in one query for a page."""
        ...

    def operations(self, run_id: int) -> Sequence[OperationRecord]: ...
    def attempts(self, step_id: int) -> Sequence[Attempt]:
        """Ended attempts, oldest first."""
        ...

    def sequence(self, run_id: int) -> int:
        """The seq of the newest of its history; 0 where nothing has happened yet."""
        ...

    def history(self, run_id: int, after: int, limit: int) -> Sequence[HistoryRow]:
        """What happened with seq > after, in order."""
        ...

    def runs(
        self, tenant: int, which: RunFilter, sort: Sequence[tuple[str, bool]], page: int, size: int
    ) -> Page[Run]:
        """One page. ``sort`` is [(field, ascending)], fields of SORTS only; ends with id descending."""
        ...

    def runs_with_steps(
        self, tenant: int, which: RunFilter, sort: Sequence[tuple[str, bool]], page: int, size: int
    ) -> Page[RunRow]:
        """The same with steps; two queries, whatever the size."""
        ...

    def runs_after(self, tenant: int, which: RunFilter, before_id: int | None, limit: int) -> Sequence[Run]:
        """Cursor paging: ids below ``before_id``, newest first."""
        ...

    def open_runs(self) -> Sequence[int]:
        """Ids of all runs that are not closed and may have something to do (status RUNNING), oldest first."""
        ...

    def due_runs(self) -> Sequence[int]:
        """Ids of runs not closed, FAILED included, that have a deadline or a step with ``due_at``."""
        ...

    def queued_runs(self, tenant: int, workflow: str) -> Sequence[int]:
        """Runs that wait for the workflow's concurrency limit (RUNNING, never started), oldest first."""
        ...

    def active_count(self, tenant: int, workflow: str) -> int:
        """Started runs of the workflow with status RUNNING."""
        ...

    def children(self, run_id: int) -> Sequence[Run]:
        """Runs whose parent is this run."""
        ...

    def child_of(self, parent_step: int, attempt: int) -> int | None: ...

    # -- definitions
    def workflow(self, tenant: int, name: str) -> WorkflowRecord | None: ...
    def workflow_by_id(self, tenant: int, workflow_id: int) -> WorkflowRecord | None: ...
    def workflows(
        self,
        tenant: int,
        search: str | None,
        page: int,
        size: int,
        published: bool | None = None,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> Page[WorkflowRecord]:
        """``search`` matches a part of name or remark, any case, literally.

        ``published``: only those that are, or that are not; None takes both. ``sort`` is
        [(field, ascending)], fields of WORKFLOW_SORTS only; ends with the name.
        """
        ...

    def version(self, tenant: int, workflow: str, number: int) -> VersionRecord | None: ...
    def version_by_id(self, version_id: int) -> VersionRecord | None: ...
    def versions(self, tenant: int, workflow: str) -> Sequence[VersionHead]:
        """By number."""
        ...

    def published(self, tenant: int) -> Sequence[VersionRecord]:
        """The published version of every workflow that has one, by name."""
        ...

    # -- targets
    def target(self, tenant: int, target_id: int) -> TargetRecord | None: ...
    def target_named(self, tenant: int, type: str, name: str) -> TargetRecord | None: ...
    def targets_by_id(self, tenant: int, ids: Iterable[int]) -> Mapping[int, TargetRecord]: ...
    def targets(
        self,
        tenant: int,
        type: str | None,
        search: str | None,
        page: int,
        size: int,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> Page[TargetRecord]:
        """``sort`` is [(field, ascending)], fields of TARGET_SORTS only; ends with type and name."""
        ...

    def target_children(self, tenant: int, target_id: int) -> Sequence[TargetRecord]: ...

    # -- identity
    def tenants(self) -> Sequence[TenantRecord]: ...
    def tenant_named(self, name: str) -> TenantRecord | None: ...
    def user(self, tenant: int, user_id: int) -> UserRecord | None: ...
    def user_named(self, tenant: int, name: str) -> UserRecord | None: ...
    def user_of_subject(self, tenant: int, subject: str) -> UserRecord | None:
        """Whom an OIDC provider knows as ``subject``; see ``UserRecord``."""
        ...

    def users(
        self, tenant: int, page: int, size: int, sort: Sequence[tuple[str, bool]] = ()
    ) -> Page[UserRecord]:
        """``sort`` is [(field, ascending)], fields of USER_SORTS only; ends with the name."""
        ...

    def holdings(self) -> Mapping[int, Holdings]:
        """How much each tenant has, by its id."""
        ...

    def roles(self, tenant: int) -> Sequence[RoleRecord]: ...
    def tokens(self, tenant: int, user_id: int | None) -> Sequence[TokenRecord]: ...
    def token_by_digest(self, digest: str) -> TokenRecord | None:
        """Whatever tenant it belongs to: the digest is the secret."""
        ...

    # -- idempotency
    def stored_answer(self, tenant: int, route: str, key: str) -> StoredAnswer | None: ...


class Writer(
    AuditWriter,
    ScheduleWriter,
    AlarmWriter,
    VaultWriter,
    SessionWriter,
    InvocationWriter,
    LicenceWriter,
    Reader,
    Protocol,
):
    """The pen. Reads through it see its own writes."""

    def savepoint(self) -> AbstractContextManager[None]:
        """An error inside undoes what was written inside, and only that."""
        ...

    def allocate(self, what: str, count: int) -> range:
        """Fresh ids, growing, never given twice even after a crash; ``what`` is a kind: run, step, …"""
        ...

    # -- runs
    def create_run(self, run: Run, steps: Iterable[Step], operation: OperationRecord) -> None:
        """A new run with its first steps; ``run.targets`` are stored beside it."""
        ...

    def create_runs(self, new: Sequence[tuple[Run, Iterable[Step], OperationRecord]]) -> None:
        """Many of them, in a few batched statements."""
        ...

    def save(self, decisions: Iterable[Decision]) -> None:
        """All that the decisions changed, in a few batched statements. Of a ``first`` decision only the
        records: its run and steps are written by ``create_runs``.

        Guarded by ``seq``: where a run's history has that number already, or a row that changed is not
        there, the whole call raises Conflict.
        """
        ...

    # -- definitions
    def put_workflow(self, record: WorkflowRecord) -> None:
        """Insert or replace by (tenant, name)."""
        ...

    def delete_workflow(self, tenant: int, name: str) -> None: ...
    def add_version(self, record: VersionRecord) -> None: ...

    # -- targets
    def put_target(self, record: TargetRecord) -> None: ...
    def delete_target(self, tenant: int, target_id: int) -> None: ...

    # -- identity
    def add_tenant(self, record: TenantRecord) -> None: ...
    def change_tenant(self, record: TenantRecord) -> None:
        """Replace what is kept of an existing tenant."""
        ...

    def put_user(self, record: UserRecord) -> None: ...
    def put_role(self, record: RoleRecord) -> None: ...
    def delete_role(self, tenant: int, role_id: int) -> None: ...
    def put_token(self, record: TokenRecord) -> None: ...
    def delete_token(self, token_id: int) -> None: ...

    # -- idempotency
    def store_answer(self, tenant: int, route: str, key: str, answer: StoredAnswer) -> None: ...
    def forget_answers(self, before: float, limit: int) -> int:
        """Delete answers older than ``before``, at most ``limit``; the number deleted."""
        ...


WORKFLOW_SORTS = frozenset({"name", "updatedAt"})
TARGET_SORTS = frozenset({"id", "type", "name"})
USER_SORTS = frozenset({"id", "name", "disabled"})
SORTS = frozenset({"id", "name", "status", "createdAt", "startedAt", "finishedAt"})


class Store(Protocol):
    """A database."""

    def read(self) -> AbstractContextManager[Reader]: ...
    def write(self) -> AbstractContextManager[Writer]:
        """The pen; only the engine's thread takes it. Raises Broken where it cannot commit."""
        ...

    def check(self) -> None:
        """Raise Broken when the database cannot be reached or written."""
        ...

    def close(self) -> None: ...


__all__ = ["SORTS", "Reader", "Store", "Writer"]
