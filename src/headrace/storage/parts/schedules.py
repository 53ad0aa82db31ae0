"""Schedules and their fires."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from headrace.ports.records import Page, TenantRecord
from headrace.ports.schedules import FireRecord, ScheduleRecord
from headrace.storage.lists import contains
from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting, cut
from headrace.storage.rows import decode, encode
from headrace.storage.tables import Flag, Id, Instant, Json, Text, Word, metadata, tenant

schedule = sa.Table(
    "schedule",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("workflow", Text, primary_key=True),
    sa.Column("workflow_lower", Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("rule", Json, nullable=False),
    sa.Column("next_at", Instant),
    sa.Column("last_at", Instant),
    sa.Column("last_run", Id),
    sa.Column("paused", Flag, nullable=False),
)
sa.Index("schedule_by_time", schedule.c.next_at)

fire = sa.Table(
    "fire",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("workflow", Text, primary_key=True),
    sa.Column("slot", Instant, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("outcome", Word, nullable=False),
    sa.Column("run_id", Id),
    sa.Column("code", Word),
    sa.Column("details", Json),
    sqlite_with_rowid=False,
)

ENABLED = schedule.c.tenant.not_in(sa.select(tenant.c.id).where(tenant.c.disabled == 1))
"""Schedules of a disabled tenant keep their time, which counts as missed once the tenant is enabled again."""
NEXT_SLOT = (  # made once: it is asked after every change by a person
    sa.select(schedule.c.next_at)
    .where(schedule.c.next_at.is_not(None), ENABLED)
    .order_by(schedule.c.next_at)
    .limit(1)
)


class SqlScheduleReader(SqlReading):
    def next_slot(self) -> float | None:
        return self._one(NEXT_SLOT, lambda row: float(row[0]))

    def due_schedules(self, now: float, limit: int) -> Sequence[ScheduleRecord]:
        s = schedule.c
        query = sa.select(schedule).where(s.next_at <= now, ENABLED)
        query = query.order_by(s.next_at, s.tenant, s.workflow)
        return self._all(query.limit(limit), _schedule)

    def all_schedules(self) -> Sequence[ScheduleRecord]:
        return self._all(sa.select(schedule).order_by(schedule.c.tenant, schedule.c.workflow), _schedule)

    def schedule(self, tenant: int, workflow: str) -> ScheduleRecord | None:
        s = schedule.c
        return self._one(sa.select(schedule).where(s.tenant == tenant, s.workflow == workflow), _schedule)

    def schedules(self, tenant: int, search: str | None, page: int, size: int) -> Page[ScheduleRecord]:
        s = schedule.c
        where = sa.and_(s.tenant == tenant, contains(s.workflow_lower, search))
        order = (s.next_at.is_(None), s.next_at, s.workflow)
        return self._page(schedule, where, order, page, size, _schedule)

    def next_slots(self, tenant: int, workflows: Sequence[str]) -> Mapping[str, float]:
        s = schedule.c
        query = sa.select(s.workflow, s.next_at).where(s.tenant == tenant, s.workflow.in_(workflows))
        query = query.where(s.next_at.is_not(None))
        return dict(self._all(query, lambda row: (row[0], float(row[1]))))

    def fires(self, tenant: int, workflow: str, limit: int) -> Sequence[FireRecord]:
        f = fire.c
        query = sa.select(fire).where(f.tenant == tenant, f.workflow == workflow)
        return self._all(query.order_by(f.slot.desc()).limit(limit), _fire)


class SqlScheduleWriter(SqlWriting):
    def put_schedule(self, record: ScheduleRecord) -> None:
        values = {
            "tenant": record.tenant,
            "workflow": record.workflow,
            "workflow_lower": record.workflow.lower(),
            "version": record.version,
            "rule": encode(record.rule),
            "next_at": record.next_at,
            "last_at": record.last_at,
            "last_run": record.last_run,
            "paused": int(record.paused),
        }
        self._put(schedule, values)

    def delete_schedule(self, tenant: int, workflow: str) -> None:
        s = schedule.c
        self._connection.execute(sa.delete(schedule).where(s.tenant == tenant, s.workflow == workflow))

    def add_fire(self, record: FireRecord) -> bool:
        insert = self._sql.insert(fire).values(_fire_values(record)).on_conflict_do_nothing()
        return self._connection.execute(insert.returning(fire.c.slot)).first() is not None

    def change_fire(self, record: FireRecord) -> None:
        self._put(fire, _fire_values(record))

    def forget_fires(self, tenant: int, workflow: str, before: float) -> None:
        f = fire.c
        old = sa.delete(fire).where(f.tenant == tenant, f.workflow == workflow, f.slot < before)
        self._connection.execute(old)


class MemorySchedules(MemoryPart):
    _tenants: dict[int, TenantRecord]  # of the whole store

    def __init__(self) -> None:
        super().__init__()
        self._schedules: dict[tuple[int, str], ScheduleRecord] = {}
        self._fires: dict[tuple[int, str, float], FireRecord] = {}

    def next_slot(self) -> float | None:
        return min((at for at, _ in self._enabled()), default=None)

    def due_schedules(self, now: float, limit: int) -> Sequence[ScheduleRecord]:
        return sorted((record for at, record in self._enabled() if at <= now), key=_by_time)[:limit]

    def _enabled(self) -> list[tuple[float, ScheduleRecord]]:
        """With their next time; nothing of disabled tenants."""
        disabled = {tenant.id for tenant in self._tenants.values() if tenant.disabled}
        found = (record for record in self._schedules.values() if record.tenant not in disabled)
        return [(record.next_at, record) for record in found if record.next_at is not None]

    def all_schedules(self) -> Sequence[ScheduleRecord]:
        return [record for _, record in sorted(self._schedules.items())]

    def schedule(self, tenant: int, workflow: str) -> ScheduleRecord | None:
        return self._schedules.get((tenant, workflow))

    def schedules(self, tenant: int, search: str | None, page: int, size: int) -> Page[ScheduleRecord]:
        part = (search or "").lower()
        found = [s for s in self._schedules.values() if s.tenant == tenant and part in s.workflow.lower()]
        return cut(sorted(found, key=_by_time), page, size)

    def next_slots(self, tenant: int, workflows: Sequence[str]) -> Mapping[str, float]:
        found = ((name, self._schedules.get((tenant, name))) for name in workflows)
        return {name: s.next_at for name, s in found if s is not None and s.next_at is not None}

    def fires(self, tenant: int, workflow: str, limit: int) -> Sequence[FireRecord]:
        found = [f for f in self._fires.values() if (f.tenant, f.workflow) == (tenant, workflow)]
        return sorted(found, key=lambda record: -record.slot)[:limit]

    def put_schedule(self, record: ScheduleRecord) -> None:
        self._set(self._schedules, (record.tenant, record.workflow), record)

    def delete_schedule(self, tenant: int, workflow: str) -> None:
        self._delete(self._schedules, (tenant, workflow))

    def add_fire(self, record: FireRecord) -> bool:
        key = (record.tenant, record.workflow, record.slot)
        if key in self._fires:
            return False
        self._set(self._fires, key, record)
        return True

    def forget_fires(self, tenant: int, workflow: str, before: float) -> None:
        for key in [key for key in self._fires if key[:2] == (tenant, workflow) and key[2] < before]:
            self._delete(self._fires, key)

    def change_fire(self, record: FireRecord) -> None:
        self._set(self._fires, (record.tenant, record.workflow, record.slot), record)


def _fire_values(record: FireRecord) -> dict[str, Any]:
    return {
        "tenant": record.tenant,
        "workflow": record.workflow,
        "slot": record.slot,
        "at": record.at,
        "outcome": record.outcome,
        "run_id": record.run_id,
        "code": record.code,
        "details": None if record.values is None else encode(record.values),
    }


def _by_time(record: ScheduleRecord) -> tuple[bool, float, int, str]:
    return record.next_at is None, record.next_at or 0.0, record.tenant, record.workflow


def _schedule(row: Any) -> ScheduleRecord:
    rule = decode(row.rule)
    return ScheduleRecord(
        row.tenant,
        row.workflow,
        row.version,
        rule,
        row.next_at,
        row.last_at,
        row.last_run,
        row.paused == 1,
    )


def _fire(row: Any) -> FireRecord:
    details = None if row.details is None else decode(row.details)
    return FireRecord(row.tenant, row.workflow, row.slot, row.at, row.outcome, row.run_id, row.code, details)
