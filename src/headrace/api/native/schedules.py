"""Schedules: what starts by itself and when, what became of its times, and a look ahead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import TaskManager, WorkflowViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX, Name
from headrace.api.http.language import reader_language
from headrace.api.http.paging import Listed, Paging, paged, paging
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import Body, NothingBody
from headrace.api.native.drafting import ProblemShape
from headrace.core.instants import instant
from headrace.core.messages import Language, text
from headrace.core.retold import values_in
from headrace.core.run.state import Run
from headrace.core.schedule import CronError, Timetable, instant_of, timetable, wording
from headrace.ports.errors import existing
from headrace.ports.schedules import FireRecord, ScheduleRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import schedules
from headrace.usecases.definitions import workflow_of

router = APIRouter(prefix=PREFIX, tags=["schedules"])
Json = Any

Limit = Annotated[int, Query(ge=1, le=1000, description="the newest so many")]


class LastRun(TypedDict):
    id: int
    status: str


_From = TypedDict("_From", {"from": str | None})  # a word of Python's own


class ScheduleShape(_From):
    """The schedule of a published workflow. ``text`` says in words when it fires."""

    workflow: str
    version: int
    mode: str
    cron: str
    dialect: str
    text: str
    timezone: str
    until: str | None  # like ``from`` as it is written in the definition
    missed: str
    overlap: str
    paused: bool
    nextAt: str | None
    lastAt: str | None
    lastRun: LastRun | None


class SchedulePage(Listed):
    items: list[ScheduleShape]


class FireShape(TypedDict):
    """``outcome`` is started, overlap (an earlier run was still going on), missed (this time and those up
    to ``until``) or failed; ``message`` says more."""

    slot: str | None
    until: str | None
    at: str | None
    outcome: str
    runId: int | None
    message: str | None


class FirePage(Listed):
    items: list[FireShape]


class PreviewShape(TypedDict):
    """``fires`` are instants with the zone's offset; empty where there are ``problems``."""

    dialect: str | None
    text: str | None
    fires: list[str]
    problems: list[ProblemShape]


class PreviewBody(Body):
    """A schedule as it is being written. ``after`` is where to begin, else now."""

    cron: Annotated[str, Field(max_length=200)]
    timezone: Annotated[str, Field(max_length=64)] | None = None
    dialect: Literal["auto", "unix", "quartz"] = "auto"
    from_: Annotated[str, Field(max_length=40)] | None = Field(None, alias="from")
    until: Annotated[str, Field(max_length=40)] | None = None
    after: Annotated[str, Field(max_length=40)] | None = None
    count: Annotated[int, Field(ge=1, le=50)] = 10

    def block(self) -> dict[str, Json]:
        """The keys of a definition's schedule."""
        given = {"timezone": self.timezone, "from": self.from_ or None, "until": self.until or None}
        return {"cron": self.cron, "dialect": self.dialect, **given}


