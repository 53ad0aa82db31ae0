"""Schedules: taken over when a workflow is published, and what happens when a slot comes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from headrace.core.access.caller import Caller
from headrace.core.definition.model import Workflow
from headrace.core.definition.params import fill
from headrace.core.refusal import Problem, Refused
from headrace.core.run.secrets import secret_params
from headrace.core.schedule import CronError, Timetable, timetable
from headrace.core.schedule.missed import due_slots
from headrace.core.words import Trigger
from headrace.ports.errors import Gone, existing
from headrace.ports.inbox import StartRun
from headrace.ports.records import VersionRecord
from headrace.ports.schedules import FireRecord, ScheduleRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit, vault

Json = Any

STARTED, MISSED, OVERLAP, FAILED = "started", "missed", "overlap", "failed"
MISSED_MAX = 100
FIRES_KEPT = 90 * 86_400.0  # seconds the list of fires goes back
PARAMS_MAX = 1_000_000  # bytes


def arrange(writer: Writer, now: float, version: VersionRecord, workflow: Workflow) -> None:
    """From now on the version's schedule counts, and no other. ``workflow`` is the version's.

    Raises Refused (invalid) where it would never start a run.
    """
    rule = workflow.schedule
    if not rule or rule.get("enabled") is False:
        writer.delete_schedule(version.tenant, version.workflow)
        return
    known = writer.schedule(version.tenant, version.workflow)
    since = _undone_since(known, rule, now)
    next_at = timetable(rule).next(since)
    _refuse_useless(writer, version.tenant, workflow, rule, next_at)
    record = ScheduleRecord(version.tenant, version.workflow, version.number, rule, next_at, None, None)
    if known is not None:
        record = replace(record, last_at=known.last_at, last_run=known.last_run, paused=known.paused)
        record = replace(record, next_at=None) if known.paused else record
    writer.put_schedule(record)


def _undone_since(known: ScheduleRecord | None, rule: Mapping[str, Json], now: float) -> float:
    """Slots that have come and are not dealt with yet stay due where the timetable is the same."""
    if known is None or known.next_at is None or known.rule != rule:
        return now
    return min(now, known.next_at - 1)


def _refuse_useless(
    reader: Reader, tenant: int, workflow: Workflow, rule: Mapping[str, Json], next_at: float | None
) -> None:
    problems: list[Problem] = []
    if next_at is None:
        problems.append(
            Problem("spec.schedule.until" if "until" in rule else "spec.schedule", "schedule_past")
        )
    try:
        params = fill(workflow, rule.get("params") or {}, PARAMS_MAX)
        vault.refuse_unnamed(reader, tenant, secret_params(workflow), params)
    except Refused as refused:
        problems += [Problem(f"spec.schedule.{p.path}", p.code, p.values) for p in refused.problems]
    if problems:
        raise Refused("invalid", "definition_invalid", {"count": len(problems)}, problems)


def pause(writer: Writer, now: float, caller: Caller, workflow: str, *, paused: bool) -> None:
    """Stop firing, or go on; slots that pass meanwhile are not made up for. Refused (state) where it is
    so already, Gone where the workflow has no schedule."""
    record = existing(writer.schedule(caller.tenant, workflow), "schedule", workflow)
    if record.paused is paused:
        raise Refused("state", "schedule_paused" if paused else "schedule_not_paused", {"workflow": workflow})
    table = _table(record)
    next_at = None if paused or table is None else table.next(now)
    writer.put_schedule(replace(record, paused=paused, next_at=next_at))
    audit.record(writer, now, caller, "pause" if paused else "resume", "schedule", workflow)


def compute_again(writer: Writer, now: float) -> None:
    """At the start of a server, and when its clock was set back: what lies ahead may have been computed with
    other clocks, or by other rules of a time zone. What has come is left to ``fire``."""
    for record in writer.all_schedules():
        if record.next_at is None or record.next_at > now:
            table = None if record.paused else _table(record)
            next_at = None if table is None else table.next(now)
            if next_at != record.next_at:
                writer.put_schedule(replace(record, next_at=next_at))


def fire(
    writer: Writer,
    now: float,
    record: ScheduleRecord,
    start: Callable[[StartRun], int],
    busy: Callable[[int, str], bool],
) -> int:
    """Deal with all slots that have come; each once, whoever else tries. The number of runs started.

    ``start`` makes a run and gives its id; ``busy`` tells whether the workflow has a run going on.
    """
    assert record.next_at is not None
    table = _table(record)
    if table is None:
        give_up(writer, now, record, "schedule_unreadable")
        return 0
    rule = record.rule
    most = rule.get("missed_max") or MISSED_MAX
    due = due_slots(table, record.next_at, now, rule.get("missed") or "last", most)
    if due.missed is not None:
        _note_missed(writer, now, record, due.missed, table)
    started = [_slot(writer, now, record, slot, start, busy) for slot in due.start]
    runs = [run for run in started if run is not None]
    writer.forget_fires(record.tenant, record.workflow, now - FIRES_KEPT)
    writer.put_schedule(
        replace(
            record,
            next_at=due.next_at,
            last_at=max([*due.start, *(due.missed or ())], default=record.last_at),
            last_run=runs[-1] if runs else record.last_run,
        )
    )
    return len(runs)


def give_up(writer: Writer, now: float, record: ScheduleRecord, code: str) -> None:
    """This schedule cannot be dealt with; it must not hold up the others. Publishing sets it going again."""
    assert record.next_at is not None
    writer.add_fire(_fired(record, record.next_at, now, FAILED, code=code))
    writer.put_schedule(replace(record, next_at=None, last_at=record.next_at))


def _table(record: ScheduleRecord) -> Timetable | None:
    """None where this program cannot read the rule any more (a time zone that was removed)."""
    try:
        return timetable(record.rule)
    except CronError:
        return None


def _note_missed(
    writer: Writer, now: float, record: ScheduleRecord, slots: tuple[float, float], table: Timetable
) -> None:
    """One line for all of them, at the first."""
    until = datetime.fromtimestamp(slots[1], table.zone).isoformat()
    fired = _fired(record, slots[0], now, MISSED, code="schedule_missed")
    writer.add_fire(replace(fired, values={"until": until}))


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
    try:
        run = start(_request(record, slot))
    except (Refused, Gone) as refused:
        writer.change_fire(_failed(record, slot, now, refused))
        return None
    writer.change_fire(replace(_fired(record, slot, now, STARTED), run_id=run))
    return run


def _request(record: ScheduleRecord, slot: float) -> StartRun:
    return StartRun(
        record.tenant,
        record.workflow,
        record.version,
        params=record.rule.get("params") or {},
        targets=record.rule.get("targets") or (),
        trigger=Trigger.SCHEDULED,
        planned_at=slot,
    )


def _fired(
    record: ScheduleRecord, slot: float, now: float, outcome: str, code: str | None = None
) -> FireRecord:
    return FireRecord(record.tenant, record.workflow, slot, now, outcome, code=code)


def _failed(record: ScheduleRecord, slot: float, now: float, refused: Refused | Gone) -> FireRecord:
    fired = _fired(record, slot, now, FAILED)
    if isinstance(refused, Gone):
        return replace(fired, code="not_found", values={"what": refused.what, "key": str(refused.key)})
    if refused.code == "start_concurrency":
        fired = replace(fired, outcome=OVERLAP)
    first = refused.problems[0] if refused.problems else None
    code, values = (first.code, first.values) if first else (refused.code, refused.values)
    return replace(fired, code=code, values={key: str(value) for key, value in values.items()})
