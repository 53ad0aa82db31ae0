"""Workflows known by their ids: made, renamed, edited by two, and brought in from elsewhere."""

from typing import Any

import pytest

from headrace.core.definition.references import at_rest
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.state import OperationRecord, Run
from headrace.core.words import Operation, RunStatus
from headrace.ports.audit import AuditFilter
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import WorkflowRecord
from headrace.ports.store import Writer
from headrace.usecases import definitions
from tests.people import caller

TENANT = 1
THERE = {"noop": Capabilities(), "shell": Capabilities(needs=(("script",), ("a", "b")))}


def document(name: str = "web", *nodes: Any, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": list(nodes) or [{"id": "a", "executor": "noop"}], **spec},
    }


def created(writer: Writer, content: Any = None) -> WorkflowRecord:
    return definitions.create(writer, 1.0, caller(), definitions.check(content or document(), THERE))


def revised(writer: Writer, record: WorkflowRecord, content: Any) -> WorkflowRecord:
    return definitions.revise(writer, 2.0, caller("bob"), record, definitions.check(content, THERE))


def refused(work: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.kind, caught.value.code


def test_made_once_and_found_by_id(writer: Writer) -> None:
    record = created(writer)
    assert definitions.named(writer, TENANT, record.id) == record
    assert refused(lambda: created(writer)) == ("exists", "workflow_exists")
    for tenant, id in ((TENANT, 404), (2, record.id)):
        with pytest.raises(Gone):
            definitions.named(writer, tenant, id)


def test_what_was_edited_meanwhile_is_not_overwritten(writer: Writer) -> None:
    record = created(writer)
    now = revised(writer, record, document("web", {"id": "b", "executor": "noop"}))
    assert (now.id, now.updated_by) == (record.id, "bob")
    assert now.etag != record.etag
    assert refused(lambda: revised(writer, record, document())) == ("stale", "etag_stale")


def test_a_new_name_keeps_the_id(writer: Writer) -> None:
    record = created(writer)
    now = revised(writer, record, document("renamed"))
    assert (now.id, now.name, now.created_at) == (record.id, "renamed", 1.0)
    assert writer.workflow(TENANT, "web") is None
    created(writer)
    assert refused(lambda: revised(writer, now, document("web"))) == ("exists", "workflow_exists")


def test_a_name_in_use_stays(writer: Writer) -> None:
    record = created(writer)
    definitions.publish(writer, 1.0, caller(), "web", THERE)
    record = definitions.named(writer, TENANT, record.id)
    assert refused(lambda: revised(writer, record, document("new"))) == ("state", "workflow_published")
    record = definitions.offline(writer, 1.0, caller(), "web")
    run = Run(1, TENANT, "web", 1, 1, status=RunStatus.RUNNING)
    writer.create_run(run, [], OperationRecord(1, Operation.EXECUTE, "amy", 1.0))
    assert refused(lambda: revised(writer, record, document("new"))) == ("state", "workflow_open_runs")


def brought(writer: Writer, content: Any, into: WorkflowRecord | None = None) -> definitions.Brought:
    checked = definitions.check(content, THERE)
    return definitions.bring(writer, 3.0, caller(), checked, into)


def test_what_is_missing_here_is_listed(writer: Writer) -> None:
    who = {"roles": ["viewer", "oncall"], "users": ["admin", "ada"]}
    nodes = [
        {"id": "ok", "kind": "approval", "approvers": who},
        {"id": "c", "kind": "workflow", "workflow": "web"},
        {"id": "d", "kind": "workflow", "workflow": "absent"},
        {"id": "e", "executor": "noop", "with": {"p": {"$secret": "pw"}, "connection": "db"}},
    ]
    created(writer)
    alarms = [{"on": ["failure"], "channel": "chat"}]
    made = brought(writer, document("in", *nodes, alarms=alarms))
    assert made.missing == [
        ("channel", "chat"),
        ("connection", "db"),
        ("role", "oncall"),
        ("secret", "pw"),
        ("user", "ada"),
        ("workflow", "absent"),
    ]


def test_brought_in_as_the_draft_of_another(writer: Writer) -> None:
    into = created(writer)
    rest = at_rest(document("elsewhere", {"id": "z", "executor": "noop"}), "web")
    made = brought(writer, rest, into)
    assert (made.record.id, made.record.draft["spec"]["nodes"][0]["id"]) == (into.id, "z")
    assert refused(lambda: brought(writer, rest, into)) == ("stale", "etag_stale")


def test_edits_are_in_the_audit_log(writer: Writer) -> None:
    record = created(writer)
    renamed = revised(writer, record, document("renamed"))
    brought(writer, document("in"))
    brought(writer, document("renamed", {"id": "z", "executor": "noop"}), renamed)
    found = writer.audit(TENANT, AuditFilter(kind="workflow"), None, 9)
    assert [
        (each.user, each.action, each.object, each.before and each.before["document"]["metadata"]["name"])
        for each in reversed(found)
    ] == [
        ("amy", "create", "web", None),
        ("bob", "change", "renamed", "web"),
        ("amy", "import", "in", None),
        ("amy", "import", "renamed", "renamed"),
    ]


def publication(writer: Writer, *nodes: Any) -> list[tuple[str, str]]:
    """What keeps a definition from being published."""
    content = document()
    content["spec"]["nodes"] = list(nodes)
    with pytest.raises(Refused) as caught:
        definitions.apply_definition(writer, 1.0, caller(), definitions.check(content, THERE), THERE, True)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_only_what_is_finished_is_published(writer: Writer) -> None:
    assert publication(writer) == [("spec.nodes", "publish_empty")]
    shell = {"id": "s", "executor": "shell"}
    lacking = ("spec.nodes[0].with", "publish_input_missing")
    assert publication(writer, shell) == [lacking, lacking]
    assert publication(writer, {**shell, "with": {"script": "", "b": "x"}}) == [lacking]
    computed = {"id": "t", "executor": "shell", "with": {"$cel": "params"}}
    whole = {**shell, "with": {"script": "true", "a": 0}}
    created(writer, document("web", whole, {"id": "w", "kind": "timer", "for": "1s"}))
    definitions.publish(writer, 1.0, caller(), "web", THERE)
    assert publication(writer, computed, shell)[0][0] == "spec.nodes[1].with"
