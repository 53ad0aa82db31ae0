"""The licence: what it allows, what is used, another one in its place."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import SignedIn, TenantAdmin
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX
from headrace.api.http.language import reader_language
from headrace.api.http.system import System
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import Body
from headrace.core.access.caller import Caller
from headrace.core.instants import instant
from headrace.core.messages import text
from headrace.core.words import Permission
from headrace.ports.store import Reader, Writer
from headrace.usecases import licence

router = APIRouter(prefix=PREFIX, tags=["licence"])


class Used(TypedDict):
    workflows: int
    users: int
    tenants: int


class LicenceShape(TypedDict):
    holder: str
    kind: str
    validFrom: str | None
    validUntil: str | None
    maxWorkflows: int | None
    maxUsers: int | None
    maxTenants: int | None
    valid: bool
    problems: list[str]
    installedAt: str | None
    installedBy: str | None
    used: Used  # in all tenants; for who does not administer tenants, in the own one


class LicenceBody(Body):
    """``text`` is the licence file's content."""

    text: Annotated[str, Field(max_length=100_000)]


@router.get("/license", responses=shows(LicenceShape))
async def read_licence(request: Request, caller: SignedIn, system: Sys) -> Response:
    """The licence in force."""
    return await _shown(request, caller, system)


@router.post("/license", responses=shows(LicenceShape))
async def install_licence(
    request: Request, caller: TenantAdmin, system: Sys, once: Once, body: LicenceBody
) -> Response:
    """Install a signed licence in the place of the one in force."""

    def work(writer: Writer, now: float) -> None:
        licence.install(writer, now, caller, body.text, system.licences)

    await told(system.inbox.transact(work, once.ticket(caller)))
    return await _shown(request, caller, system)


@router.delete("/license", status_code=204)
async def remove_licence(caller: TenantAdmin, system: Sys) -> Response:
    """Back to the built-in community licence, which has no limit."""
    await told(system.inbox.transact(lambda writer, now: licence.remove(writer, now, caller)))
    return Response(status_code=204)


async def _shown(request: Request, caller: Caller, system: System) -> Response:
    def look(reader: Reader) -> LicenceShape:
        record = reader.licence()
        found, fault = licence.current(reader, system.clock.now())
        everywhere = Permission.TENANT_ADMIN in caller.permissions
        used = licence.usage(reader, None if everywhere else caller.tenant)
        told = [text(fault, {"holder": found.holder}, reader_language(request))] if fault else []
        return {
            "holder": found.holder,
            "kind": found.kind,
            "validFrom": instant(found.valid_from),
            "validUntil": instant(found.valid_until),
            "maxWorkflows": found.max_workflows,
            "maxUsers": found.max_users,
            "maxTenants": found.max_tenants,
            "valid": fault is None,
            "problems": told,
            "installedAt": instant(record.installed_at) if record else None,
            "installedBy": record.installed_by if record else None,
            "used": {"workflows": used.workflows, "users": used.users, "tenants": used.tenants},
        }

    return answer(await reading(system, look))
