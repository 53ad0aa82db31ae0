"""Signing in and out in the audit log, and what the settings change."""

from dataclasses import replace
from typing import Any

from headrace.core.access.caller import DEFAULT_TENANT
from headrace.ports.audit import AuditRecord
from headrace.ports.store import Writer

Json = Any
LONGEST = 200  # characters kept of a name that somebody tried


def note(
    writer: Writer, now: float, tenant: int, user: int, name: str, address: str, action: str, after: Json
) -> None:
    """One more record; ``user`` 0 is nobody of ours."""
    _add(writer, AuditRecord(0, tenant, now, user, name, address, action, "session", name, None, after))


def given(writer: Writer, now: float, tenant: int, setting: str, action: str, kind: str, object: str) -> None:
    """Nobody of ours did it, but whoever gives this server its settings."""
    _add(writer, AuditRecord(0, tenant, now, 0, setting, "", action, kind, object, None, None))


def _add(writer: Writer, record: AuditRecord) -> None:
    writer.add_audit(replace(record, id=writer.allocate("audit", 1)[0]))


def failed(writer: Writer, now: float, tenant: str, name: str, address: str, after: Json = None) -> None:
    """Somebody could not prove to be ``name``; of a tenant that is not there the tenant default is told."""
    known = writer.tenant_named(tenant)
    home = known or writer.tenant_named(DEFAULT_TENANT)
    if home is None:
        return
    tried = (name if known else f"{tenant}/{name}")[:LONGEST]
    user = writer.user_named(home.id, tried)
    note(writer, now, home.id, user.id if user else 0, tried, address, "sign-in-failed", after)
