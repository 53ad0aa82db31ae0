"""The audit log."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import AuditViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import LARGEST, PREFIX
from headrace.api.http.paging import MOST, cursor_id, cursor_text
from headrace.api.http.waiting import Sys, reading
from headrace.core.instants import instant
from headrace.ports.audit import AuditFilter, AuditRecord

router = APIRouter(prefix=PREFIX, tags=["audit"])
Part = Annotated[str | None, Query(max_length=200, description="a part of it, in any case")]
Word = Annotated[str | None, Query(max_length=40)]
Instant = Annotated[AwareDatetime | None, Query(description="ISO-8601 with offset")]


class AuditUser(TypedDict):
    id: int  # 0: nobody of ours, as for a failed sign-in
    name: str


class AuditShape(TypedDict):
    id: int
    at: str | None
    user: AuditUser
    address: str
    action: str
    kind: str
    object: str
    before: Any
    after: Any


class AuditPage(TypedDict):
    items: list[AuditShape]
    next: str | None


@router.get("/audit", responses=shows(AuditPage))
async def list_audit(
    caller: AuditViewer,
    system: Sys,
    user: Part = None,
    action: Word = None,
    kind: Word = None,
    object: Part = None,
    since: Instant = None,
    until: Instant = None,
    cursor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST, description="capped at 2000")] = 50,
) -> Response:
    """Who changed what, the newest first; ``next`` continues the list."""
    which = AuditFilter(user, action, kind, object, _epoch(since), _epoch(until))
    before, most = cursor_id(cursor), min(limit, MOST)
    found = await reading(system, lambda r: r.audit(caller.tenant, which, before, most))
    more = cursor_text(found[-1].id) if len(found) == most else None
    return answer({"items": [_shape(record) for record in found], "next": more})


def _epoch(given: datetime | None) -> float | None:
    return given.timestamp() if given is not None else None


def _shape(record: AuditRecord) -> AuditShape:
    return {
        "id": record.id,
        "at": instant(record.at),
        "user": {"id": record.user_id, "name": record.user},
        "address": record.address,
        "action": record.action,
        "kind": record.kind,
        "object": record.object,
        "before": record.before,
        "after": record.after,
    }
