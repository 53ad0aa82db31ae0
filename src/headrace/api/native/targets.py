"""Targets and their types."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import TargetEditor, TargetViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX, Name
from headrace.api.http.paging import Listed, Paging, Sort, order_of, paged, paging, whole
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import Body
from headrace.api.native.bodies import Name as BodyName
from headrace.ports.store import TARGET_SORTS, Reader, Writer
from headrace.usecases.targets import TYPES, delete_target, put_target, target_of, type_of, views

router = APIRouter(prefix=PREFIX, tags=["targets"])


class ParentShape(TypedDict):
    type: str
    id: int
    name: str


class TargetShape(TypedDict):
    id: int
    type: str
    name: str
    attributes: dict[str, Any]
    parent: ParentShape | None


class TargetPage(Listed):
    items: list[TargetShape]


class TypeShape(TypedDict):
    name: str
    parent: str | None
    numbers: list[str]
    choices: dict[str, list[str]]


class TypePage(Listed):
    items: list[TypeShape]


class ParentBody(Body):
    type: BodyName
    name: BodyName


class TargetBody(Body):
    """``attributes`` are replaced as a whole."""

    attributes: dict[str, Any] = Field(default_factory=dict, max_length=100)
    parent: ParentBody | None = None


ONE = shows(TargetShape)


@router.get("/target-types", responses=shows(TypePage))
async def list_types(caller: TargetViewer) -> Response:
    """The types there are, with the attributes they know."""
    items = [
        {
            "name": kind.name,
            "parent": kind.parent,
            "numbers": list(kind.numbers),
            "choices": {key: list(values) for key, values in (kind.choices or {}).items()},
        }
        for kind in TYPES.values()
    ]
    return answer(whole(items))


@router.get("/targets", responses=shows(TargetPage))
async def list_targets(
    caller: TargetViewer,
    system: Sys,
    page: Annotated[Paging, Depends(paging)],
    type: Annotated[str | None, Query(max_length=200)] = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    sort: Sort = None,
) -> Response:
    """Targets by type and name; ``search`` is a part of the name."""
    order = order_of(sort, TARGET_SORTS)

    def look(reader: Reader) -> Any:
        found = reader.targets(caller.tenant, type, search, page.page, page.size, order)
        return paged(found, views(reader, caller.tenant, found.items))

    return answer(await reading(system, look))


@router.get("/targets/{type}/{name}", responses=ONE)
async def read_target(caller: TargetViewer, system: Sys, type: Name, name: Name) -> Response:
    """One target."""
    return await _shown(system, caller.tenant, type, name)


@router.put("/targets/{type}/{name}", responses=ONE)
async def write_target(
    caller: TargetEditor, system: Sys, type: Name, name: Name, body: TargetBody | None = None
) -> Response:
    """Create or replace."""
    asked = body or TargetBody()
    parent = (asked.parent.type, asked.parent.name) if asked.parent else None

    def work(writer: Writer, now: float) -> None:
        put_target(writer, now, caller, type, name, asked.attributes, parent)

    await told(system.inbox.transact(work))
    return await _shown(system, caller.tenant, type, name)


@router.delete("/targets/{type}/{name}", status_code=204)
async def remove_target(caller: TargetEditor, system: Sys, type: Name, name: Name) -> Response:
    """Delete; refused while others have it as their parent."""
    type_of(type)
    await told(system.inbox.transact(lambda w, now: delete_target(w, now, caller, type, name)))
    return Response(status_code=204)


async def _shown(system: Sys, tenant: int, type: str, name: str) -> Response:
    found = await reading(system, lambda r: views(r, tenant, [target_of(r, tenant, type, name)]))
    return answer(found[0])
