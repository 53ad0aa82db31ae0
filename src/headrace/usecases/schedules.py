"""Schedules: taken over when a workflow is published, and what happens when a slot comes."""

from collections.abc import Callable
from dataclasses import replace

from headrace.core.refusal import Problem, Refused
from headrace.core.schedule import CronError, Timetable, timetable
from headrace.core.schedule.missed import due_slots
from headrace.core.words import Trigger
from headrace.ports.errors import Gone
from headrace.ports.inbox import StartRun
from headrace.ports.records import VersionRecord
from headrace.ports.schedules import FireRecord, ScheduleRecord
from headrace.ports.store import Writer

STARTED, MISSED, OVERLAP, FAILED = "started", "missed", "overlap", "failed"
MISSED_MAX = 100


def arrange(writer: Writer, now: float, version: VersionRecord) -> None:
    """From now on the version's schedule counts, and no other.

    Raises Refused (invalid, schedule_past) where it would never start a run.
    """
    rule = version.document["spec"].get("schedule")
    if not rule or not rule.get("enabled", True):
        writer.delete_schedule(version.tenant, version.workflow)
        return
    next_at = timetable(rule).next(now)
    if next_at is None:
        problem = Problem("spec.schedule", "schedule_past")
        raise Refused("invalid", "definition_invalid", {"count": 1}, [problem])
    known = writer.schedule(version.tenant, version.workflow)
    record = ScheduleRecord(version.tenant, version.workflow, version.number, rule, next_at, None, None)
    if known is not None:
        record = replace(record, last_at=known.last_at, last_run=known.last_run)
    writer.put_schedule(record)


def fire(
    writer: Writer,
    now: float,
    record: ScheduleRecord,
    start: Callable[[StartRun], int],
    busy: Callable[[int, str], bool],
) -> None:
    """Deal with all slots that have come; each once, whoever else tries.

    ``start`` makes a run and gives its id; ``busy`` tells whether the workflow has a run going on.
    """
    assert record.next_at is not None
    table = _table(record)
    if table is None:
        writer.put_schedule(replace(record, next_at=None))
        return
    rule = record.rule
    most = rule.get("missed_max", MISSED_MAX)
    due = due_slots(table, record.next_at, now, rule.get("missed", "last"), most)
    if due.missed is not None:
        writer.add_fire(_fired(record, due.missed, now, MISSED, code="schedule_missed"))
    started = [_slot(writer, now, record, slot, start, busy) for slot in due.start]
    runs = [run for run in started if run is not None]
    last_run = runs[-1] if runs else record.last_run
    last_at = due.start[-1] if due.start else due.missed
    writer.put_schedule(replace(record, next_at=due.next_at, last_at=last_at, last_run=last_run))


def _table(record: ScheduleRecord) -> Timetable | None:
    """None where a newer program cannot read the rule any more (a time zone that was removed)."""
    try:
        return timetable(record.rule)
    except CronError:
        return None


def _slot(
    writer: Writer,
    now: float,
    record: ScheduleRecord,
    slot: float,
    start: Callable[[StartRun], int],
    busy: Callable[[int, str], bool],
) -> int | None:
    """The run started for the slot, if any."""
    if not writer.add_fire(_fired(record, slot, now, STARTED)):
        return None
    if record.rule.get("overlap") == "skip" and busy(record.tenant, record.workflow):
        writer.change_fire(_fired(record, slot, now, OVERLAP, code="schedule_overlap"))
        return None
    request = StartRun(
        record.tenant, record.workflow, record.version, trigger=Trigger.SCHEDULED, planned_at=slot
    )
    try:
        run = start(request)
    except (Refused, Gone) as refused:
        writer.change_fire(_failed(record, slot, now, refused))
        return None
    writer.change_fire(replace(_fired(record, slot, now, STARTED), run_id=run))
    return run


def _fired(
    record: ScheduleRecord, slot: float, now: float, outcome: str, code: str | None = None
) -> FireRecord:
    return FireRecord(record.tenant, record.workflow, slot, now, outcome, code=code)


def _failed(record: ScheduleRecord, slot: float, now: float, refused: Refused | Gone) -> FireRecord:
    fired = _fired(record, slot, now, FAILED)
    if isinstance(refused, Gone):
        return replace(fired, code="gone", values={"what": refused.what, "key": str(refused.key)})
    first = refused.problems[0] if refused.problems else None
    code, values = (first.code, first.values) if first else (refused.code, refused.values)
    return replace(fired, code=code, values={key: str(value) for key, value in values.items()})
