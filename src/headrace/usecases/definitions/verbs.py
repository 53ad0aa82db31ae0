"""What can be done with a workflow; each verb is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from headrace.core.access.caller import Caller
from headrace.core.definition.document import ordered
from headrace.core.definition.executors import check_inputs
from headrace.core.definition.model import Workflow
from headrace.core.refusal import Problem, Refused
from headrace.core.run.capabilities import Capabilities
from headrace.core.words import RunStatus
from headrace.ports.errors import existing
from headrace.ports.records import RunFilter, VersionRecord, WorkflowRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import alarms, audit, licence, schedules, vault
from headrace.usecases.definitions.checked import Checked, check, etag
from headrace.usecases.definitions.noting import note

Json = Any

OPEN = frozenset({RunStatus.RUNNING, RunStatus.FAILED})
ETAG_SHOWN = 200  # characters


@dataclass(frozen=True, slots=True)
class Applied:
    """``version`` is the one published now, if that was asked; ``before`` the workflow as it was."""

    record: WorkflowRecord
    version: VersionRecord | None
    before: WorkflowRecord | None


def apply_definition(
    writer: Writer,
    now: float,
    caller: Caller,
    checked: Checked,
    capabilities: Mapping[str, Capabilities],
    publish: bool = False,
) -> Applied:
    """Make the document the workflow's draft, new or changed, and publish it where asked.

    An unchanged document changes nothing. Raises Refused (invalid) where it is not fit to be published.
    """
    if publish:
        _refuse_unfinished(checked.workflow, capabilities)
    known, record = draft(writer, now, caller, checked)
    version = None
    if publish:
        record, version = _published(writer, now, record, checked.workflow, caller.name)
    note(writer, now, caller, "change" if known else "create", known, record)
    before = known.published if known else None
    if version is not None and version.number != before:
        _note_publication(writer, now, caller, record.name, before, version.number)
    return Applied(record, version, known)


def draft(
    writer: Writer, now: float, caller: Caller, checked: Checked
) -> tuple[WorkflowRecord | None, WorkflowRecord]:
    """Make the document the draft, without a word in the audit log; the workflow as it was, and as it is."""
    known = writer.workflow(caller.tenant, checked.workflow.name)
    if known is not None and known.etag == checked.etag:
        return known, known
    record = _drafted(writer, now, caller, known, checked)
    writer.put_workflow(record)
    return known, record


def publish(
    writer: Writer,
    now: float,
    caller: Caller,
    name: str,
    capabilities: Mapping[str, Capabilities],
) -> tuple[WorkflowRecord, VersionRecord]:
    """Make the draft the version that new runs use. An unchanged draft makes no new version."""
    known = workflow_of(writer, caller.tenant, name)
    checked = check(known.draft, capabilities, name)
    _refuse_unfinished(checked.workflow, capabilities)
    record, version = _published(writer, now, known, checked.workflow, caller.name)
    _note_publication(writer, now, caller, name, known.published, version.number)
    return record, version


def offline(writer: Writer, now: float, caller: Caller, name: str) -> WorkflowRecord:
    """No new runs. Runs that go on keep their version. Refused (state) where it is not published."""
    known = workflow_of(writer, caller.tenant, name)
    if known.published is None:
        raise Refused("state", "workflow_not_published", {"name": name})
    record = replace(known, published=None, updated_at=now, updated_by=caller.name)
    writer.put_workflow(record)
    writer.delete_schedule(caller.tenant, name)
    writer.set_channel_users(caller.tenant, name, ())
    before, after = {"version": known.published}, {"version": None}
    audit.record(writer, now, caller, "offline", "workflow", name, before, after)
    return record


def copy(
    writer: Writer,
    now: float,
    caller: Caller,
    name: str,
    new_name: str,
    capabilities: Mapping[str, Capabilities],
) -> WorkflowRecord:
    """A new workflow with the draft of another. Refused (exists) where the name is taken."""
    source = workflow_of(writer, caller.tenant, name)
    refuse_taken(writer, caller.tenant, new_name)
    document = {**source.draft, "metadata": {**source.draft["metadata"], "name": new_name}}
    checked = check(ordered(document), capabilities, new_name)
    _, made = draft(writer, now, caller, checked)
    note(writer, now, caller, "create", None, made, copyOf=name)
    return made


def delete(writer: Writer, now: float, caller: Caller, name: str) -> None:
    """Refused (state) while it is published or has open runs. Ended runs stay readable."""
    record = workflow_of(writer, caller.tenant, name)
    refuse_used(writer, record)
    writer.delete_invocation_tokens(caller.tenant, record.id)
    writer.delete_workflow(caller.tenant, name)
    note(writer, now, caller, "delete", record, None)


def refuse_taken(reader: Reader, tenant: int, name: str) -> None:
    """Refused (exists) where there is a workflow of this name."""
    if reader.workflow(tenant, name) is not None:
        raise Refused("exists", "workflow_exists", {"name": name})


def refuse_used(reader: Reader, record: WorkflowRecord) -> None:
    """Refused (state) while it is published or has open runs."""
    name = record.name
    if record.published is not None:
        raise Refused("state", "workflow_published", {"name": name, "version": record.published})
    count = reader.runs(record.tenant, RunFilter(workflow=name, statuses=OPEN), (), 1, 1).total
    if count:
        raise Refused("state", "workflow_open_runs", {"name": name, "count": count})


def workflow_of(reader: Reader, tenant: int, name: str) -> WorkflowRecord:
    """Gone where the tenant has no workflow of this name."""
    return existing(reader.workflow(tenant, name), "workflow", name)


def refuse_other(record: WorkflowRecord, etag: str) -> None:
    """Raise Refused (stale) where the draft is not the one of this etag any more."""
    if etag != record.etag:
        found = {"found": etag[:ETAG_SHOWN], "wanted": record.etag, "by": record.updated_by}
        raise Refused("stale", "etag_stale", found)


def _note_publication(
    writer: Writer, now: float, caller: Caller, name: str, before: int | None, number: int
) -> None:
    audit.record(writer, now, caller, "publish", "workflow", name, {"version": before}, {"version": number})


def _drafted(
    writer: Writer, now: float, caller: Caller, known: WorkflowRecord | None, checked: Checked
) -> WorkflowRecord:
    workflow, tenant = checked.workflow, caller.tenant
    if known is None:
        licence.refuse_workflow(writer, now, tenant)
    return WorkflowRecord(
        id=known.id if known else writer.allocate("workflow", 1)[0],
        tenant=tenant,
        name=workflow.name,
        remark=workflow.remark,
        draft=checked.document,
        etag=checked.etag,
        published=known.published if known else None,
        latest=known.latest if known else last_number(writer, tenant, workflow.name),
        created_at=known.created_at if known else now,
        updated_at=now,
        updated_by=caller.name,
    )


def last_number(reader: Reader, tenant: int, name: str) -> int:
    """Versions outlive their workflow, for the runs that used them; a new one of its name counts on."""
    return max((version.number for version in reader.versions(tenant, name)), default=0)


def _refuse_unfinished(workflow: Workflow, capabilities: Mapping[str, Capabilities]) -> None:
    """A draft may be empty, and its tasks may lack what they need; what runs may not."""
    problems = check_inputs(workflow, capabilities)
    if not workflow.nodes:
        problems = [Problem("spec.nodes", "publish_empty")]
    if problems:
        raise Refused("invalid", "definition_invalid", {"count": len(problems)}, problems)


def _published(
    writer: Writer, now: float, record: WorkflowRecord, workflow: Workflow, actor: str
) -> tuple[WorkflowRecord, VersionRecord]:
    licence.refuse_publication(writer, now)
    latest = writer.version(record.tenant, record.name, record.latest) if record.latest else None
    if latest is None or etag(latest.document) != record.etag:
        latest = VersionRecord(
            id=writer.allocate("version", 1)[0],
            tenant=record.tenant,
            workflow=record.name,
            number=record.latest + 1,
            document=record.draft,
            created_at=now,
            created_by=actor,
        )
        writer.add_version(latest)
    if record.published != latest.number:
        record = replace(
            record, published=latest.number, latest=latest.number, updated_at=now, updated_by=actor
        )
        writer.put_workflow(record)
    vault.refuse_missing(writer, record.tenant, workflow)
    schedules.arrange(writer, now, latest, workflow)
    alarms.arrange(writer, latest, workflow)
    return record, latest
