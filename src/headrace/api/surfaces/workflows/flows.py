"""作业流: create, edit, list, read, configure, publish, delete, export, import."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import WorkflowEditor, WorkflowViewer
from headrace.api.http.calls import curl_of
from headrace.api.http.paging import MOST
from headrace.api.http.system import System
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.surfaces.workflows import canvas, forms, settings
from headrace.api.surfaces.workflows.bodies import (
    AddBody,
    AddressBody,
    CanvasBody,
    FlowBody,
    PageBody,
    SettingBody,
    UpdateBody,
    as_id,
)
from headrace.api.surfaces.workflows.envelope import PREFIX, success
from headrace.api.surfaces.workflows.shapes import flow_shape, page_shape
from headrace.core.access.caller import Caller
from headrace.ports.records import WorkflowRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import definitions, invocations

Json = Any
router = APIRouter(prefix=PREFIX, tags=["job flows"], include_in_schema=False)
Edit = Callable[[Mapping[str, Json]], Mapping[str, Json]]


@router.post("/addWorkflow")
async def add(request: Request, caller: WorkflowEditor, system: Sys, body: AddBody) -> Response:
    """A new workflow without any job yet."""
    metadata = {"name": body.name, **({"remark": body.remark} if body.remark else {})}
    document = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": metadata, "spec": {"nodes": []}}

    checked = definitions.check(document, system.capabilities)

    def work(writer: Writer, now: float) -> int:
        return definitions.create(writer, now, caller, checked).id

    id = await told(system.inbox.transact(work))
    return success(request, "flow_created", {"workflowId": str(id)})


@router.post("/updateWorkflow")
async def update(request: Request, caller: WorkflowEditor, system: Sys, body: UpdateBody) -> Response:
    """Another name or remark."""

    def edit(document: Mapping[str, Json]) -> Mapping[str, Json]:
        metadata = {**document["metadata"], "name": body.name}
        if body.remark is not None:
            metadata["remark"] = body.remark
        return {**document, "metadata": metadata}

    return await _edited(request, caller, system, body.id, body.etag, edit)


@router.post("/configWorkflow")
async def save_canvas(request: Request, caller: WorkflowEditor, system: Sys, body: CanvasBody) -> Response:
    """The jobs and edges of the canvas as the draft."""
    cells = body.cells()
    return await _edited(
        request, caller, system, body.workflowId, body.etag, lambda document: canvas.rewired(document, cells)
    )


@router.post("/configWorkflowSetting")
async def save_setting(request: Request, caller: WorkflowEditor, system: Sys, body: SettingBody) -> Response:
    """Schedule, alarms and calls from outside; in force with the next publication."""
    return await _edited(
        request,
        caller,
        system,
        body.workflowId,
        body.etag,
        lambda document: settings.configured(document, body),
    )


async def _edited(
    request: Request, caller: Caller, system: System, id: int, etag: str | None, edit: Edit
) -> Response:
    """The draft as ``edit`` leaves it; nothing is changed where the outcome is not a good definition.

    The edit is made of a snapshot and checked outside the engine; a draft that changed meanwhile is a clash.
    """
    before = await reading(system, lambda reader: definitions.named(reader, caller.tenant, id))
    if etag is not None:
        definitions.refuse_other(before, etag)

    def checked() -> definitions.Checked:
        return definitions.check(edit(before.draft), system.capabilities)

    good = await anyio.to_thread.run_sync(checked)

    def work(writer: Writer, now: float) -> str:
        return definitions.revise(writer, now, caller, before, good).etag

    return success(request, "flow_saved", {"etag": await told(system.inbox.transact(work))})


@router.post("/pageWorkflow")
async def page(request: Request, caller: WorkflowViewer, system: Sys, body: PageBody) -> Response:
    """A page of workflows by name."""

    def look(reader: Reader) -> Json:
        size = min(body.pageSize, MOST)
        found = reader.workflows(caller.tenant, body.searchKeyWord or None, body.page + 1, size)
        slots = reader.next_slots(caller.tenant, [each.name for each in found.items])
        return page_shape(found, [flow_shape(each, slots.get(each.name)) for each in found.items])

    return success(request, "flow_found", await reading(system, look))


@router.post("/getWorkflow")
async def get(request: Request, caller: WorkflowViewer, system: Sys, body: FlowBody) -> Response:
    """One workflow with its canvas and its configuration, as they are in the draft."""

    def look(reader: Reader) -> Json:
        record = definitions.named(reader, caller.tenant, body.workflowId)
        next_at = reader.next_slots(caller.tenant, [record.name]).get(record.name)
        return {
            **flow_shape(record, next_at),
            **settings.drawer_shape(record.draft["spec"]),
            "webConfig": {"cells": canvas.cells_of(record.draft)},
            "etag": record.etag,
        }

    return success(request, "flow_found", await reading(system, look))


@router.post("/deleteWorkflow")
async def delete(request: Request, caller: WorkflowEditor, system: Sys, body: FlowBody) -> Response:
    """Refused while it is published or has open runs."""

    def work(writer: Writer, now: float) -> None:
        record = definitions.named(writer, caller.tenant, body.workflowId)
        definitions.delete(writer, now, caller, record.name)

    await told(system.inbox.transact(work))
    return success(request, "flow_deleted")


@router.post("/deployWorkflow")
async def deploy(request: Request, caller: WorkflowEditor, system: Sys, body: FlowBody) -> Response:
    """Publish the draft."""

    def work(writer: Writer, now: float) -> int:
        record = definitions.named(writer, caller.tenant, body.workflowId)
        return definitions.publish(writer, now, caller, record.name, system.capabilities)[1].number

    number = await told(system.inbox.transact(work))
    return success(request, "flow_published", {"versionNumber": number})


@router.post("/killWorkflow")
async def kill(request: Request, caller: WorkflowEditor, system: Sys, body: FlowBody) -> Response:
    """Take it offline."""

    def work(writer: Writer, now: float) -> None:
        record = definitions.named(writer, caller.tenant, body.workflowId)
        definitions.offline(writer, now, caller, record.name)

    await told(system.inbox.transact(work))
    return success(request, "flow_offline")


@router.post("/exportWorkflow")
async def export(caller: WorkflowViewer, system: Sys, body: FlowBody) -> Response:
    """The draft as a file; nothing in it belongs to this server."""
    record = await reading(system, lambda r: definitions.named(r, caller.tenant, body.workflowId))
    text = json.dumps(forms.exported(record.draft), ensure_ascii=False, indent=2)
    name = quote(f"{record.name}_all.json")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(text, headers=headers, media_type="application/json")


@router.post("/importWorkflow")
async def bring_in(request: Request, caller: WorkflowEditor, system: Sys) -> Response:
    """An exported file as a new workflow, or as the draft of the one that the form names."""
    given = await forms.imported(request)
    into = None if given.workflow_id is None else as_id(given.workflow_id)
    known = None
    if into is not None:
        known = await reading(system, lambda reader: definitions.named(reader, caller.tenant, into))

    def resting() -> definitions.Checked:
        good = definitions.check(given.document, system.capabilities)
        rest = definitions.at_rest(good.document, known.name if known else None)
        return definitions.check(rest, system.capabilities)

    checked = await anyio.to_thread.run_sync(resting)

    def work(writer: Writer, now: float) -> definitions.Brought:
        return definitions.bring(writer, now, caller, checked, known)

    made = await told(system.inbox.transact(work))
    missing = [{"kind": kind, "name": name} for kind, name in made.missing]
    data = {"workflowId": str(made.record.id), "name": made.record.name, "missing": missing}
    return success(request, "flow_imported", data)


@router.post("/getInvokeUrl")
async def invoke_url(request: Request, caller: WorkflowEditor, system: Sys, body: AddressBody) -> Response:
    """A new token, in a command that calls with it; both are in this answer and nowhere else."""
    text, digest = system.gate.mint(invocations.PREFIX)

    def work(writer: Writer, now: float) -> WorkflowRecord:
        record = definitions.named(writer, caller.tenant, body.workflowId)
        invocations.create(writer, now, caller, record.name, digest)
        return record

    record = await told(system.inbox.transact(work))
    address = body.outerAddress or system.settings.public_url or str(request.base_url)
    return success(
        request, "flow_done", {"url": curl_of(address.rstrip("/"), record.id, text), "token": text}
    )
