"""Making, renaming and bringing in workflows, for clients that know them by their ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from headrace.core.access.caller import Caller
from headrace.core.definition.references import Reference, references
from headrace.ports.errors import existing
from headrace.ports.records import WorkflowRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases.definitions.checked import Checked
from headrace.usecases.definitions.noting import note
from headrace.usecases.definitions.verbs import (
    draft,
    last_number,
    refuse_other,
    refuse_taken,
    refuse_used,
)

Json = Any


@dataclass(frozen=True, slots=True)
class Brought:
    """A definition that was brought in; ``missing`` is what it names and this tenant does not have."""

    record: WorkflowRecord
    missing: list[Reference]


def named(reader: Reader, tenant: int, workflow_id: int) -> WorkflowRecord:
    """Gone where the tenant has no workflow of this id."""
    return existing(reader.workflow_by_id(tenant, workflow_id), "workflow", workflow_id)


def create(writer: Writer, now: float, caller: Caller, checked: Checked) -> WorkflowRecord:
    """A new workflow. Refused (exists) where its name is taken."""
    made = _new(writer, now, caller, checked)
    note(writer, now, caller, "create", None, made)
    return made


def revise(
    writer: Writer, now: float, caller: Caller, record: WorkflowRecord, checked: Checked
) -> WorkflowRecord:
    """Another draft, perhaps with another name, made from the one of ``record``; stale where that changed.

    Versions and runs keep the name they had, so renaming is refused (state) while the workflow is
    published or has open runs; and where the name is taken (exists).
    """
    known, made = _other(writer, now, caller, record, checked)
    note(writer, now, caller, "change", known, made)
    return made


def bring(
    writer: Writer, now: float, caller: Caller, checked: Checked, into: WorkflowRecord | None
) -> Brought:
    """A definition from elsewhere, as a new workflow or as the draft of ``into``."""
    known = None
    if into is None:
        made = _new(writer, now, caller, checked)
    else:
        known, made = _other(writer, now, caller, into, checked)
    note(writer, now, caller, "import", known, made)
    outside = references(checked.workflow)
    return Brought(made, [each for each in outside if not _exists(writer, caller.tenant, each)])


def _new(writer: Writer, now: float, caller: Caller, checked: Checked) -> WorkflowRecord:
    refuse_taken(writer, caller.tenant, checked.workflow.name)
    return draft(writer, now, caller, checked)[1]


def _other(
    writer: Writer, now: float, caller: Caller, made_of: WorkflowRecord, checked: Checked
) -> tuple[WorkflowRecord, WorkflowRecord]:
    """The workflow as it was, and as it is."""
    known = named(writer, caller.tenant, made_of.id)
    refuse_other(known, made_of.etag)
    name = checked.workflow.name
    if name != known.name:
        _rename(writer, known, name)
    return known, draft(writer, now, caller, checked)[1]


def _rename(writer: Writer, record: WorkflowRecord, name: str) -> None:
    refuse_taken(writer, record.tenant, name)
    refuse_used(writer, record)
    writer.delete_workflow(record.tenant, record.name)
    latest = last_number(writer, record.tenant, name)
    writer.put_workflow(replace(record, name=name, latest=latest))


def _exists(reader: Reader, tenant: int, reference: Reference) -> bool:
    kind, name = reference
    if kind == "role":
        return any(role.name == name for role in reader.roles(tenant))
    return _LOOK[kind](reader, tenant, name) is not None


_LOOK: Mapping[str, Callable[[Reader, int, str], object]] = {
    "channel": lambda reader, tenant, name: reader.channel(tenant, name),
    "connection": lambda reader, tenant, name: reader.connection(tenant, name),
    "secret": lambda reader, tenant, name: reader.secret(tenant, name),
    "user": lambda reader, tenant, name: reader.user_named(tenant, name),
    "workflow": lambda reader, tenant, name: reader.workflow(tenant, name),
}
