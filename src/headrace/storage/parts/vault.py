"""Secrets and connections."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from headrace.ports.records import Page
from headrace.ports.vault import ConnectionRecord, SecretRecord
from headrace.storage.lists import contains
from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting, cut
from headrace.storage.rows import decode, encode
from headrace.storage.tables import Id, Instant, Json, Text, Word, metadata

secret = sa.Table(
    "secret",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("name", Text, primary_key=True),
    sa.Column("search", Text, nullable=False),  # name and description in lower case
    sa.Column("description", Text, nullable=False),
    sa.Column("token", Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("updated_by", Text, nullable=False),
)

connection = sa.Table(
    "connection",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("name", Text, primary_key=True),
    sa.Column("search", Text, nullable=False),  # name and description in lower case
    sa.Column("kind", Word, nullable=False),
    sa.Column("host", Text, nullable=False),
    sa.Column("port", sa.Integer),
    sa.Column("database", Text, nullable=False),
    sa.Column("user_name", Text, nullable=False),
    sa.Column("secret", Text),
    sa.Column("options", Json, nullable=False),
    sa.Column("description", Text, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("updated_by", Text, nullable=False),
)


class SqlVaultReader(SqlReading):
    def secret(self, tenant: int, name: str) -> SecretRecord | None:
        s = secret.c
        return self._one(sa.select(secret).where(s.tenant == tenant, s.name == name), _secret)

    def secrets(self, tenant: int, search: str | None, page: int, size: int) -> Page[SecretRecord]:
        s = secret.c
        where = sa.and_(s.tenant == tenant, contains(s.search, search))
        return self._page(secret, where, (s.name,), page, size, _secret)

    def all_secrets(self) -> Sequence[SecretRecord]:
        return self._all(sa.select(secret).order_by(secret.c.tenant, secret.c.name), _secret)

    def connection(self, tenant: int, name: str) -> ConnectionRecord | None:
        c = connection.c
        return self._one(sa.select(connection).where(c.tenant == tenant, c.name == name), _connection)

    def connections(self, tenant: int, search: str | None, page: int, size: int) -> Page[ConnectionRecord]:
        c = connection.c
        where = sa.and_(c.tenant == tenant, contains(c.search, search))
        return self._page(connection, where, (c.name,), page, size, _connection)


class SqlVaultWriter(SqlWriting):
    def put_secret(self, record: SecretRecord) -> None:
        values = {
            "tenant": record.tenant,
            "name": record.name,
            "search": _search(record),
            "description": record.description,
            "token": record.token,
            "created_at": record.created_at,
            "updated_at": record.updated_at,
            "updated_by": record.updated_by,
        }
        self._put(secret, values)

    def delete_secret(self, tenant: int, name: str) -> None:
        s = secret.c
        self._connection.execute(sa.delete(secret).where(s.tenant == tenant, s.name == name))

    def put_connection(self, record: ConnectionRecord) -> None:
        values = {
            "tenant": record.tenant,
            "name": record.name,
            "search": _search(record),
            "kind": record.kind,
            "host": record.host,
            "port": record.port,
            "database": record.database,
            "user_name": record.user,
            "secret": record.secret,
            "options": encode(record.options),
            "description": record.description,
            "updated_at": record.updated_at,
            "updated_by": record.updated_by,
        }
        self._put(connection, values)

    def delete_connection(self, tenant: int, name: str) -> None:
        c = connection.c
        self._connection.execute(sa.delete(connection).where(c.tenant == tenant, c.name == name))


class MemoryVault(MemoryPart):
    def __init__(self) -> None:
        super().__init__()
        self._secrets: dict[tuple[int, str], SecretRecord] = {}
        self._connections: dict[tuple[int, str], ConnectionRecord] = {}

    def secret(self, tenant: int, name: str) -> SecretRecord | None:
        return self._secrets.get((tenant, name))

    def secrets(self, tenant: int, search: str | None, page: int, size: int) -> Page[SecretRecord]:
        part = (search or "").lower()
        found = [s for (t, _), s in sorted(self._secrets.items()) if t == tenant and part in _search(s)]
        return cut(found, page, size)

    def all_secrets(self) -> Sequence[SecretRecord]:
        return [record for _, record in sorted(self._secrets.items())]

    def connection(self, tenant: int, name: str) -> ConnectionRecord | None:
        return self._connections.get((tenant, name))

    def connections(self, tenant: int, search: str | None, page: int, size: int) -> Page[ConnectionRecord]:
        part = (search or "").lower()
        found = [c for (t, _), c in sorted(self._connections.items()) if t == tenant and part in _search(c)]
        return cut(found, page, size)

    def put_secret(self, record: SecretRecord) -> None:
        self._set(self._secrets, (record.tenant, record.name), record)

    def delete_secret(self, tenant: int, name: str) -> None:
        self._delete(self._secrets, (tenant, name))

    def put_connection(self, record: ConnectionRecord) -> None:
        self._set(self._connections, (record.tenant, record.name), record)

    def delete_connection(self, tenant: int, name: str) -> None:
        self._delete(self._connections, (tenant, name))


def _search(record: SecretRecord | ConnectionRecord) -> str:
    return f"{record.name}\n{record.description}".lower()


def _secret(row: Any) -> SecretRecord:
    return SecretRecord(
        row.tenant,
        row.name,
        row.description,
        row.token,
        row.created_at,
        row.updated_at,
        row.updated_by,
    )


def _connection(row: Any) -> ConnectionRecord:
    return ConnectionRecord(
        row.tenant,
        row.name,
        row.kind,
        row.host,
        row.port,
        row.database,
        row.user_name,
        row.secret,
        decode(row.options),
        row.description,
        row.updated_at,
        row.updated_by,
    )