@router.get("/schedules", responses=shows(SchedulePage))
async def list_schedules(
    request: Request,
    caller: WorkflowViewer,
    system: Sys,
    page: Annotated[Paging, Depends(paging)],
    search: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Schedules of published workflows, the next to fire first; ``search`` is a part of the name."""
    language = reader_language(request)

    def look(reader: Reader) -> dict[str, Json]:
        found = reader.schedules(caller.tenant, search, page.page, page.size)
        return paged(found, _shapes(reader, found.items, language))

    return answer(await reading(system, look))


@router.get("/workflows/{name}/fires", responses=shows(FirePage))
async def list_fires(
    request: Request, caller: WorkflowViewer, system: Sys, name: Name, limit: Limit = 50
) -> Response:
    """What became of the schedule's times, the newest first; 90 days are kept."""
    language = reader_language(request)

    def look(reader: Reader) -> list[FireShape]:
        workflow_of(reader, caller.tenant, name)
        return [_fire(record, language) for record in reader.fires(caller.tenant, name, limit)]

    items = await reading(system, look)
    return answer({"items": items, "page": 1, "size": limit, "total": len(items)})


@router.post("/schedules/preview", responses=shows(PreviewShape))
async def preview(request: Request, caller: WorkflowViewer, system: Sys, body: PreviewBody) -> Response:
    """When a schedule would fire, and how it reads; what is wrong with it, where something is."""
    now = system.clock.now()
    return answer(await anyio.to_thread.run_sync(_preview, body, now, reader_language(request)))


@router.post("/schedules/{name}/pause", responses=shows(ScheduleShape))
async def pause(
    request: Request,
    caller: TaskManager,
    system: Sys,
    once: Once,
    name: Name,
    body: NothingBody | None = None,
) -> Response:
    """The workflow's schedule starts nothing until it is resumed; publishing leaves it paused."""
    return await _pause(request, caller, system, once, name, paused=True)


@router.post("/schedules/{name}/resume", responses=shows(ScheduleShape))
async def resume(
    request: Request,
    caller: TaskManager,
    system: Sys,
    once: Once,
    name: Name,
    body: NothingBody | None = None,
) -> Response:
    """The schedule goes on; times that passed meanwhile are not made up for."""
    return await _pause(request, caller, system, once, name, paused=False)


async def _pause(
    request: Request, caller: TaskManager, system: Sys, once: Once, name: str, *, paused: bool
) -> Response:
    def work(writer: Writer, now: float) -> str:
        schedules.pause(writer, now, caller, name, paused=paused)
        return name

    await told(system.inbox.transact(work, once.ticket(caller)))

    def look(reader: Reader) -> ScheduleShape:
        record = existing(reader.schedule(caller.tenant, name), "schedule", name)
        return _shapes(reader, [record], reader_language(request))[0]

    return answer(await reading(system, look))


def _shapes(reader: Reader, records: Sequence[ScheduleRecord], language: Language) -> list[ScheduleShape]:
    """Of one tenant."""
    last = [record.last_run for record in records if record.last_run is not None]
    runs = reader.runs_by_id(records[0].tenant, last) if last else {}
    return [_shape(record, runs.get(record.last_run or 0), language) for record in records]


def _shape(record: ScheduleRecord, run: Run | None, language: Language) -> ScheduleShape:
    rule = record.rule
    table = _readable(rule)
    return {
        "workflow": record.workflow,
        "version": record.version,
        "mode": rule.get("mode") or "single",
        "cron": rule["cron"],
        "dialect": table.cron.dialect if table else rule.get("dialect") or "auto",
        "text": _words(table, language) if table else rule["cron"],
        "timezone": rule.get("timezone") or "UTC",
        "from": rule.get("from"),
        "until": rule.get("until"),
        "missed": rule.get("missed") or "last",
        "overlap": rule.get("overlap") or "allow",
        "paused": record.paused,
        "nextAt": instant(record.next_at),
        "lastAt": instant(record.last_at),
        "lastRun": {"id": run.id, "status": run.status} if run else None,
    }


def _readable(rule: Any) -> Timetable | None:
    """None where its time zone is known no more."""
    try:
        return timetable(rule)
    except CronError:
        return None


def _words(table: Timetable, language: Language) -> str:
    return wording(table.cron)[language == "zh"]


def _fire(record: FireRecord, language: Language) -> FireShape:
    values = values_in(record.values or {}, language)
    return {
        "slot": instant(record.slot),
        "until": (record.values or {}).get("until") if record.outcome == schedules.MISSED else None,
        "at": instant(record.at),
        "outcome": record.outcome,
        "runId": record.run_id,
        "message": None if record.code is None else text(record.code, values, language),
    }


def _preview(body: PreviewBody, now: float, language: Language) -> PreviewShape:
    try:
        table = timetable(body.block())
        after = instant_of({"after": body.after or None}, "after", table.zone)
    except CronError as error:
        message = text(error.code, error.values, language)
        problem: ProblemShape = {"path": error.place, "code": error.code, "message": message}
        return {"dialect": None, "text": None, "fires": [], "problems": [problem]}
    slots = table.first(now if after is None else after, body.count)
    fires = [datetime.fromtimestamp(at, table.zone).isoformat() for at in slots]
    return {"dialect": table.cron.dialect, "text": _words(table, language), "fires": fires, "problems": []}
