"""Secrets and connections: names that definitions use, values that only the work itself sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from headrace.ports.records import Page

Json = Any


class Cipher(Protocol):
    """Encrypts what must not be readable in the database."""

    def encrypt(self, text: str) -> str:
        """A token that only this installation can read."""
        ...

    def decrypt(self, token: str) -> str:
        """Raises Broken (vault_key) where the token was made with a key that is not here."""
        ...

    def fingerprint(self, data: bytes) -> str:
        """The same for the same data; says nothing of it to whoever has the database alone."""
        ...


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """A value kept under a name; ``token`` is the encrypted value."""

    tenant: int
    name: str
    description: str
    token: str
    created_at: float
    updated_at: float
    updated_by: str


@dataclass(frozen=True, slots=True)
class ConnectionRecord:
    """How to reach a database, a host or a service. ``secret`` names the password in the vault."""

    tenant: int
    name: str
    kind: str  # sqlite | postgresql | mysql | ssh | http
    host: str = ""
    port: int | None = None
    database: str = ""
    user: str = ""
    secret: str | None = None
    options: Mapping[str, Json] = field(default_factory=dict)
    description: str = ""
    updated_at: float = 0.0
    updated_by: str = ""


class Resolver(Protocol):
    """What executors ask for names; the answers are never stored."""

    def secret(self, tenant: int, name: str) -> str:
        """Raises Refused (work_secret_unknown) where the tenant has no such secret."""
        ...

    def connection(self, tenant: int, name: str) -> tuple[ConnectionRecord, str | None]:
        """The connection and its password. Raises Refused where either is missing."""
        ...


class Prober(Protocol):
    def probe(self, tenant: int, name: str) -> str | None:
        """Try a connection now; what went wrong, without secrets, or None. Blocks for seconds."""
        ...


class VaultReader(Protocol):
    def secret(self, tenant: int, name: str) -> SecretRecord | None: ...
    def secrets(self, tenant: int, search: str | None, page: int, size: int) -> Page[SecretRecord]:
        """By name; ``search`` is a part of name or description, any case."""
        ...

    def all_secrets(self) -> Sequence[SecretRecord]:
        """Of every tenant: for changing the key."""
        ...

    def connection(self, tenant: int, name: str) -> ConnectionRecord | None: ...
    def connections(self, tenant: int, search: str | None, page: int, size: int) -> Page[ConnectionRecord]:
        """By name; ``search`` is a part of name or description, any case."""
        ...


class VaultWriter(Protocol):
    def put_secret(self, record: SecretRecord) -> None:
        """Insert or replace by (tenant, name)."""
        ...

    def delete_secret(self, tenant: int, name: str) -> None: ...
    def put_connection(self, record: ConnectionRecord) -> None: ...
    def delete_connection(self, tenant: int, name: str) -> None: ...
