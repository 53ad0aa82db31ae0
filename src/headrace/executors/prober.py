"""Whether a connection of the vault can be reached, now."""

import socket

import httpx2
from sqlalchemy.exc import SQLAlchemyError

from headrace.core.messages import text
from headrace.core.refusal import Refused
from headrace.executors.databases import KINDS, engine_of, said, url_of
from headrace.executors.executor import Failed
from headrace.executors.keeper.masks import Masks
from headrace.ports.vault import ConnectionRecord, Resolver

SECONDS = 10.0


class ConnectionProber:
    """``ports.vault.Prober``: opens the connection with its password and closes it again."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def probe(self, tenant: int, name: str) -> str | None:
        """What went wrong, without secrets; None when it works."""
        try:
            record, password = self._resolver.connection(tenant, name)
        except Refused as refused:
            return text(refused.code, refused.values)
        masks = Masks([password] if password else [])
        try:
            _try(record, password)
        except Failed as failure:
            return masks.text(str(failure))
        except SQLAlchemyError as error:
            return masks.text(said(error))
        except (OSError, httpx2.HTTPError) as error:
            return masks.text(str(error) or type(error).__name__)
        return None


def _try(record: ConnectionRecord, password: str | None) -> None:
    if record.kind in KINDS:
        engine = engine_of(url_of(record, password))
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        finally:
            engine.dispose()
    elif record.kind == "http":
        scheme = str(record.options.get("scheme", "https"))
        port = f":{record.port}" if record.port else ""
        path = str(record.options.get("path", "/"))
        httpx2.get(f"{scheme}://{record.host}{port}{path}", timeout=SECONDS, trust_env=False)
    else:
        socket.create_connection((record.host, record.port or 22), timeout=SECONDS).close()
