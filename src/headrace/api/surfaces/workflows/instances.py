"""作业流实例 and 作业实例: start, watch, abort, rerun, break; and the call from outside."""

from dataclasses import replace
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import TaskManager, TaskViewer
from headrace.api.http.paging import MOST
from headrace.api.http.tickets import Once
from headrace.api.http.views import view_of
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.surfaces.workflows.bodies import (
    FlowBody,
    InstanceBody,
    InstancesBody,
    InvokeBody,
    JobBody,
    as_id,
)
from headrace.api.surfaces.workflows.envelope import PREFIX, success
from headrace.api.surfaces.workflows.shapes import instance_shape, jobs_shape, page_shape
from headrace.api.surfaces.workflows.words import FLOWS, flow_status
from headrace.core.run.events import Actor, BreakStep, Event, RerunRun, RerunStep, TerminateRun
from headrace.core.words import Trigger
from headrace.ports.errors import Gone
from headrace.ports.inbox import StartRun, Ticket
from headrace.ports.records import Page, RunFilter, RunRow
from headrace.ports.store import Reader, Writer
from headrace.usecases import definitions, invocations

Json = Any
router = APIRouter(prefix=PREFIX, tags=["job flows"], include_in_schema=False)


class OnInstance:
    """A verb: everything its request says but what is asked."""

    def __init__(self, request: Request, caller: TaskManager, system: Sys, once: Once) -> None:
        self.actor: Actor = caller.actor
        self._request = request
        self._caller = caller
        self._system = system
        self._ticket = once.ticket(caller)

    async def tell(self, run_id: int, event: Event) -> Response:
        """Commit the verb."""
        caller = self._caller
        await told(self._system.inbox.tell(caller.tenant, run_id, event, self._ticket, by=caller))
        return success(self._request, "flow_done")

    async def tell_job(self, event: BreakStep | RerunStep) -> Response:
        """The same, where the request names nothing but the job's instance."""

        def look(reader: Reader) -> int:
            found = reader.step_run(event.step)
            if found is None or reader.run(self._caller.tenant, found) is None:
                raise Gone("step", event.step)
            return found

        return await self.tell(await reading(self._system, look), event)


Verb = Annotated[OnInstance, Depends()]


@router.post("/runWorkflow")
async def run(request: Request, caller: TaskManager, system: Sys, once: Once, body: FlowBody) -> Response:
    """Start the published version; the instance's id."""
    record = await reading(system, lambda r: definitions.named(r, caller.tenant, body.workflowId))
    trigger = Trigger.MANUAL if caller.token is None else Trigger.API
    start = StartRun(caller.tenant, record.name, trigger=trigger, actor=caller.actor)
    run_id = await told(system.inbox.start_run(start, once.ticket(caller), by=caller))
    return success(request, "flow_started", str(run_id))


@router.post("/abortFlow")
async def abort(verb: Verb, body: InstanceBody) -> Response:
    """Cancel what is at work, drop what waits."""
    return await verb.tell(body.workflowInstanceId, TerminateRun(verb.actor))


@router.post("/reRunFlow")
async def rerun(verb: Verb, body: InstanceBody) -> Response:
    """All jobs once more, on the version that ran."""
    return await verb.tell(body.workflowInstanceId, RerunRun(verb.actor))


@router.post("/getRunWorkInstances")
async def jobs(request: Request, caller: TaskViewer, system: Sys, body: InstanceBody) -> Response:
    """A flow instance and its job instances."""

    def look(reader: Reader) -> Json:
        view = view_of(reader, request.app.state.definitions, caller.tenant, body.workflowInstanceId)
        return jobs_shape(view, reader.operations(view.run.id))

    return success(request, "flow_found", await reading(system, look))


@router.post("/breakFlow")
async def break_job(verb: Verb, body: JobBody) -> Response:
    """A job whose turn has not come will not run, nor anything after it."""
    return await verb.tell_job(BreakStep(body.workInstanceId, verb.actor))


