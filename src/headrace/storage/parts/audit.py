"""The audit log."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from headrace.ports.audit import AuditFilter, AuditRecord
from headrace.storage.lists import contains
from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting
from headrace.storage.rows import decode, encode
from headrace.storage.tables import Id, Instant, Json, Text, Word, metadata

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("tenant", Id, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("user_name", Text, nullable=False),
    sa.Column("address", Text, nullable=False),
    sa.Column("action", Word, nullable=False),
    sa.Column("kind", Word, nullable=False),
    sa.Column("object", Text, nullable=False),
    sa.Column("user_lower", Text, nullable=False),  # for searching in any case
    sa.Column("object_lower", Text, nullable=False),
    sa.Column("before", Json),
    sa.Column("after", Json),
)
sa.Index("audit_by_tenant", audit.c.tenant, audit.c.id)


class SqlAuditReader(SqlReading):
    def audit(
        self, tenant: int, which: AuditFilter, before_id: int | None, limit: int
    ) -> Sequence[AuditRecord]:
        a = audit.c
        query = sa.select(audit).where(a.tenant == tenant).order_by(a.id.desc()).limit(limit)
        if before_id is not None:
            query = query.where(a.id < before_id)
        for column, wanted in ((a.action, which.action), (a.kind, which.kind)):
            if wanted is not None:
                query = query.where(column == wanted)
        query = query.where(contains(a.user_lower, which.user), contains(a.object_lower, which.object))
        if which.since is not None:
            query = query.where(a.at >= which.since)
        if which.until is not None:
            query = query.where(a.at < which.until)
        return self._all(query, _record)


class SqlAuditWriter(SqlWriting):
    def add_audit(self, record: AuditRecord) -> None:
        self._connection.execute(sa.insert(audit).values(_values(record)))


class MemoryAudit(MemoryPart):
    def __init__(self) -> None:
        super().__init__()
        self._audit: dict[int, AuditRecord] = {}

    def audit(
        self, tenant: int, which: AuditFilter, before_id: int | None, limit: int
    ) -> Sequence[AuditRecord]:
        found = [
            record
            for record in self._audit.values()
            if record.tenant == tenant and (before_id is None or record.id < before_id)
            if _matches(record, which)
        ]
        return sorted(found, key=lambda record: -record.id)[:limit]

    def add_audit(self, record: AuditRecord) -> None:
        self._set(self._audit, record.id, record)


def _matches(record: AuditRecord, which: AuditFilter) -> bool:
    return (
        (which.user is None or which.user.lower() in record.user.lower())
        and (which.object is None or which.object.lower() in record.object.lower())
        and which.action in (None, record.action)
        and which.kind in (None, record.kind)
        and (which.since is None or record.at >= which.since)
        and (which.until is None or record.at < which.until)
    )


def _values(record: AuditRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "tenant": record.tenant,
        "at": record.at,
        "user_id": record.user_id,
        "user_name": record.user,
        "address": record.address,
        "action": record.action,
        "kind": record.kind,
        "object": record.object,
        "user_lower": record.user.lower(),
        "object_lower": record.object.lower(),
        "before": None if record.before is None else encode(record.before),
        "after": None if record.after is None else encode(record.after),
    }


def _record(row: Any) -> AuditRecord:
    return AuditRecord(
        row.id,
        row.tenant,
        row.at,
        row.user_id,
        row.user_name,
        row.address,
        row.action,
        row.kind,
        row.object,
        None if row.before is None else decode(row.before),
        None if row.after is None else decode(row.after),
    )
