"""Channels: the ways over which people are told. Their secrets are written and never read."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from pydantic import Field, SecretStr
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import ResourceEditor, ResourceViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX, Name
from headrace.api.http.language import reader_language
from headrace.api.http.paging import Listed, Paging, paged, paging
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import Body, NothingBody
from headrace.api.native.bodies import Name as BodyName
from headrace.core.access.caller import Caller
from headrace.core.alarm.channels import Secrets
from headrace.core.instants import instant
from headrace.ports.alarms import ChannelRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import channels
from headrace.usecases.channels import ChannelChange, channel_of

router = APIRouter(prefix=PREFIX, tags=["channels"])
Json = Any
Page = Annotated[Paging, Depends(paging)]
Secret = Annotated[SecretStr, Field(max_length=4_000, strict=False)]


class ChannelShape(TypedDict):
    id: int
    name: str
    kind: str
    settings: dict[str, Json]
    hasSecret: bool
    hasSigningKey: bool
    status: str
    enabled: bool
    lastError: str | None
    usedBy: list[str]
    createdAt: str | None
    updatedAt: str | None


class ChannelPage(Listed):
    items: list[ChannelShape]


class TrialShape(TypedDict):
    ok: bool
    response: str


class ChannelBody(Body):
    """``secret`` is the password, the key that signs, or the address with its token, by kind. A secret that
    is left out stays as it is; an empty one is taken away. So does ``enabled``."""

    kind: BodyName
    settings: dict[str, Json] = Field(default_factory=dict, max_length=20)
    secret: Secret | None = None
    signingKey: Secret | None = None
    enabled: bool | None = None

    def change(self) -> ChannelChange:
        return ChannelChange(
            self.kind, self.settings, Secrets(_clear(self.secret), _clear(self.signingKey)), self.enabled
        )


class NewChannelBody(ChannelBody):
    name: Annotated[BodyName, Field(max_length=128)]


class TrialBody(Body):
    """``receiver`` is a user's name or an address, where the kind has receivers."""

    receiver: Annotated[str, Field(max_length=256)] = ""
    language: Literal["en", "zh"] | None = None


ONE = shows(ChannelShape)


@router.get("/channels", responses=shows(ChannelPage))
async def list_channels(
    caller: ResourceViewer,
    system: Sys,
    page: Page,
    search: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Channels by name; ``search`` is a part of it."""

    def look(reader: Reader) -> Any:
        found = reader.channels(caller.tenant, search, page.page, page.size)
        users = reader.channel_users(caller.tenant, [record.name for record in found.items])
        return paged(found, [_shape(record, users.get(record.name, ())) for record in found.items])

    return answer(await reading(system, look))


@router.post("/channels", status_code=201, responses=shows(ChannelShape, 201))
async def create_channel(caller: ResourceEditor, system: Sys, once: Once, body: NewChannelBody) -> Response:
    """Create one. It is NEW until it has been tested."""

    def work(writer: Any, now: float) -> None:
        channels.create_channel(writer, now, caller, body.name, body.change(), system.cipher)

    await told(system.inbox.transact(work, once.ticket(caller)))
    location = f"{PREFIX}/channels/{quote(body.name)}"
    return await _shown(system, caller, body.name, 201, {"Location": location})


@router.get("/channels/{name}", responses=ONE)
async def read_channel(caller: ResourceViewer, system: Sys, name: Name) -> Response:
    """One channel."""
    return await _shown(system, caller, name)


@router.put("/channels/{name}", responses=ONE)
async def write_channel(caller: ResourceEditor, system: Sys, name: Name, body: ChannelBody) -> Response:
    """Replace what it is; it counts as NEW again. A password is not carried over to another server."""

    def work(writer: Any, now: float) -> None:
        channels.change_channel(writer, now, caller, name, body.change(), system.cipher)

    await told(system.inbox.transact(work))
    return await _shown(system, caller, name)


@router.delete("/channels/{name}", status_code=204)
async def remove_channel(caller: ResourceEditor, system: Sys, name: Name) -> Response:
    """Delete; refused while a published workflow names it."""
    await told(system.inbox.transact(lambda writer, now: channels.delete_channel(writer, now, caller, name)))
    return Response(status_code=204)


@router.post("/channels/{name}/enable", responses=ONE)
async def enable_channel(
    caller: ResourceEditor, system: Sys, once: Once, name: Name, body: NothingBody | None = None
) -> Response:
    """Use it again."""
    return await _switched(system, caller, once, name, enabled=True)


@router.post("/channels/{name}/disable", responses=ONE)
async def disable_channel(
    caller: ResourceEditor, system: Sys, once: Once, name: Name, body: NothingBody | None = None
) -> Response:
    """Do not use it for now: alarms that want it fail, and say why."""
    return await _switched(system, caller, once, name, enabled=False)


@router.post("/channels/{name}/test", responses=shows(TrialShape))
async def try_channel(
    request: Request, caller: ResourceEditor, system: Sys, name: Name, body: TrialBody | None = None
) -> Response:
    """Send a test message and say what the other side answered; works while it is disabled, too."""
    asked = body or TrialBody()
    channel = await reading(system, lambda r: channel_of(r, caller.tenant, name))
    language = asked.language or reader_language(request)
    outcome = await asyncio.wrap_future(system.notifier.test(channel, asked.receiver.strip(), language))
    await told(
        system.inbox.transact(lambda writer, now: channels.note_test(writer, now, caller, channel, outcome))
    )
    return answer({"ok": outcome.ok, "response": outcome.response})


async def _switched(system: Sys, caller: Caller, once: Once, name: str, enabled: bool) -> Response:
    def work(writer: Writer, now: float) -> None:
        channels.switch_channel(writer, now, caller, name, enabled)

    await told(system.inbox.transact(work, once.ticket(caller)))
    return await _shown(system, caller, name)


async def _shown(
    system: Sys, caller: Caller, name: str, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    def look(reader: Reader) -> ChannelShape:
        record = channel_of(reader, caller.tenant, name)
        return _shape(record, reader.channel_users(caller.tenant, [name]).get(name, ()))

    return answer(await reading(system, look), status, headers)


def _shape(record: ChannelRecord, users: Sequence[str]) -> ChannelShape:
    return {
        "id": record.id,
        "name": record.name,
        "kind": record.kind,
        "settings": dict(record.settings),
        "hasSecret": record.secret is not None,
        "hasSigningKey": record.signing_key is not None,
        "status": record.status,
        "enabled": record.enabled,
        "lastError": record.last_error,
        "usedBy": list(users),
        "createdAt": instant(record.created_at),
        "updatedAt": instant(record.updated_at),
    }


def _clear(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
