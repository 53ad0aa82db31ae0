"""API tokens: one's own, and for administrators those of the tenant."""

from functools import partial
from typing import Annotated, NotRequired

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, Field
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import SignedIn
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import LARGEST, PREFIX
from headrace.api.http.paging import Listed, whole
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading
from headrace.api.native.bodies import Body, Name
from headrace.api.native.changes import changing
from headrace.core.instants import instant
from headrace.core.words import Permission
from headrace.ports.records import TokenRecord, every
from headrace.ports.store import Reader
from headrace.usecases import identity
from headrace.usecases.identity import token_of

router = APIRouter(prefix=PREFIX, tags=["identity"])
TokenId = Annotated[int, Path(alias="tokenId", ge=1, le=LARGEST)]


class TokenShape(TypedDict):
    id: int
    userId: int
    user: str  # the user's name
    name: str
    createdAt: str | None
    expiresAt: str | None
    revokedAt: str | None
    token: NotRequired[str]  # only in the answer that creates it


class TokenPage(Listed):
    items: list[TokenShape]


class NewTokenBody(Body):
    """Without ``expiresAt`` the token holds until it is revoked."""

    name: Name
    expiresAt: Annotated[AwareDatetime, Field(strict=False)] | None = None

    def expiry(self) -> float | None:
        return self.expiresAt.timestamp() if self.expiresAt else None


@router.get("/tokens", responses=shows(TokenPage))
async def list_tokens(
    caller: SignedIn, system: Sys, all: Annotated[bool, Query(description="the whole tenant's")] = False
) -> Response:
    """One's own tokens; with ``all=true`` and USER_ADMIN those of everybody in the tenant."""
    if all:
        caller.require(Permission.USER_ADMIN)

    def look(reader: Reader) -> list[TokenShape]:
        if not all:
            return [_shape(token, caller.name) for token in reader.tokens(caller.tenant, caller.user)]
        names = {user.id: user.name for user in every(partial(reader.users, caller.tenant))}
        return [_shape(token, names[token.user_id]) for token in reader.tokens(caller.tenant, None)]

    return answer(whole(await reading(system, look)))


@router.post("/tokens", status_code=201, responses=shows(TokenShape, 201))
async def create_token(caller: SignedIn, system: Sys, once: Once, body: NewTokenBody) -> Response:
    """A new token of one's own. Its text is in this answer and nowhere else, a repeated one included."""
    text, digest = system.gate.mint()
    id = await changing(
        system,
        lambda w, now: identity.create_token(w, now, caller, body.name, digest, body.expiry()),
        once.ticket(caller),
    )
    token = await reading(system, lambda r: token_of(r, caller.tenant, id))
    shape = _shape(token, caller.name)
    if token.digest == digest:  # not where an Idempotency-Key was repeated
        shape["token"] = text
    return answer(shape, 201)


@router.delete("/tokens/{tokenId}", status_code=204)
async def revoke_token(caller: SignedIn, system: Sys, token_id: TokenId) -> Response:
    """Revoke; the next request with it is refused."""
    await changing(system, lambda w, now: identity.revoke_token(w, now, caller, token_id))
    return Response(status_code=204)


def _shape(token: TokenRecord, user: str) -> TokenShape:
    return {
        "id": token.id,
        "userId": token.user_id,
        "user": user,
        "name": token.name,
        "createdAt": instant(token.created_at),
        "expiresAt": instant(token.expires_at),
        "revokedAt": instant(token.revoked_at),
    }
