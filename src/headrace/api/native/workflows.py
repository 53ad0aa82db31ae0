"""Workflows: apply, read, publish, take offline, copy, compare, delete."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import WorkflowEditor, WorkflowViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.conditions import quoted, refuse_stale
from headrace.api.http.ids import PREFIX, Name
from headrace.api.http.paging import Listed, Paging, Sort, order_of, paged, paging, whole
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import Body, NothingBody
from headrace.api.native.bodies import Name as BodyName
from headrace.core.instants import instant
from headrace.ports.errors import existing
from headrace.ports.records import VersionHead, WorkflowRecord
from headrace.ports.store import WORKFLOW_SORTS, Reader, Writer
from headrace.usecases import definitions

router = APIRouter(prefix=PREFIX, tags=["workflows"])
Json = Any
DRAFT = "draft"

IfMatch = Annotated[str | None, Header(max_length=1000)]
IfNoneMatch = Annotated[str | None, Header(max_length=1000)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Which = Annotated[str | None, Query(pattern=r"^(draft|[1-9][0-9]{0,8})$", description="a number, or draft")]


class WorkflowShape(TypedDict):
    id: int
    name: str
    remark: str
    published: int | None
    latest: int
    etag: str
    createdAt: str | None
    updatedAt: str | None
    updatedBy: str
    nextAt: str | None  # when its schedule starts it next
    document: NotRequired[dict[str, Json]]  # the draft; not in lists
    version: NotRequired[int | None]  # after a PUT: the version it published


class WorkflowPage(Listed):
    items: list[WorkflowShape]


class VersionShape(TypedDict):
    workflow: str
    number: int
    published: bool
    createdAt: str | None
    createdBy: str
    document: NotRequired[dict[str, Json]]  # not in lists


class VersionPage(Listed):
    items: list[VersionShape]


class DiffShape(TypedDict):
    workflow: str
    diff: str


class CopyBody(Body):
    """The new workflow's name."""

    name: BodyName


@router.get("/workflows", responses=shows(WorkflowPage))
async def list_workflows(
    caller: WorkflowViewer,
    system: Sys,
    page: Annotated[Paging, Depends(paging)],
    search: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[Literal["published", "offline"] | None, Query()] = None,
    sort: Sort = None,
) -> Response:
    """Workflows, by name; ``search`` is a part of the name or the remark."""
    published = None if state is None else state == "published"
    order = order_of(sort, WORKFLOW_SORTS)

    def look(reader: Reader) -> dict[str, Json]:
        found = reader.workflows(caller.tenant, search, page.page, page.size, published, order)
        slots = reader.next_slots(caller.tenant, [record.name for record in found.items])
        items = [_shape(record, slots.get(record.name)) for record in found.items]
        return paged(found, items)

    return answer(await reading(system, look))


@router.get("/workflows/{name}", responses=shows(WorkflowShape, also="application/yaml"))
async def read_workflow(
    caller: WorkflowViewer,
    system: Sys,
    name: Name,
    format: Annotated[
        str, Query(pattern="^(json|yaml)$", description="yaml answers the definition alone")
    ] = "json",
) -> Response:
    """One workflow with its draft, and the ETag that an edit needs."""
    record, next_at = await reading(system, lambda r: _scheduled(r, caller.tenant, name))
    headers = {"ETag": quoted(record.etag)}
    if format == "yaml":
        text = await anyio.to_thread.run_sync(definitions.to_yaml, record.draft)
        return Response(text, headers=headers, media_type="application/yaml")
    return answer(_with_document(record, next_at), 200, headers)


