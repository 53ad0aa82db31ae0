"""Secrets, whose values only go in, and connections."""

from typing import Annotated, Any, Literal, NotRequired

import anyio.to_thread
from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field, SecretStr
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import ResourceEditor, ResourceViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.forms import LINE, VAULT_NAME
from headrace.api.http.ids import PREFIX
from headrace.api.http.language import reader_language
from headrace.api.http.paging import Listed, Paging, paged, paging
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import Body, NothingBody
from headrace.core.instants import instant
from headrace.core.retold import retold
from headrace.ports.store import Reader, Writer
from headrace.ports.vault import ConnectionRecord, SecretRecord
from headrace.usecases import vault

router = APIRouter(prefix=PREFIX, tags=["resources"])
Json = Any
Page = Annotated[Paging, Depends(paging)]
Search = Annotated[str | None, Query(max_length=200)]
VaultName = Annotated[str, Path(min_length=1, max_length=128, pattern=VAULT_NAME)]
Line = Annotated[str, Field(max_length=1000, pattern=LINE)]
Ref = Annotated[str, Field(min_length=1, max_length=128)]


class SecretShape(TypedDict):
    name: str
    description: str
    createdAt: str | None
    updatedAt: str | None
    updatedBy: str
    usedBy: NotRequired[list[str]]  # of one; not in lists


class SecretPage(Listed):
    items: list[SecretShape]


class ConnectionShape(TypedDict):
    name: str
    kind: str
    host: str
    port: int | None
    database: str
    user: str
    secret: str | None  # the name of the password in the vault
    options: dict[str, Json]
    description: str
    updatedAt: str | None
    updatedBy: str
    usedBy: NotRequired[list[str]]


class ConnectionPage(Listed):
    items: list[ConnectionShape]


class ProbeShape(TypedDict):
    ok: bool
    message: str
    latencyMs: float


class SecretBody(Body):
    """Without ``value`` the value stays and the description changes."""

    value: Annotated[SecretStr, Field(strict=False)] | None = None
    description: Line = ""


class ConnectionBody(Body):
    kind: Literal["sqlite", "postgresql", "mysql", "ssh", "http"]
    host: Line = ""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    database: Line = ""
    user: Line = ""
    secret: Ref | None = None
    options: dict[str, Annotated[str, Field(max_length=8000)]] = Field(default_factory=dict, max_length=20)
    description: Line = ""


@router.get("/secrets", responses=shows(SecretPage))
async def list_secrets(caller: ResourceViewer, system: Sys, page: Page, search: Search = None) -> Response:
    """Names of secrets; values are never shown."""
    found = await reading(system, lambda r: r.secrets(caller.tenant, search, page.page, page.size))
    items = [_secret(record) for record in found.items]
    return answer(paged(found, items))


@router.get("/secrets/{name}", responses=shows(SecretShape))
async def read_secret(caller: ResourceViewer, system: Sys, name: VaultName) -> Response:
    """One secret without its value, and what uses it."""

    def look(reader: Reader) -> SecretShape:
        shape = _secret(vault.secret_of(reader, caller.tenant, name))
        shape["usedBy"] = list(vault.users_of(reader, caller.tenant, "secret", name))
        return shape

    return answer(await reading(system, look))


@router.put("/secrets/{name}", responses={**shows(SecretShape), **shows(SecretShape, 201)})
async def write_secret(caller: ResourceEditor, system: Sys, name: VaultName, body: SecretBody) -> Response:
    """Keep a value under a name, new or instead of another."""
    value = body.value.get_secret_value() if body.value is not None else None

    def work(writer: Writer, now: float) -> bool:
        return vault.put_secret(writer, now, caller, name, value, body.description, system.cipher)

    new = await told(system.inbox.transact(work))
    record = await reading(system, lambda r: vault.secret_of(r, caller.tenant, name))
    return answer(_secret(record), 201 if new else 200)


@router.delete("/secrets/{name}", status_code=204)
async def delete_secret(caller: ResourceEditor, system: Sys, name: VaultName) -> Response:
    """Refused while a connection or a published workflow uses it."""
    await told(system.inbox.transact(lambda w, now: vault.delete_secret(w, now, caller, name)))
    return Response(status_code=204)


@router.get("/connections", responses=shows(ConnectionPage))
async def list_connections(
    caller: ResourceViewer, system: Sys, page: Page, search: Search = None
) -> Response:
    """Connections by name; passwords are only named."""
    found = await reading(system, lambda r: r.connections(caller.tenant, search, page.page, page.size))
    items = [_connection(record) for record in found.items]
    return answer(paged(found, items))


@router.get("/connections/{name}", responses=shows(ConnectionShape))
async def read_connection(caller: ResourceViewer, system: Sys, name: VaultName) -> Response:
    """One connection, and what uses it."""

    def look(reader: Reader) -> ConnectionShape:
        shape = _connection(vault.connection_of(reader, caller.tenant, name))
        shape["usedBy"] = list(vault.users_of(reader, caller.tenant, "connection", name))
        return shape

    return answer(await reading(system, look))


@router.put("/connections/{name}", responses={**shows(ConnectionShape), **shows(ConnectionShape, 201)})
async def write_connection(
    caller: ResourceEditor, system: Sys, name: VaultName, body: ConnectionBody
) -> Response:
    """A new connection, or another one under the same name."""
    given = ConnectionRecord(caller.tenant, name, **body.model_dump())
    new = await told(system.inbox.transact(lambda w, now: vault.put_connection(w, now, caller, given)))
    record = await reading(system, lambda r: vault.connection_of(r, caller.tenant, name))
    return answer(_connection(record), 201 if new else 200)


@router.delete("/connections/{name}", status_code=204)
async def delete_connection(caller: ResourceEditor, system: Sys, name: VaultName) -> Response:
    """Refused while a published workflow uses it."""
    await told(system.inbox.transact(lambda w, now: vault.delete_connection(w, now, caller, name)))
    return Response(status_code=204)


@router.post("/connections/{name}/test", responses=shows(ProbeShape))
async def try_connection(
    request: Request,
    caller: ResourceEditor,
    system: Sys,
    name: VaultName,
    body: NothingBody | None = None,
) -> Response:
    """Try to reach it now, ten seconds at the most."""
    await reading(system, lambda r: vault.connection_of(r, caller.tenant, name))
    began = system.clock.monotonic()
    trouble = await anyio.to_thread.run_sync(system.prober.probe, caller.tenant, name)
    latency = round((system.clock.monotonic() - began) * 1000, 1)
    message = retold(trouble, reader_language(request)) or ""
    return answer({"ok": trouble is None, "message": message, "latencyMs": latency})


def _secret(record: SecretRecord) -> SecretShape:
    return {
        "name": record.name,
        "description": record.description,
        "createdAt": instant(record.created_at),
        "updatedAt": instant(record.updated_at),
        "updatedBy": record.updated_by,
    }


def _connection(record: ConnectionRecord) -> ConnectionShape:
    shown = vault.view(record)
    shown["updatedAt"], shown["updatedBy"] = instant(record.updated_at), record.updated_by
    return shown  # type: ignore[return-value]