@router.post("/runCurrentNode")
async def run_this(verb: Verb, body: JobBody) -> Response:
    """This job once more."""
    return await verb.tell_job(RerunStep(body.workInstanceId, False, verb.actor))


@router.post("/runAfterFlow")
async def run_after(verb: Verb, body: JobBody) -> Response:
    """This job and everything after it once more."""
    return await verb.tell_job(RerunStep(body.workInstanceId, True, verb.actor))


@router.post("/queryWorkFlowInstances")
async def history(request: Request, caller: TaskViewer, system: Sys, body: InstancesBody) -> Response:
    """Flow instances, newest first; ``searchKeyWord`` is a part of the name, or else an instance's id."""

    def look(reader: Reader) -> Json:
        found = _instances(reader, caller.tenant, body)
        names = sorted({row.run.workflow for row in found.items})
        flows = {name: reader.workflow(caller.tenant, name) for name in names}
        slots = reader.next_slots(caller.tenant, names)
        content = [
            instance_shape(
                row, flow.id if (flow := flows[row.run.workflow]) else None, slots.get(row.run.workflow)
            )
            for row in found.items
        ]
        return page_shape(found, content)

    return success(request, "flow_found", await reading(system, look))


def _instances(reader: Reader, tenant: int, body: InstancesBody) -> Page[RunRow]:
    page, size = body.page + 1, min(body.pageSize, MOST)
    which = FLOWS[body.executeStatus] if body.executeStatus else RunFilter()
    if body.workflowId is not None:
        flow = reader.workflow_by_id(tenant, body.workflowId)
        if flow is None:
            return Page([], page, size, 0)
        which = replace(which, workflow=flow.name)
    searched = replace(which, name=body.searchKeyWord or None)
    found = reader.runs_with_steps(tenant, searched, (), page, size)
    if found.total or not body.searchKeyWord:
        return found
    items = [row for row in _by_id(reader, tenant, as_id(body.searchKeyWord)) if _fits(row, which, body)]
    return Page(items if page == 1 else [], page, size, len(items))


def _by_id(reader: Reader, tenant: int, run_id: int) -> list[RunRow]:
    run = reader.run(tenant, run_id)
    return [] if run is None else [RunRow(run, reader.steps(run_id))]


def _fits(row: RunRow, which: RunFilter, body: InstancesBody) -> bool:
    status = body.executeStatus or None
    return which.workflow in (None, row.run.workflow) and status in (None, flow_status(row.run, row.steps))


@router.post("/open/invokeWorkflow")
async def invoke(request: Request, system: Sys, body: InvokeBody) -> Response:
    """A call from outside: whoever has the workflow's token starts its published version."""
    address = request.client.host if request.client else "local"
    now = system.clock.monotonic()
    request.app.state.invoking_addresses.take(address, now)
    admitted = await reading(
        system, lambda r: invocations.admit(r, system.clock.now(), body.workflowId, body.token)
    )
    request.app.state.invocations.take(str(admitted.token.id), now)
    start = StartRun(
        admitted.workflow.tenant,
        admitted.workflow.name,
        params=body.params,
        trigger=Trigger.INVOKED,
        actor=admitted.actor,
    )

    def guard(writer: Writer, now: float) -> None:
        invocations.use(writer, now, body.workflowId, body.token, address)

    run_id = await told(system.inbox.start_run(start, _ticket(admitted, body), guard))
    return success(request, "flow_invoked", {"workflowInstanceId": str(run_id)})


def _ticket(admitted: invocations.Admitted, body: InvokeBody) -> Ticket | None:
    """A key is the workflow's, so that it holds when the token is rotated."""
    if body.idempotencyKey is None:
        return None
    workflow = admitted.workflow
    given = sha256(msgspec.json.encode(body.params, order="deterministic")).hexdigest()
    return Ticket(workflow.tenant, "POST invokeWorkflow", f"{workflow.id}:{body.idempotencyKey}", given)
