"""Schedules of published workflows, and what became of each of their slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from headrace.ports.records import Page

Json = Any


@dataclass(frozen=True, slots=True)
class ScheduleRecord:
    """The schedule of a published workflow. ``rule`` is the version's ``schedule`` block."""

    tenant: int
    workflow: str
    version: int
    rule: Mapping[str, Json]
    next_at: float | None  # None: its last time has passed
    last_at: float | None  # the newest slot that was dealt with
    last_run: int | None  # the run it started
    paused: bool = False  # nothing fires until somebody resumes it


@dataclass(frozen=True, slots=True)
class FireRecord:
    """What became of one slot. ``run_id`` is there where it started one."""

    tenant: int
    workflow: str
    slot: float
    at: float  # when it was dealt with
    outcome: str  # started | missed | overlap | failed
    run_id: int | None = None
    code: str | None = None  # a message's code, and its values
    values: Mapping[str, Json] | None = None


class ScheduleReader(Protocol):
    def next_slot(self) -> float | None:
        """The earliest ``next_at`` of all tenants that are not disabled."""
        ...

    def due_schedules(self, now: float, limit: int) -> Sequence[ScheduleRecord]:
        """Whose ``next_at`` has come, the earliest first; nothing of disabled tenants."""
        ...

    def all_schedules(self) -> Sequence[ScheduleRecord]:
        """Of all tenants."""
        ...

    def schedule(self, tenant: int, workflow: str) -> ScheduleRecord | None: ...
    def schedules(self, tenant: int, search: str | None, page: int, size: int) -> Page[ScheduleRecord]:
        """By the next time, those without one last; ``search`` is a part of the workflow's name."""
        ...

    def next_slots(self, tenant: int, workflows: Sequence[str]) -> Mapping[str, float]:
        """``next_at`` by workflow, of those that have one."""
        ...

    def fires(self, tenant: int, workflow: str, limit: int) -> Sequence[FireRecord]:
        """The newest slots first."""
        ...


class ScheduleWriter(Protocol):
    def put_schedule(self, record: ScheduleRecord) -> None:
        """Insert or replace by (tenant, workflow)."""
        ...

    def delete_schedule(self, tenant: int, workflow: str) -> None: ...
    def add_fire(self, record: FireRecord) -> bool:
        """False where the slot has been dealt with already; nothing is changed then."""
        ...

    def change_fire(self, record: FireRecord) -> None:
        """Replace what ``add_fire`` wrote."""
        ...

    def forget_fires(self, tenant: int, workflow: str, before: float) -> None:
        """Delete what became of slots earlier than ``before``."""
        ...
