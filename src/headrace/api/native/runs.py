"""Runs: list, read, start; and the verbs for a whole run."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import TaskManager, TaskViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX, Name, RunId
from headrace.api.http.language import reader_language
from headrace.api.http.paging import Paging, Sort, cursor_id, cursor_text, order_of, paged, paging, whole
from headrace.api.http.system import System
from headrace.api.http.tickets import Once
from headrace.api.http.views import run_of
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import NothingBody, StartBody
from headrace.api.native.details import RunDetail, run_detail
from headrace.api.native.shapes import (
    OperationPage,
    RunPage,
    RunShape,
    operation_shape,
    run_shape,
    run_shapes,
)
from headrace.core.access.caller import Caller
from headrace.core.messages import Language
from headrace.core.run.events import (
    Actor,
    PauseRun,
    RerunRun,
    ResumeRun,
    RetryRun,
    RollbackRun,
    RunVerb,
    TerminateRun,
)
from headrace.core.words import RunStatus, Trigger
from headrace.ports.errors import Problem, Refused, existing
from headrace.ports.inbox import StartRun, Ticket
from headrace.ports.records import RunFilter
from headrace.ports.store import SORTS, Reader

router = APIRouter(prefix=PREFIX, tags=["runs"])
ONE = shows(RunDetail)


class VersionDocument(TypedDict):
    workflow: str
    version: int
    document: dict[str, Any]


Page = Annotated[Paging, Depends(paging)]
Limit = Annotated[int | None, Query(ge=1, le=2**53 - 1, description="cursor paging: items; capped at 2000")]
Part = Annotated[str | None, Query(max_length=200)]


async def _filter(
    name: Part = None,
    workflow: Part = None,
    status: Annotated[list[RunStatus] | None, Query()] = None,
    trigger: Annotated[list[Trigger] | None, Query()] = None,
    cluster: Part = None,
    tenant: Part = None,
    host: Part = None,
) -> RunFilter:
    """Filters of the list; ``cluster``, ``tenant`` and ``host`` are parts of a target's name."""
    names = {"cluster": cluster, "tenant": tenant, "host": host}
    return RunFilter(
        name=name,
        workflow=workflow,
        statuses=frozenset(status or ()),
        triggers=frozenset(trigger or ()),
        target_names={type: part for type, part in names.items() if part},
    )


Filter = Annotated[RunFilter, Depends(_filter)]


@router.get("/runs", responses=shows(RunPage))
async def list_runs(
    http: Request,
    caller: TaskViewer,
    system: Sys,
    which: Filter,
    page: Page,
    sort: Sort = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = None,
) -> Response:
    """Runs, newest first; by page, or with ``limit`` and ``cursor`` without gaps while new runs come."""
    if cursor is not None or limit is not None:
        if sort:
            raise Refused("invalid", "request_invalid", {}, [Problem("query.sort", "sort_with_cursor")])
        return await _after(system, caller, reader_language(http), which, cursor, min(limit or 10, 2000))
    order = order_of(sort, SORTS)
    language = reader_language(http)

    def look(reader: Reader) -> Response:
        found = reader.runs(caller.tenant, which, order, page.page, page.size)
        return answer(paged(found, run_shapes(reader, found.items, language)))

    return await reading(system, look)


async def _after(
    system: Sys, caller: Caller, language: Language, which: RunFilter, cursor: str | None, limit: int
) -> Response:
    before = cursor_id(cursor)

    def look(reader: Reader) -> Response:
        runs = reader.runs_after(caller.tenant, which, before, limit)
        more = cursor_text(runs[-1].id) if len(runs) == limit else None
        return answer({"items": run_shapes(reader, runs, language), "next": more})

    return await reading(system, look)


@router.get("/runs/{runId}", responses=ONE)
async def read_run(request: Request, caller: TaskViewer, system: Sys, run_id: RunId) -> Response:
    """One run, and the verbs for it that are legal now."""
    return await _shown(request, system, caller, run_id)


async def _shown(request: Request, system: System, caller: Caller, run_id: int) -> Response:
    known = request.app.state.definitions
    language = reader_language(request)
    return answer(await reading(system, lambda r: run_detail(r, known, caller, run_id, language)))


