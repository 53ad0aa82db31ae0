"""What the audit log keeps of workflows: the whole draft, which the next one overwrites."""

from typing import Any

from headrace.core.access.caller import Caller
from headrace.ports.records import WorkflowRecord
from headrace.ports.store import Writer
from headrace.usecases import audit

Json = Any


def note(
    writer: Writer,
    now: float,
    caller: Caller,
    action: str,
    before: WorkflowRecord | None,
    after: WorkflowRecord | None,
    **more: Json,
) -> None:
    """A workflow was made, changed or deleted; ``more`` is told beside what it is afterwards. A document
    that is as it was is not repeated."""
    record = after or before
    assert record is not None
    whole = before is None or after is None or before.etag != after.etag
    was = None if before is None else _state(before, whole)
    made = None if after is None else {**_state(after, whole), **more}
    audit.record(writer, now, caller, action, "workflow", record.name, was, made)


def _state(record: WorkflowRecord, whole: bool) -> dict[str, Json]:
    document = {"document": dict(record.draft)} if whole else {}
    return {"etag": record.etag, "published": record.published, **document}
