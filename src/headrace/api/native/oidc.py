"""Signing in at a provider: there and back with a browser."""

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from typing_extensions import TypedDict

from headrace.api.http.access import OIDC_CALLBACK, OIDC_LOGIN
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX
from headrace.api.http.language import reader_language
from headrace.api.http.waiting import Sys, told
from headrace.api.native.sessions import is_secure, set_cookie
from headrace.core.messages import CATALOGUE, text
from headrace.ports.errors import Broken, Refused
from headrace.ports.records import UserRecord
from headrace.ports.store import Writer
from headrace.usecases.sign_ins import refuse_roleless, user_for

router = APIRouter(tags=["identity"])
Provider = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
COOKIE = "headrace_oidc"
MINUTES = 10
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
PAGE = "/sign-in"
MISSING = "<"  # begins a value that only whoever refused knows


class ProviderShape(TypedDict):
    name: str
    label: str
    url: str


class ProvidersShape(TypedDict):
    password: bool
    oidc: list[ProviderShape]
    problem: str | None


@router.get(PREFIX + "/sign-in/providers", responses=shows(ProvidersShape))
async def list_providers(
    request: Request,
    system: Sys,
    problem: Annotated[str | None, Query(pattern="^[a-z_]{1,40}$", description="told in words")] = None,
) -> Response:
    """How one can sign in; ``problem`` is the code that a failed sign-in came back with."""
    found: ProvidersShape = {
        "password": True,
        "oidc": [
            {"name": each.name, "label": each.label, "url": OIDC_LOGIN.format(provider=each.name)}
            for each in system.sign_ins.labels()
        ],
        "problem": None,
    }
    if problem in CATALOGUE:
        language = reader_language(request)
        told = text(problem, {}, language)
        found["problem"] = text("oidc_refused", {}, language) if MISSING in told else told
    return answer(found)


@router.get(OIDC_LOGIN, status_code=303, responses={303: {"description": "to the provider"}})
async def begin(
    request: Request, system: Sys, provider: Provider, next: Annotated[str, Query(max_length=2000)] = "/"
) -> Response:
    """Go to the provider; ``next`` is a page of ours to come back to."""
    begun = await system.sign_ins.begin(provider, local(next), _redirect(request, system, provider))
    leaving = RedirectResponse(begun.address, 303)
    leaving.set_cookie(
        COOKIE,
        begun.cookie,
        max_age=MINUTES * 60,
        path=PREFIX + "/oidc",
        httponly=True,
        secure=is_secure(request),
        samesite="lax",
    )
    return leaving


@router.get(OIDC_CALLBACK, status_code=303, responses={303: {"description": "to the page asked for"}})
async def finish(request: Request, system: Sys, provider: Provider) -> Response:
    """Back from the provider: with a session, or to the page for signing in with the reason."""
    address = request.client.host if request.client else "local"
    agent = request.headers.get("user-agent", "")
    try:
        proven = await system.sign_ins.finish(
            provider,
            dict(request.query_params),
            request.cookies.get(COOKIE),
            _redirect(request, system, provider),
        )

        def work(writer: Writer, now: float) -> UserRecord:
            return user_for(writer, now, proven, address)

        try:
            user = await told(system.inbox.transact(work))
            system.gate.forget()
            refuse_roleless(user, proven)
        except Refused as refused:
            await system.gate.note_failure(proven.tenant, proven.name, address, _why(provider, refused))
            raise
        cookie = await system.gate.open_session(user.id, user.tenant, address, agent, f"oidc {provider}")
    except (Refused, Broken) as failed:
        return _left(RedirectResponse(f"{PAGE}?problem={quote(failed.code)}", 303))
    entered = _left(RedirectResponse(local(proven.next), 303))
    set_cookie(request, entered, cookie)
    return entered


def local(next: str) -> str:
    """A path of ours as it is; for anything that could lead to another site the first page."""
    return next if _LOCAL.fullmatch(next) else "/"


def _why(provider: str, refused: Refused) -> dict[str, str]:
    return {"by": f"oidc {provider}", "reason": refused.code}


def _redirect(request: Request, system: Sys, provider: str) -> str:
    base = system.settings.public_url or str(request.base_url)
    return base.rstrip("/") + OIDC_CALLBACK.format(provider=provider)


def _left(response: Response) -> Response:
    """The flow has ended, whichever way."""
    response.delete_cookie(COOKIE, path=PREFIX + "/oidc")
    return response