@router.get("/runs/{runId}/definition", responses=shows(VersionDocument))
async def read_definition(caller: TaskViewer, system: Sys, run_id: RunId) -> Response:
    """The document of the version that the run is pinned to, also when the workflow is deleted."""

    def look(reader: Reader) -> VersionDocument:
        run = run_of(reader, caller.tenant, run_id)
        record = existing(reader.version_by_id(run.version_id), "version", run.version)
        return {"workflow": run.workflow, "version": run.version, "document": dict(record.document)}

    return answer(await reading(system, look))


@router.get("/runs/{runId}/operations", responses=shows(OperationPage))
async def list_operations(caller: TaskViewer, system: Sys, run_id: RunId) -> Response:
    """What was done with the run as a whole, oldest first."""

    def look(reader: Any) -> list[Any]:
        run_of(reader, caller.tenant, run_id)
        return [operation_shape(each) for each in reader.operations(run_id)]

    items = await reading(system, look)
    return answer(whole(items))


@router.post("/workflows/{name}/runs", status_code=201, responses=shows(RunShape, 201), tags=["workflows"])
async def start_run(
    http: Request, caller: TaskManager, system: Sys, once: Once, name: Name, body: StartBody | None = None
) -> Response:
    """Start a run of the published version, or of ``version``."""
    asked = body or StartBody()
    request = StartRun(
        tenant=caller.tenant,
        workflow=name,
        version=asked.version,
        params=asked.params,
        targets=asked.picks(),
        bindings=asked.bindings,
        mock=asked.mock,
        debug=asked.debug,
        trigger=Trigger.MANUAL if caller.token is None else Trigger.API,
        actor=caller.actor,
    )
    run_id = await told(system.inbox.start_run(request, once.ticket(caller), by=caller))
    run = await reading(system, lambda r: run_of(r, caller.tenant, run_id))
    return answer(run_shape(run, reader_language(http)), 201, {"Location": f"/api/v1/runs/{run_id}"})


class OnRun:
    """A verb for a whole run: everything its request says."""

    def __init__(
        self, request: Request, caller: Caller, system: System, ticket: Ticket | None, run_id: int
    ) -> None:
        self.actor: Actor = caller.actor
        self._request = request
        self._caller = caller
        self._system = system
        self._run = run_id
        self._ticket = ticket

    async def tell(self, event: RunVerb) -> Response:
        """Commit the verb, then answer the run as it stands."""
        await told(self._system.inbox.tell(self._caller.tenant, self._run, event, self._ticket, self._caller))
        return await _shown(self._request, self._system, self._caller, self._run)


async def _on_run(
    request: Request,
    caller: TaskManager,
    system: Sys,
    once: Once,
    run_id: RunId,
    body: NothingBody | None = None,
) -> OnRun:
    """An empty body and an empty object are both fine."""
    return OnRun(request, caller, system, once.ticket(caller), run_id)


Verb = Annotated[OnRun, Depends(_on_run)]


@router.post("/runs/{runId}/pause", responses=ONE)
async def pause(on: Verb) -> Response:
    """Hand nothing over until the run is resumed; running work goes on."""
    return await on.tell(PauseRun(on.actor))


@router.post("/runs/{runId}/resume", responses=ONE)
async def resume(on: Verb) -> Response:
    """End the pause."""
    return await on.tell(ResumeRun(on.actor))


@router.post("/runs/{runId}/terminate", responses=ONE)
async def terminate(on: Verb) -> Response:
    """Cancel what is active and end the run as CANCELED."""
    return await on.tell(TerminateRun(on.actor))


@router.post("/runs/{runId}/retry", responses=ONE)
async def retry(on: Verb) -> Response:
    """Start all failed steps again."""
    return await on.tell(RetryRun(on.actor))


@router.post("/runs/{runId}/rollback", responses=ONE)
async def rollback(on: Verb) -> Response:
    """Undo all executed steps in reverse order, of a closed run too."""
    return await on.tell(RollbackRun(on.actor, closed=True))


@router.post("/runs/{runId}/rerun", responses=ONE)
async def rerun(on: Verb) -> Response:
    """Run all steps again with the same version and parameters."""
    return await on.tell(RerunRun(on.actor))
