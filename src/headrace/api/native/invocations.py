"""Tokens with which programs outside start a workflow."""

from typing import Annotated, NotRequired

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import WorkflowEditor, WorkflowViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.calls import curl_of
from headrace.api.http.ids import LARGEST, PREFIX, Name
from headrace.api.http.paging import Listed, whole
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import Body, NothingBody
from headrace.core.instants import instant
from headrace.ports.invocations import InvocationToken
from headrace.ports.records import WorkflowRecord
from headrace.ports.store import Reader
from headrace.usecases import invocations
from headrace.usecases.definitions import workflow_of

router = APIRouter(prefix=PREFIX, tags=["workflows"])
TOKENS = "/workflows/{name}/tokens"
TokenId = Annotated[int, Path(alias="tokenId", ge=1, le=LARGEST)]


class InvocationShape(TypedDict):
    id: int
    label: str
    createdAt: str | None
    createdBy: str
    expiresAt: str | None
    revokedAt: str | None
    lastUsedAt: str | None
    token: NotRequired[str]  # only in the answer that creates it
    curl: NotRequired[str]  # a command that calls, with the token


class InvocationPage(Listed):
    items: list[InvocationShape]


class NewInvocationBody(Body):
    """``expiresIn`` is seconds; without it, and at most, a year."""

    label: Annotated[str, Field(max_length=200)] = ""
    expiresIn: Annotated[int, Field(ge=60, le=int(invocations.YEAR))] = int(invocations.YEAR)


@router.get(TOKENS, responses=shows(InvocationPage))
async def list_invocation_tokens(caller: WorkflowViewer, system: Sys, name: Name) -> Response:
    """The workflow's tokens, newest first; never their texts."""
    found = await reading(system, lambda r: invocations.tokens(r, caller.tenant, name))
    items = [_shape(token) for token in found]
    return answer(whole(items))


@router.post(TOKENS, status_code=201, responses=shows(InvocationShape, 201))
async def create_invocation_token(
    request: Request,
    caller: WorkflowEditor,
    system: Sys,
    once: Once,
    name: Name,
    body: NewInvocationBody | None = None,
) -> Response:
    """A new token that starts this workflow. Its text is in this answer and nowhere else."""
    asked = body or NewInvocationBody()
    text, digest = system.gate.mint(invocations.PREFIX)
    id = await told(
        system.inbox.transact(
            lambda writer, now: invocations.create(
                writer, now, caller, name, digest, asked.label, asked.expiresIn
            ),
            once.ticket(caller),
        )
    )
    return await _made(request, system, caller.tenant, name, id, text)


@router.delete(TOKENS + "/{tokenId}", status_code=204)
async def revoke_invocation_token(
    caller: WorkflowEditor, system: Sys, name: Name, token_id: TokenId
) -> Response:
    """Revoke; the next call with it is refused."""
    await told(
        system.inbox.transact(lambda writer, now: invocations.revoke(writer, now, caller, name, token_id))
    )
    return Response(status_code=204)


@router.post(TOKENS + "/{tokenId}/rotate", status_code=201, responses=shows(InvocationShape, 201))
async def rotate_invocation_token(
    request: Request,
    caller: WorkflowEditor,
    system: Sys,
    once: Once,
    name: Name,
    token_id: TokenId,
    body: NothingBody | None = None,
) -> Response:
    """A new token in the place of this one, which is revoked."""
    text, digest = system.gate.mint(invocations.PREFIX)
    id = await told(
        system.inbox.transact(
            lambda writer, now: invocations.rotate(writer, now, caller, name, token_id, digest),
            once.ticket(caller),
        )
    )
    return await _made(request, system, caller.tenant, name, id, text)


async def _made(request: Request, system: Sys, tenant: int, name: str, id: int, text: str) -> Response:
    def look(reader: Reader) -> tuple[WorkflowRecord, InvocationToken]:
        workflow = workflow_of(reader, tenant, name)
        return workflow, invocations.token_of(reader, workflow, id)

    workflow, token = await reading(system, look)
    shape = _shape(token)
    if token.digest == invocations.digest_of(text):  # not where an Idempotency-Key was repeated
        shape["token"] = text
        base = system.settings.public_url or str(request.base_url)
        shape["curl"] = curl_of(base.rstrip("/"), workflow.id, text)
    return answer(shape, 201)


def _shape(token: InvocationToken) -> InvocationShape:
    return {
        "id": token.id,
        "label": token.label,
        "createdAt": instant(token.created_at),
        "createdBy": token.user,
        "expiresAt": instant(token.expires_at),
        "revokedAt": instant(token.revoked_at),
        "lastUsedAt": instant(token.last_used_at),
    }
