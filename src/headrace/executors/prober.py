"""Whether a connection of the vault can be reached, now."""

import asyncio
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from headrace.core.messages import text
from headrace.core.refusal import Refused
from headrace.executors.addresses import Addresses
from headrace.executors.databases import KINDS, engine_of, said, url_of
from headrace.executors.executor import Failed, refuse, words_of
from headrace.executors.http_connection import service_of
from headrace.executors.keeper.masks import Masks
from headrace.executors.ssh_host import connect
from headrace.ports.vault import ConnectionRecord, Resolver

SECONDS = 10.0


class ConnectionProber:
    """``ports.vault.Prober``: opens the connection with its password and closes it again. ``addresses`` says
    which hosts may be called, as for the steps that use it."""

    def __init__(self, resolver: Resolver, addresses: Addresses | None = None) -> None:
        self._resolver = resolver
        self._addresses = addresses or Addresses()

    def probe(self, tenant: int, name: str) -> str | None:
        """What went wrong, without secrets; None when it works."""
        try:
            record, password = self._resolver.connection(tenant, name)
        except Refused as refused:
            return text(refused.code, refused.values)
        masks = Masks([password] if password else [])
        try:
            self._try(record, password)
        except Failed as failure:
            return failure.told(masks)
        except SQLAlchemyError as error:
            words = said(error)
            return masks.text(words)[: words.most]
        return None

    def _try(self, record: ConnectionRecord, password: str | None) -> None:
        if record.kind == "sqlite" and not Path(record.database).is_file():
            raise refuse("work_no_file", path=record.database)  # connecting would make one
        if record.kind in KINDS:
            _query(record, password)
        elif record.kind == "http":
            asyncio.run(_ask(record, password, self._addresses))
        else:
            asyncio.run(_sign_in(record, password))


def _query(record: ConnectionRecord, password: str | None) -> None:
    engine = engine_of(url_of(record, password))
    try:
        with engine.connect() as connection:
            # SQLite answers SELECT 1 without having looked at its file
            connection.exec_driver_sql("PRAGMA schema_version" if record.kind == "sqlite" else "SELECT 1")
    finally:
        engine.dispose()


async def _ask(record: ConnectionRecord, password: str | None, addresses: Addresses) -> None:
    """Whatever the service answers will do, as long as it lets us in and is not in trouble itself."""
    import httpx2

    service = service_of(record, password)
    client = httpx2.AsyncClient(
        transport=addresses.transport(),
        timeout=SECONDS,
        trust_env=False,
        event_hooks={"request": [service.sign]},
    )
    try:
        async with client:
            status = (await client.get(service.base)).status_code
    except (OSError, ValueError, httpx2.HTTPError) as error:
        raise refuse("work_http", why=words_of(error)) from None
    if status in (401, 403) or status >= 500:
        raise refuse("work_http_status", status=status)


async def _sign_in(record: ConnectionRecord, password: str | None) -> None:
    async with await connect(record, password):
        return
