"""Recording who changed what; in the transaction of the change itself."""

from typing import Any

from headrace.core.access.caller import Caller
from headrace.ports.audit import AuditRecord
from headrace.ports.store import Writer

Json = Any


def record(
    writer: Writer,
    now: float,
    caller: Caller,
    action: str,
    kind: str,
    object: str | int,
    before: Json = None,
    after: Json = None,
) -> None:
    """Add to the audit log. ``before`` and ``after`` are JSON without secrets; see ``AuditRecord``."""
    id = writer.allocate("audit", 1)[0]
    record = AuditRecord(
        id,
        caller.tenant,
        now,
        caller.user,
        caller.name,
        caller.address,
        action,
        kind,
        str(object),
        before,
        after,
    )
    writer.add_audit(record)
