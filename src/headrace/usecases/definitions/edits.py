"""Making, renaming and bringing in workflows, for clients that know them by their ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from headrace.core.definition.references import Reference, references
from headrace.core.refusal import Refused
from headrace.core.run.capabilities import Capabilities
from headrace.ports.errors import existing
from headrace.ports.records import WorkflowRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases.definitions.checked import Checked, check
from headrace.usecases.definitions.verbs import apply_definition, last_number, refuse_other, refuse_used

Json = Any


@dataclass(frozen=True, slots=True)
class Brought:
    """A definition that was brought in; ``missing`` is what it names and this tenant does not have."""

    record: WorkflowRecord
    missing: list[Reference]


def named(reader: Reader, tenant: int, workflow_id: int) -> WorkflowRecord:
    """Gone where the tenant has no workflow of this id."""
    return existing(reader.workflow_by_id(tenant, workflow_id), "workflow", workflow_id)


def create(
    writer: Writer,
    now: float,
    tenant: int,
    content: Checked | Mapping[str, Json],
    actor: str,
    capabilities: Mapping[str, Capabilities],
) -> WorkflowRecord:
    """A new workflow. Refused (exists) where its name is taken."""
    checked = content if isinstance(content, Checked) else check(content, capabilities)
    name = checked.workflow.name
    if writer.workflow(tenant, name) is not None:
        raise Refused("exists", "workflow_exists", {"name": name})
    return apply_definition(writer, now, tenant, name, checked, actor, False, None, capabilities).record


def revise(
    writer: Writer,
    now: float,
    record: WorkflowRecord,
    content: Checked | Mapping[str, Json],
    actor: str,
    etag: str | None,
    capabilities: Mapping[str, Capabilities],
) -> WorkflowRecord:
    """Another draft, perhaps with another name. ``etag`` is that of the draft it was made from.

    Versions and runs keep the name they had, so renaming is refused (state) while the workflow is
    published or has open runs; and where the name is taken (exists).
    """
    if etag is not None:
        refuse_other(record, etag)
    checked = content if isinstance(content, Checked) else check(content, capabilities)
    name = checked.workflow.name
    if name != record.name:
        _rename(writer, record, name)
    return apply_definition(
        writer, now, record.tenant, name, checked, actor, False, None, capabilities
    ).record


def bring(
    writer: Writer,
    now: float,
    tenant: int,
    checked: Checked,
    actor: str,
    into: WorkflowRecord | None,
    capabilities: Mapping[str, Capabilities],
) -> Brought:
    """A definition from elsewhere, as a new workflow or as the draft of ``into``."""
    if into is None:
        record = create(writer, now, tenant, checked, actor, capabilities)
    else:
        known = named(writer, tenant, into.id)
        record = revise(writer, now, known, checked, actor, into.etag, capabilities)
    outside = references(checked.workflow)
    return Brought(record, [each for each in outside if not _exists(writer, tenant, each)])


def _rename(writer: Writer, record: WorkflowRecord, name: str) -> None:
    if writer.workflow(record.tenant, name) is not None:
        raise Refused("exists", "workflow_exists", {"name": name})
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
