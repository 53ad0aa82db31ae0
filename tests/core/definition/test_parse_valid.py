"""Documents that are right are read as meant, and the published schema agrees."""

from typing import Any

import jsonschema_rs
import pytest

from headrace.core.definition.document import canonical, ordered
from headrace.core.definition.model import After, Approvers, Case, Node, Retry
from headrace.core.definition.parse import parse
from headrace.core.definition.schema import workflow_schema
from headrace.core.words import NodeKind, OnFailure, OnLost

SCHEMA = jsonschema_rs.Draft202012Validator(workflow_schema())


def workflow(*nodes: Any, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": "w"},
        "spec": {**spec, "nodes": list(nodes)},
    }


def task(id: str = "a", **keys: Any) -> dict[str, Any]:
    return {"id": id, "executor": "noop", **keys}


VALID: list[dict[str, Any]] = [
    workflow(),
    workflow(task()),
    workflow(task("滚动重启"), task("步骤.二", after=["滚动重启"])),
    {**workflow(), "metadata": {"name": "滚动重启（生产）", "remark": "", "labels": {"组": "网"}}},
    workflow(task(**{"with": {"a": [1, None, {"$cel": "params.x + 1"}]}}), params={"x": {"type": "integer"}}),
    workflow(task(rollback={"script": "undo"}), task("b", rollback="forbidden")),
    workflow(task(retry={"max": 0, "delay": 0, "backoff": 1, "jitter": 1, "rollback": False})),
    workflow(task(foreach="params.l.map(x, {'n': x})", max_parallel=3), params={"l": {"type": "array"}}),
    workflow(task(foreach="target.children", mode="serial", on_lost="retry")),
    workflow(task(when="run.id > 0 && item == null", timeout="1h30m", risk={"level": 3}, join="any")),
    workflow(task(position={"x": -12.5, "y": 300})),
    workflow({"id": "d", "kind": "decision", "cases": [{"name": "x"}, {"name": "y"}], "expires": "1d"}),
    workflow({"id": "d", "kind": "decision", "cases": [{"name": "x"}], "approvers": {"roles": ["r"]}}),
    workflow(
        {"id": "d", "kind": "decision", "cases": [{"name": "x", "when": "true"}]},
        task("a", after=["d"]),
        task("b", after=[{"node": "d", "case": "x"}, {"node": "a"}]),
    ),
    workflow({"id": "p", "kind": "approval", "approvers": {"users": ["a", "b"]}, "approvals": 2}),
    workflow(
        {"id": "p", "kind": "approval", "approvers": [{"role": "a"}, {"user": "b"}], "approvals": "all"}
    ),
    workflow(
        {"id": "p", "kind": "approval", "approvers": {"roles": ["r"]}, "approvals": 9, "allow_self": True}
    ),
    workflow({"id": "t", "kind": "timer", "for": 90}, {"id": "u", "kind": "timer", "for": "0.5s"}),
    workflow({"id": "t", "kind": "timer", "at": "23:59", "timezone": "Asia/Shanghai", "skippable": False}),
    workflow({"id": "t", "kind": "timer", "until": "params.at"}, params={"at": {"type": "string"}}),
    workflow(
        {
            "id": "c",
            "kind": "workflow",
            "workflow": "日报 (每天)",
            "with": {"params": {"a": 1}},
            "foreach": "[1]",
        }
    ),
    workflow(
        schedule={
            "mode": "discrete",
            "cron": "*/5 * * * *",
            "from": "2026-12-01",
            "until": "2026-12-01T08:00:00+08:00",
            "overlap": "queue",
            "params": {"a": 1},
            "targets": [{"type": "host", "name": "h"}],
        }
    ),
    workflow(schedule={"enabled": False}),
    workflow(schedule={"cron": "0 0 9 ? * MON#1 2030", "dialect": "quartz", "until": "9999-12-31"}),
    workflow(task(schedule={"cron": "0 2 * * 1"}, alarms=[{"on": ["failure"], "channel": "c", "text": "t"}])),
    workflow(concurrency={"limit": 2, "policy": "skip"}, invocation={"enabled": False}, timeout=0),
    workflow(params={"p": {"type": "string", "secret": True, "default": "vault:x"}}, required=["p"]),
    workflow(task(when="has(params.a) && params['b'] == 1"), params={"a": {}, "b": {"default": None}}),
    workflow(task(when="steps['b'].outputs.ok"), task("b")),
]


@pytest.mark.parametrize("document", VALID)
def test_valid_documents_pass_the_parser_and_the_schema(document: dict[str, Any]) -> None:
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    assert parse(document).document == document


