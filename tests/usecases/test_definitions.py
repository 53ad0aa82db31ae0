"""Workflows as resources: drafts, versions, publishing, copies, deletion, export."""

from typing import Any

import pytest

from headrace.core.run.capabilities import Capabilities
from headrace.core.run.state import OperationRecord, Run
from headrace.core.words import Operation, RunStatus
from headrace.ports.audit import AuditFilter
from headrace.ports.errors import Gone, Refused
from headrace.ports.store import Writer
from headrace.usecases import definitions
from headrace.usecases.definitions import Applied, Checked
from tests.people import caller

THERE = {"noop": Capabilities(), "shell": Capabilities(rollback_by_node=True)}
TENANT, OTHER = 1, 2


def document(name: str = "web", executor: str = "noop", **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name, **metadata},
        "spec": {"nodes": [{"id": "a", "executor": executor}]},
    }


def apply(
    writer: Writer,
    content: Any = None,
    name: str = "web",
    now: float = 1.0,
    publish: bool = False,
    actor: str = "amy",
    tenant: int = TENANT,
) -> Applied:
    content = document(name) if content is None else content
    checked = content if isinstance(content, Checked) else definitions.check(content, THERE, name)
    return definitions.apply_definition(writer, now, caller(actor, tenant), checked, THERE, publish)


def diff(applied: Applied) -> str:
    before = applied.before.draft if applied.before else None
    return definitions.difference(before, applied.record.draft)


