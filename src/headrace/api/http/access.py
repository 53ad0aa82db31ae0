"""How a route says who may use it: one dependency, which the census of routes looks for."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.routing import BaseRoute

from headrace.api.http import web
from headrace.core.access.caller import Caller
from headrace.core.refusal import Refused
from headrace.core.words import Permission

INVOKE = "/workflow/open/invokeWorkflow"
"""Proves its callers itself, by the token in the body."""
OIDC_LOGIN = "/api/v1/oidc/{provider}/login"
OIDC_CALLBACK = "/api/v1/oidc/{provider}/callback"
PUBLIC = frozenset(
    {INVOKE, "/healthz", "/readyz", "/docs", "/api/v1/openapi.json", "/api/v1/schema/workflow.json"}
    | {"/api/v1/sign-in", "/api/v1/sign-in/providers", OIDC_LOGIN, OIDC_CALLBACK}
)
"""Routes that answer without credentials; they show nothing of any tenant."""

COOKIE = "headrace_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = "x-headrace-request"
"""A header that our pages send and no other site's page can: its browser would ask us first (CORS)."""

Check = Callable[[Request], Awaitable[Caller]]
_MARK = "headrace_permission"
ANYBODY = "any signed-in user"


def secured(permission: Permission | None) -> Any:
    """A dependency that gives the ``Caller`` and refuses one without ``permission``.

    None admits any signed-in user: for what belongs to the caller alone, like own tokens.
    """

    async def check(request: Request) -> Caller:
        caller = await admit(request)
        if permission is not None:
            caller.require(permission)
        return caller

    setattr(check, _MARK, permission.value if permission else ANYBODY)
    return Depends(check)


async def admit(request: Request) -> Caller:
    """The caller of this request, proved; Refused where there is none."""
    address = request.client.host if request.client else "local"
    gate = request.app.state.system.gate
    cookie = request.cookies.get(COOKIE)
    caller: Caller = await gate.admit(request.headers.get("authorization"), address, cookie)
    if caller.session is not None and request.method not in SAFE:
        refuse_foreign(request)
    return replace(caller, address=address)


async def admit_viewer(request: Request) -> None:
    """Raise Refused where the caller of a stream is no longer there, or may no longer see runs."""
    (await admit(request)).require(Permission.TASK_VIEWER)


def refuse_foreign(request: Request) -> None:
    """Raise Refused where another site's page may have sent a request with our cookie."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if request.headers.get(OWN) != "1" or site not in ("same-origin", "none"):
        raise Refused("forbidden", "request_foreign", {"header": "X-Headrace-Request: 1"})


def permission_of(route: BaseRoute) -> str | None:
    """What the route demands: a permission's name, ANYBODY, or None where it has no marker."""
    if not isinstance(route, APIRoute):
        return None
    marks = [getattr(each.call, _MARK) for each in _all(route.dependant) if hasattr(each.call, _MARK)]
    return marks[0] if marks else None


def _all(dependant: Dependant) -> Iterator[Dependant]:
    for each in dependant.dependencies:
        yield each
        yield from _all(each)


def refuse_unmarked(app: FastAPI) -> None:
    """Raise where a route is neither marked nor public: the server does not start with a hole."""
    for route in app.routes:
        path = getattr(route, "path", repr(route))
        if permission_of(route) is None and path not in PUBLIC | web.PATHS:
            raise RuntimeError(f"route {path} names no permission and is not public")


SignedIn = Annotated[Caller, secured(None)]
TaskViewer = Annotated[Caller, secured(Permission.TASK_VIEWER)]
TaskManager = Annotated[Caller, secured(Permission.TASK_MANAGER)]
WorkflowViewer = Annotated[Caller, secured(Permission.WORKFLOW_VIEWER)]
WorkflowEditor = Annotated[Caller, secured(Permission.WORKFLOW_EDITOR)]
TargetViewer = Annotated[Caller, secured(Permission.TARGET_VIEWER)]
TargetEditor = Annotated[Caller, secured(Permission.TARGET_EDITOR)]
ResourceViewer = Annotated[Caller, secured(Permission.RESOURCE_VIEWER)]
ResourceEditor = Annotated[Caller, secured(Permission.RESOURCE_EDITOR)]
AuditViewer = Annotated[Caller, secured(Permission.AUDIT_VIEWER)]
UserAdmin = Annotated[Caller, secured(Permission.USER_ADMIN)]
TenantAdmin = Annotated[Caller, secured(Permission.TENANT_ADMIN)]
SystemViewer = Annotated[Caller, secured(Permission.SYSTEM_VIEWER)]
