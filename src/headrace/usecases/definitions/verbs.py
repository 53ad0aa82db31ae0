"""What can be done with a workflow; each verb is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from headrace.core.definition.document import ordered
from headrace.core.definition.executors import check_inputs
from headrace.core.definition.model import Workflow
from headrace.core.refusal import Problem, Refused
from headrace.core.run.capabilities import Capabilities
from headrace.core.words import RunStatus
from headrace.ports.errors import existing
from headrace.ports.records import RunFilter, VersionRecord, WorkflowRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import alarms, licence, schedules, vault
from headrace.usecases.definitions.checked import Checked, check, etag
from headrace.usecases.definitions.difference import difference
from headrace.usecases.definitions.writing import to_yaml

Json = Any

OPEN = frozenset({RunStatus.RUNNING, RunStatus.FAILED})
ETAG_SHOWN = 200  # characters


@dataclass(frozen=True, slots=True)
class Applied:
    """``version`` is the one published now, if that was asked; ``before`` the draft that was replaced."""

    record: WorkflowRecord
    version: VersionRecord | None
    before: Mapping[str, Json] | None

    @property
    def diff(self) -> str:
        """Computed when asked for: not in the engine's thread."""
        return difference(self.before, self.record.draft)


def apply_definition(
    writer: Writer,
    now: float,
    tenant: int,
    name: str,
    content: Checked | str | bytes | Mapping[str, Json],
    actor: str,
    publish: bool,
    if_match: str | None,
    capabilities: Mapping[str, Capabilities],
) -> Applied:
    """Make the document the workflow's draft, new or changed, and publish it where asked.

    ``if_match`` is the etag the change was made for; None or ``*`` asks for none. An unchanged document
    changes nothing. Raises Refused: definition_invalid, etag_stale and etag_absent
    (stale).
    """
    checked = content if isinstance(content, Checked) else check(content, capabilities, name)
    known = writer.workflow(tenant, name)
    _match(known, if_match)
    if publish:
        _refuse_unfinished(checked.workflow, capabilities)
    record = known
    if record is None or record.etag != checked.etag:
        record = _drafted(writer, now, tenant, known, checked, actor)
        writer.put_workflow(record)
    version = None
    if publish:
        record, version = _published(writer, now, record, checked.workflow, actor)
    return Applied(record, version, known.draft if known else None)


def publish(
    writer: Writer,
    now: float,
    tenant: int,
    name: str,
    actor: str,
    if_match: str | None,
    capabilities: Mapping[str, Capabilities],
) -> tuple[WorkflowRecord, VersionRecord]:
    """Make the draft the version that new runs use. An unchanged draft makes no new version."""
    record = workflow_of(writer, tenant, name)
    _match(record, if_match)
    checked = check(record.draft, capabilities, name)
    _refuse_unfinished(checked.workflow, capabilities)
    return _published(writer, now, record, checked.workflow, actor)


def offline(writer: Writer, now: float, tenant: int, name: str, actor: str) -> WorkflowRecord:
    """No new runs. Runs that go on keep their version. Refused (state) where it is not published."""
    record = workflow_of(writer, tenant, name)
    if record.published is None:
        raise Refused("state", "workflow_not_published", {"name": name})
    record = replace(record, published=None, updated_at=now, updated_by=actor)
    writer.put_workflow(record)
    writer.delete_schedule(tenant, name)
    writer.set_channel_users(tenant, name, ())
    return record


def copy(
    writer: Writer,
    now: float,
    tenant: int,
    name: str,
    new_name: str,
    actor: str,
    capabilities: Mapping[str, Capabilities],
) -> WorkflowRecord:
    """A new workflow with the draft of another. Refused (exists) where the name is taken."""
    source = workflow_of(writer, tenant, name)
    if writer.workflow(tenant, new_name) is not None:
        raise Refused("exists", "workflow_exists", {"name": new_name})
    document = {**source.draft, "metadata": {**source.draft["metadata"], "name": new_name}}
    return apply_definition(
        writer, now, tenant, new_name, ordered(document), actor, False, None, capabilities
    ).record


def delete(writer: Writer, tenant: int, name: str, if_match: str | None = None) -> None:
    """Refused (state) while it is published or has open runs. Ended runs stay readable."""
    record = workflow_of(writer, tenant, name)
    _match(record, if_match)
    refuse_used(writer, record)
    writer.delete_invocation_tokens(tenant, record.id)
    writer.delete_workflow(tenant, name)


def refuse_used(reader: Reader, record: WorkflowRecord) -> None:
    """Refused (state) while it is published or has open runs."""
    name = record.name
    if record.published is not None:
        raise Refused("state", "workflow_published", {"name": name, "version": record.published})
    count = reader.runs(record.tenant, RunFilter(workflow=name, statuses=OPEN), (), 1, 1).total
    if count:
        raise Refused("state", "workflow_open_runs", {"name": name, "count": count})


def export(reader: Reader, tenant: int, name: str, number: int | None = None) -> str:
    """The canonical YAML of the draft, or of a version."""
    if number is None:
        return to_yaml(workflow_of(reader, tenant, name).draft)
    version = existing(reader.version(tenant, name, number), "version", f"{name} v{number}")
    return to_yaml(version.document)


def workflow_of(reader: Reader, tenant: int, name: str) -> WorkflowRecord:
    """Gone where the tenant has no workflow of this name."""
    return existing(reader.workflow(tenant, name), "workflow", name)


def refuse_other(record: WorkflowRecord, etag: str) -> None:
    """Raise Refused (stale) where the draft is not the one of this etag any more."""
    if etag != record.etag:
        found = {"found": etag[:ETAG_SHOWN], "wanted": record.etag, "by": record.updated_by}
        raise Refused("stale", "etag_stale", found)


def _match(record: WorkflowRecord | None, if_match: str | None) -> None:
    if if_match is None:
        return
    wanted = if_match.strip().removeprefix("W/").strip('"')
    if record is None:
        raise Refused("stale", "etag_absent", {"found": if_match[:ETAG_SHOWN]})
    if wanted != "*":
        refuse_other(record, wanted)


def _drafted(
    writer: Writer, now: float, tenant: int, known: WorkflowRecord | None, checked: Checked, actor: str
) -> WorkflowRecord:
    workflow = checked.workflow
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
        updated_by=actor,
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