def refused(kind: str, code: str, work: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        work()
    assert (caught.value.kind, caught.value.code) == (kind, code)
    return caught.value


def test_a_new_document_becomes_a_draft(writer: Writer) -> None:
    applied = apply(writer, document(remark="Rolling"))
    record = applied.record
    assert writer.workflow(TENANT, "web") == record
    assert (record.name, record.remark, record.published, record.latest) == ("web", "Rolling", None, 0)
    assert (record.created_at, record.updated_at, record.updated_by) == (1.0, 1.0, "amy")
    assert record.draft == document(remark="Rolling")
    assert applied.version is None
    assert "+kind: Workflow" in diff(applied)


def test_text_bytes_documents_and_checked_ones_give_the_same(writer: Writer) -> None:
    text = definitions.to_yaml(document())
    etags = {
        apply(writer, content).record.etag
        for content in (document(), text, text.encode(), definitions.check(text, THERE, "web"))
    }
    assert len(etags) == 1


def test_an_unchanged_document_changes_nothing(writer: Writer) -> None:
    first = apply(writer).record
    turned = dict(reversed(document().items()))
    again = apply(writer, turned, now=9.0, actor="bob")
    assert again.record == first
    assert diff(again) == ""


def test_a_change_is_kept_with_who_and_when(writer: Writer) -> None:
    first = apply(writer).record
    changed = apply(writer, document(executor="shell"), now=5.0, actor="bob")
    assert changed.record.id == first.id
    assert changed.record.etag != first.etag
    assert (changed.record.created_at, changed.record.updated_at, changed.record.updated_by) == (
        1.0,
        5.0,
        "bob",
    )
    assert "-  - id: a\n" not in diff(changed)
    assert "-    executor: noop\n+    executor: shell\n" in diff(changed)


def test_publishing_makes_versions_only_of_what_changed(writer: Writer) -> None:
    one = apply(writer, publish=True, now=2.0)
    assert one.version is not None
    assert (one.version.number, one.version.document, one.version.created_by) == (1, document(), "amy")
    assert (one.record.published, one.record.latest) == (1, 1)

    same = apply(writer, publish=True, now=3.0)
    assert (same.version, same.record) == (one.version, one.record)

    draft = apply(writer, document(executor="shell"), now=4.0)
    assert (draft.record.published, draft.record.latest) == (1, 1)
    record, two = definitions.publish(writer, 5.0, caller("bob"), "web", THERE)
    assert (two.number, two.document) == (2, document(executor="shell"))
    assert (record.published, record.latest, record.updated_by) == (2, 2, "bob")
    assert [version.number for version in writer.versions(TENANT, "web")] == [1, 2]


def test_going_back_to_an_older_text_is_a_new_version(writer: Writer) -> None:
    apply(writer, publish=True)
    apply(writer, document(executor="shell"), publish=True)
    back = apply(writer, publish=True)
    assert back.version is not None
    assert back.version.number == 3


def test_offline_and_published_again(writer: Writer) -> None:
    apply(writer, publish=True)
    record = definitions.offline(writer, 2.0, caller("bob"), "web")
    assert (record.published, record.latest) == (None, 1)
    refused("state", "workflow_not_published", lambda: definitions.offline(writer, 3.0, caller("bob"), "web"))
    record, version = definitions.publish(writer, 4.0, caller("bob"), "web", THERE)
    assert (record.published, version.number) == (1, 1)


def test_the_document_must_bear_the_name(writer: Writer) -> None:
    error = refused("invalid", "definition_invalid", lambda: apply(writer, document("other")))
    (problem,) = error.problems
    assert (problem.path, problem.code) == ("metadata.name", "definition_name_differs")
    assert problem.values == {"found": "other", "wanted": "web"}


def test_all_problems_of_use_are_told_at_once(writer: Writer) -> None:
    error = refused("invalid", "definition_invalid", lambda: apply(writer, document("other", "shel")))
    assert error.values["count"] == 2
    assert [problem.code for problem in error.problems] == [
        "definition_name_differs",
        "definition_executor_unknown_near",
    ]
    assert writer.workflow(TENANT, "web") is None


def test_publishing_checks_again(writer: Writer) -> None:
    apply(writer)
    gone = {"shell": Capabilities()}
    refused(
        "invalid",
        "definition_invalid",
        lambda: definitions.publish(writer, 2.0, caller(), "web", gone),
    )


def test_copies(writer: Writer) -> None:
    source = apply(writer, document(remark="r"), publish=True).record
    made = definitions.copy(writer, 3.0, caller("bob"), "web", "web-2", THERE)
    assert made.draft == document("web-2", remark="r")
    assert (made.published, made.latest, made.updated_by) == (None, 0, "bob")
    assert made.id != source.id
    refused(
        "exists",
        "workflow_exists",
        lambda: definitions.copy(writer, 3.0, caller("bob"), "web", "web-2", THERE),
    )
    refused(
        "invalid",
        "definition_invalid",
        lambda: definitions.copy(writer, 3.0, caller("bob"), "web", "a/b", THERE),
    )


def run(id: int, status: RunStatus) -> Run:
    return Run(id=id, tenant=TENANT, workflow="web", version_id=1, version=1, status=status)


def test_deletion_waits_for_publication_and_open_runs(writer: Writer) -> None:
    apply(writer, publish=True)
    refused("state", "workflow_published", lambda: definitions.delete(writer, 1.0, caller(), "web"))
    definitions.offline(writer, 2.0, caller(), "web")
    for number, status in enumerate((RunStatus.FAILED, RunStatus.RUNNING, RunStatus.SUCCESSFUL), 1):
        writer.create_run(run(number, status), [], OperationRecord(number, Operation.EXECUTE, "amy", 1.0))
    error = refused("state", "workflow_open_runs", lambda: definitions.delete(writer, 1.0, caller(), "web"))
    assert error.values == {"name": "web", "count": 2}


def test_a_deleted_name_goes_on_counting_its_versions(writer: Writer) -> None:
    apply(writer, publish=True)
    definitions.offline(writer, 2.0, caller(), "web")
    definitions.delete(writer, 1.0, caller(), "web")
    assert writer.workflow(TENANT, "web") is None
    assert writer.version(TENANT, "web", 1) is not None
    again = apply(writer, document(executor="shell"), publish=True)
    assert again.version is not None
    assert again.version.number == 2


def test_export_reads_back(writer: Writer) -> None:
    apply(writer, publish=True)
    apply(writer, document(executor="shell"))
    text = definitions.to_yaml(definitions.workflow_of(writer, TENANT, "web").draft)
    assert definitions.read_document(text) == document(executor="shell")
    version = writer.version(TENANT, "web", 1)
    assert version is not None
    assert definitions.read_document(definitions.to_yaml(version.document)) == document()


def test_what_is_not_there_and_what_is_anothers(writer: Writer) -> None:
    apply(writer, publish=True)
    works = [
        lambda other: definitions.publish(writer, 1.0, other, "web", THERE),
        lambda other: definitions.offline(writer, 1.0, other, "web"),
        lambda other: definitions.copy(writer, 1.0, other, "web", "b", THERE),
        lambda other: definitions.delete(writer, 1.0, other, "web"),
    ]
    for work in works:
        with pytest.raises(Gone):
            work(caller(tenant=OTHER))
    assert apply(writer, tenant=OTHER).record.id != apply(writer).record.id


def test_every_verb_is_in_the_audit_log(writer: Writer) -> None:
    first = apply(writer, publish=True).record
    apply(writer, actor="bob")
    second = apply(writer, document(executor="shell")).record
    definitions.publish(writer, 2.0, caller(), "web", THERE)
    definitions.copy(writer, 2.0, caller(), "web", "web-2", THERE)
    definitions.offline(writer, 2.0, caller(), "web")
    definitions.delete(writer, 2.0, caller(), "web")
    noop, shell = document(), document(executor="shell")
    one, two = ({"etag": each.etag, "published": 1} for each in (first, second))
    copied = writer.workflow(TENANT, "web-2")
    assert copied is not None
    made = {"etag": copied.etag, "published": None, "document": document("web-2", "shell"), "copyOf": "web"}
    found = writer.audit(TENANT, AuditFilter(kind="workflow"), None, 20)
    assert [(each.user, each.action, each.object, each.before, each.after) for each in reversed(found)] == [
        ("amy", "create", "web", None, {**one, "document": noop}),
        ("amy", "publish", "web", {"version": None}, {"version": 1}),
        ("bob", "change", "web", one, one),
        ("amy", "change", "web", {**one, "document": noop}, {**two, "document": shell}),
        ("amy", "publish", "web", {"version": 1}, {"version": 2}),
        ("amy", "create", "web-2", None, made),
        ("amy", "offline", "web", {"version": 2}, {"version": None}),
        ("amy", "delete", "web", {**two, "published": None, "document": shell}, None),
    ]


def test_what_a_child_would_not_be_given_is_told_with_all_else() -> None:
    child = {"id": "b", "kind": "workflow", "workflow": "web", "with": {"count": 3}}
    sound = document()
    sound["spec"]["nodes"].append(child)
    broken = document(executor="nobody")
    broken["spec"]["nodes"] += [child, {"id": "b", "executor": "noop", "joins": "any"}]
    for content, codes in (
        (sound, {"definition_child_key"}),
        (broken, {"definition_child_key", "definition_executor_unknown_near", "definition_key_unknown_near"}),
    ):
        with pytest.raises(Refused) as caught:
            definitions.check(content, THERE)
        assert codes <= {problem.code for problem in caught.value.problems}
