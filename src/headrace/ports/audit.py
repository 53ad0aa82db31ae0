"""The audit log: every change that a person, or a program with a token, has made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Json = Any


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who did what to which object, when, from where. Secrets are masked before they come here.

    ``before`` and ``after`` are the object as the API shows it; None where it was not, or is no more.
    """

    id: int
    tenant: int
    at: float
    user_id: int
    user: str
    address: str
    action: str  # create, change, delete, publish, sign-in, …
    kind: str  # workflow, user, secret, run, …
    object: str  # its name, or its id where it has none
    before: Json = None
    after: Json = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which records; None means no restriction. ``object`` and ``user`` match a part, any case."""

    user: str | None = None
    action: str | None = None
    kind: str | None = None
    object: str | None = None
    since: float | None = None
    until: float | None = None


class AuditReader(Protocol):
    def audit(
        self, tenant: int, which: AuditFilter, before_id: int | None, limit: int
    ) -> Sequence[AuditRecord]:
        """Ids below ``before_id``, newest first."""
        ...


class AuditWriter(Protocol):
    def add_audit(self, record: AuditRecord) -> None: ...