def test_the_schema_refuses_what_it_can_see() -> None:
    wrong = [
        workflow({"id": "a"}),
        workflow({"id": "a", "executor": "x", "cases": [{"name": "x"}]}),
        workflow({"id": "a", "kind": "timer"}),
        workflow({"id": "a", "kind": "timer", "for": 1, "at": "02:00"}),
        workflow({"id": "a", "kind": "approval"}),
        workflow(task(exceutor="x")),
        workflow(on_failure="halt"),
        workflow(timeout="4 hours"),
        {**workflow(), "kind": "Flow"},
    ]
    assert [SCHEMA.is_valid(document) for document in wrong] == [False] * len(wrong)


def test_the_schema_describes_every_property() -> None:
    def undescribed(schema: Any, path: str) -> list[str]:
        if not isinstance(schema, dict):
            return []
        lacking = [
            f"{path}.{name}"
            for name, each in schema.get("properties", {}).items()
            if isinstance(each, dict)
            and "description" not in each
            and "$ref" not in each
            and "const" not in each
        ]
        deeper = [undescribed(each, f"{path}.{name}") for name, each in schema.items() if name != "allOf"]
        return lacking + [place for places in deeper for place in places]

    found = undescribed(workflow_schema(), "")
    assert [place for place in found if not place.endswith((".users", ".roles"))] == []


def test_nodes_are_read_as_meant() -> None:
    document = workflow(
        task(
            name="Drain",
            timeout="5m",
            retry={"max": 2, "delay": "10s", "backoff": 2, "jitter": 0.5},
            on_lost="fail",
            foreach="target.children",
            max_parallel=2,
            rollback={"script": "undo"},
        ),
        {
            "id": "d",
            "kind": "decision",
            "after": ["a"],
            "cases": [{"name": "x", "when": "true"}, {"name": "y"}],
        },
        {
            "id": "p",
            "kind": "approval",
            "after": [{"node": "d", "case": "y"}],
            "approvers": {"users": ["amy"], "roles": ["lead"]},
            "expires": "2h",
        },
    )
    first, decision, approval = parse(document).nodes
    assert first == Node(
        id="a",
        name="Drain",
        executor="noop",
        timeout=300.0,
        retry=Retry(2, 10.0, 2.0, 0.5, True),
        on_lost=OnLost.FAIL,
        foreach="target.children",
        max_parallel=2,
        rollback={"script": "undo"},
    )
    assert (decision.kind, decision.cases) == (NodeKind.DECISION, (Case("x", "true"), Case("y")))
    assert approval.after == (After("d", "y"),)
    assert approval.approvers == Approvers((("user", "amy"), ("role", "lead")), "any", False)
    assert approval.expires == 7200.0


def test_a_workflow_is_read_as_meant() -> None:
    made = parse(workflow(on_failure="stop", concurrency={}, timeout="4h", target="host", required=[]))
    assert (made.name, made.on_failure, made.timeout, made.target) == ("w", OnFailure.STOP, 14400.0, "host")
    assert (made.concurrency_limit, made.concurrency_policy) == (1, "queue")
    plain = parse(workflow())
    assert (plain.concurrency_limit, plain.concurrency_policy, plain.nodes) == (None, "allow", ())


def test_nothing_is_as_good_as_null() -> None:
    document = workflow(task(rollback=None, foreach=None, retry=None, after=None, when=None, kind="task"))
    document["spec"]["schedule"] = None
    assert parse(document).nodes[0] == Node(id="a", executor="noop")


def test_the_canonical_form_has_one_order_and_adds_nothing() -> None:
    turned = {
        "spec": {
            "nodes": [{"executor": "noop", "retry": {"delay": 1, "max": 1}, "id": "a"}],
            "target": "host",
        },
        "metadata": {"remark": "r", "name": "w"},
        "kind": "Workflow",
        "apiVersion": "headrace/v1",
    }
    made = parse(turned).document
    assert list(made) == ["apiVersion", "kind", "metadata", "spec"]
    assert list(made["metadata"]) == ["name", "remark"]
    assert list(made["spec"]) == ["target", "nodes"]
    assert list(made["spec"]["nodes"][0]) == ["id", "executor", "retry"]
    assert list(made["spec"]["nodes"][0]["retry"]) == ["max", "delay"]
    assert made == turned
    assert canonical(turned) == canonical(made)
    assert ordered({"spec": {"nodes": ["x"]}, "metadata": 3}) == {"metadata": 3, "spec": {"nodes": ["x"]}}
    assert ordered({"spec": {"nodes": {}}}) == {"spec": {"nodes": {}}}
    assert ordered({"spec": 1}) == {"spec": 1}


def test_the_definition_of_ten_thousand_nodes() -> None:
    chain = [task(f"n{i}", after=[f"n{i - 1}"] if i else []) for i in range(10_000)]
    assert len(parse(workflow(*chain)).nodes) == 10_000