@router.put(
    "/workflows/{name}",
    responses={**shows(WorkflowShape), **shows(WorkflowShape, 201)},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/yaml": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object"}},
            },
        }
    },
)
async def write_workflow(
    request: Request,
    caller: WorkflowEditor,
    system: Sys,
    name: Name,
    publish: bool = False,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Apply a definition, YAML or JSON, as the draft; ``publish=true`` publishes it too."""
    content = await request.body()
    checked = await anyio.to_thread.run_sync(definitions.check, content, system.capabilities, name)

    def work(writer: Writer, now: float) -> tuple[definitions.Applied, float | None]:
        known = writer.workflow(caller.tenant, name)
        etag, by = (known.etag, known.updated_by) if known else (None, "-")
        refuse_stale(etag, if_match, if_none_match, by)
        applied = definitions.apply_definition(writer, now, caller, checked, system.capabilities, publish)
        return applied, _next_at(writer, caller.tenant, name)

    applied, next_at = await told(system.inbox.transact(work))
    shape = _with_document(applied.record, next_at)
    shape["version"] = applied.version.number if applied.version else None
    status = 200 if applied.before is not None else 201
    return answer(shape, status, {"ETag": quoted(applied.record.etag)})


@router.delete("/workflows/{name}", status_code=204)
async def delete_workflow(
    caller: WorkflowEditor, system: Sys, name: Name, if_match: IfMatch = None
) -> Response:
    """Delete; refused while it is published or has open runs."""

    def work(writer: Writer, now: float) -> None:
        _match(writer, caller.tenant, name, if_match)
        definitions.delete(writer, now, caller, name)

    await told(system.inbox.transact(work))
    return Response(status_code=204)


@router.post("/workflows/{name}/publish", responses=shows(WorkflowShape))
async def publish(
    caller: WorkflowEditor,
    system: Sys,
    once: Once,
    name: Name,
    if_match: IfMatch = None,
    body: NothingBody | None = None,
) -> Response:
    """Make the draft the version that new runs use."""

    def work(writer: Writer, now: float) -> int:
        _match(writer, caller.tenant, name, if_match)
        return definitions.publish(writer, now, caller, name, system.capabilities)[1].number

    await told(system.inbox.transact(work, once.ticket(caller)))
    return await _shown(system, caller.tenant, name)


@router.post("/workflows/{name}/offline", responses=shows(WorkflowShape))
async def offline(
    caller: WorkflowEditor, system: Sys, once: Once, name: Name, body: NothingBody | None = None
) -> Response:
    """No new runs; those that go on keep their version."""

    def work(writer: Writer, now: float) -> str:
        return definitions.offline(writer, now, caller, name).name

    await told(system.inbox.transact(work, once.ticket(caller)))
    return await _shown(system, caller.tenant, name)


@router.post("/workflows/{name}/copy", status_code=201, responses=shows(WorkflowShape, 201))
async def copy(caller: WorkflowEditor, system: Sys, once: Once, name: Name, body: CopyBody) -> Response:
    """A new workflow with this one's draft."""

    def work(writer: Writer, now: float) -> str:
        return definitions.copy(writer, now, caller, name, body.name, system.capabilities).name

    await told(system.inbox.transact(work, once.ticket(caller)))
    return await _shown(system, caller.tenant, body.name, 201)


@router.get("/workflows/{name}/versions", responses=shows(VersionPage))
async def list_versions(caller: WorkflowViewer, system: Sys, name: Name) -> Response:
    """Published versions, newest first."""

    def look(reader: Reader) -> list[VersionShape]:
        record = definitions.workflow_of(reader, caller.tenant, name)
        found = reversed(reader.versions(caller.tenant, name))
        return [_version(record, each) for each in found]

    items = await reading(system, look)
    return answer(whole(items))


@router.get("/workflows/{name}/versions/{number}", responses=shows(VersionShape))
async def read_version(caller: WorkflowViewer, system: Sys, name: Name, number: Number) -> Response:
    """One version with its document."""

    def look(reader: Reader) -> VersionShape:
        record = definitions.workflow_of(reader, caller.tenant, name)
        found = existing(reader.version(caller.tenant, name, number), "version", number)
        shape = _version(record, found.head)
        shape["document"] = dict(found.document)
        return shape

    return answer(await reading(system, look))


@router.get("/workflows/{name}/diff", responses=shows(DiffShape))
async def diff(
    caller: WorkflowViewer,
    system: Sys,
    name: Name,
    from_: Annotated[Which, Query(alias="from")] = None,
    to: Which = DRAFT,
) -> Response:
    """A unified diff of two states; without ``from`` of the published version, with ``to`` the draft."""

    def look(reader: Reader) -> str:
        record = definitions.workflow_of(reader, caller.tenant, name)
        since = from_ or (str(record.published) if record.published else None)
        old = _document(reader, record, since) if since else None
        return definitions.difference(old, _document(reader, record, to or DRAFT))

    return answer({"workflow": name, "diff": await reading(system, look)})


def _document(reader: Reader, record: WorkflowRecord, which: str) -> Mapping[str, Json]:
    if which == DRAFT:
        return record.draft
    found = existing(reader.version(record.tenant, record.name, int(which)), "version", int(which))
    return found.document


def _match(reader: Reader, tenant: int, name: str, if_match: str | None) -> None:
    if if_match is not None:
        record = definitions.workflow_of(reader, tenant, name)
        refuse_stale(record.etag, if_match, by=record.updated_by)


async def _shown(system: Sys, tenant: int, name: str, status: int = 200) -> Response:
    record, next_at = await reading(system, lambda r: _scheduled(r, tenant, name))
    return answer(_with_document(record, next_at), status, {"ETag": quoted(record.etag)})


def _scheduled(reader: Reader, tenant: int, name: str) -> tuple[WorkflowRecord, float | None]:
    """The workflow, and when its schedule starts it next."""
    return definitions.workflow_of(reader, tenant, name), _next_at(reader, tenant, name)


def _next_at(reader: Reader, tenant: int, name: str) -> float | None:
    return reader.next_slots(tenant, [name]).get(name)


def _with_document(record: WorkflowRecord, next_at: float | None) -> WorkflowShape:
    shape = _shape(record, next_at)
    shape["document"] = dict(record.draft)
    return shape


def _shape(record: WorkflowRecord, next_at: float | None) -> WorkflowShape:
    return {
        "id": record.id,
        "name": record.name,
        "remark": record.remark,
        "published": record.published,
        "latest": record.latest,
        "etag": record.etag,
        "createdAt": instant(record.created_at),
        "updatedAt": instant(record.updated_at),
        "updatedBy": record.updated_by,
        "nextAt": instant(next_at),
    }


def _version(record: WorkflowRecord, version: VersionHead) -> VersionShape:
    return {
        "workflow": record.name,
        "number": version.number,
        "published": version.number == record.published,
        "createdAt": instant(version.created_at),
        "createdBy": version.created_by,
    }
