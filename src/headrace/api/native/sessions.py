"""Signing in and out with a browser."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, SecretStr
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import COOKIE, SignedIn, refuse_foreign
from headrace.api.http.answers import answer, shows
from headrace.api.http.forms import WITHOUT_NUL
from headrace.api.http.ids import PREFIX
from headrace.api.http.system import System
from headrace.api.http.waiting import Sys, reading
from headrace.api.native.bodies import Body
from headrace.core.access.caller import DEFAULT_TENANT, Caller
from headrace.core.instants import instant
from headrace.usecases.identity import user_of

router = APIRouter(prefix=PREFIX, tags=["identity"])

Text = Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]


class SignInBody(Body):
    """A user of a tenant, by default of the tenant ``default``."""

    tenant: Text = DEFAULT_TENANT
    name: Text
    password: Annotated[SecretStr, Field(max_length=1000, strict=False)]


class SessionUser(TypedDict):
    id: int
    name: str
    displayName: str | None
    email: str | None
    roles: list[str]


class SessionShape(TypedDict):
    user: SessionUser
    tenant: str
    permissions: list[str]
    expiresAt: str | None  # of a browser session; unused it may end sooner


@router.post("/sign-in", responses=shows(SessionShape))
async def sign_in(request: Request, system: Sys, body: SignInBody) -> Response:
    """Sign in: the answer sets a session cookie. Needs the header ``X-Headrace-Request: 1``."""
    refuse_foreign(request)
    address = request.client.host if request.client else "local"
    agent = request.headers.get("user-agent", "")
    password = body.password.get_secret_value()
    cookie, caller = await system.gate.sign_in(body.tenant, body.name, password, address, agent)
    shown = answer(await _shape(system, caller))
    set_cookie(request, shown, cookie)
    return shown


@router.get("/session", responses=shows(SessionShape))
async def read_session(caller: SignedIn, system: Sys) -> Response:
    """Who is signed in, and what they may do."""
    return answer(await _shape(system, caller))


@router.delete("/session", status_code=204)
async def sign_out(caller: SignedIn, system: Sys) -> Response:
    """End the session; an API token stays what it is."""
    await system.gate.sign_out(caller)
    left = Response(status_code=204)
    left.delete_cookie(COOKIE, path="/")
    return left


def set_cookie(request: Request, response: Response, cookie: str) -> None:
    """Readable by no script, sent by no other site's form, and over TLS only where this came over TLS."""
    response.set_cookie(COOKIE, cookie, path="/", httponly=True, secure=is_secure(request), samesite="lax")


def is_secure(request: Request) -> bool:
    """Whether the browser came over TLS, be it to a proxy before us."""
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto"))


async def _shape(system: System, caller: Caller) -> SessionShape:
    user = await reading(system, lambda reader: user_of(reader, caller.tenant, caller.user))
    return {
        "user": {
            "id": user.id,
            "name": user.name,
            "displayName": user.display_name,
            "email": user.email,
            "roles": sorted(caller.roles),
        },
        "tenant": caller.tenant_name,
        "permissions": sorted(caller.permissions),
        "expiresAt": instant(await system.gate.session_ends(caller)),
    }
