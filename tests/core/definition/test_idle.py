"""Nothing that a definition says is passed over in silence."""

from typing import Any

import jsonschema_rs
import pytest

from headrace.core.definition.idle import check_idle, check_raw_idle
from headrace.core.definition.parse import parse
from headrace.core.definition.schema import workflow_schema
from headrace.core.refusal import Problem, Refused
from headrace.usecases.definitions import check

SCHEMA = jsonschema_rs.Draft202012Validator(workflow_schema())
CHOICE = {"kind": "decision", "cases": [{"name": "x"}, {"name": "y"}]}
AUTOMATIC = {"kind": "decision", "cases": [{"name": "x", "when": "true"}, {"name": "y"}]}
WHO = {"roles": ["lead"]}


def document(**node: Any) -> dict[str, Any]:
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": "w"},
        "spec": {"nodes": [{"id": "first", "executor": "noop"}, {"id": "a", **node}]},
    }


def told(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.path.removeprefix("spec.nodes[1]."), problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("node", "key", "code"),
    [
        ({"kind": "timer", "for": "1m", "timeout": "1s"}, "timeout", "timer"),
        ({"kind": "workflow", "workflow": "c", "rollback": {"script": "x"}}, "rollback", "child"),
        ({**CHOICE, "approvers": WHO, "approvals": 2}, "approvals", "decision"),
        ({**CHOICE, "approvers": WHO, "allow_self": True}, "allow_self", "decision"),
        ({**AUTOMATIC, "approvers": WHO}, "approvers", "automatic"),
        ({**AUTOMATIC, "expires": "1h"}, "expires", "automatic"),
        ({**AUTOMATIC, "timeout": "1h"}, "timeout", "automatic"),
    ],
)
def test_a_key_without_effect(node: Any, key: str, code: str) -> None:
    assert told(check_idle(parse(document(**node)))) == [(key, f"definition_idle_{code}")]
    if code != "automatic":  # what its cases hold no schema says
        assert not SCHEMA.is_valid(document(**node))


@pytest.mark.parametrize(
    "node",
    [
        {"kind": "timer", "for": "1m"},
        {"kind": "workflow", "workflow": "c", "rollback": "forbidden", "timeout": "1h"},
        {**CHOICE, "approvers": WHO, "expires": "1h", "approvals": "any", "allow_self": False},
        {"kind": "approval", "approvers": WHO, "approvals": "all", "allow_self": True, "timeout": "1h"},
        AUTOMATIC,
        {"executor": "noop", "foreach": "[1]", "when": "item == 1 && run.mock"},
        {"executor": "noop", "after": ["first"], "when": "steps.first.status == run.version"},
        {"executor": "noop", "when": "[1].exists(item, item > 0) && [run].all(run, run.x) && steps == null"},
    ],
)
def test_what_has_an_effect(node: Any) -> None:
    assert check_idle(parse(document(**node))) == []
    assert SCHEMA.is_valid(document(**node))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("run.plannedAt == null", "definition_field_unknown_near"),
        ("run.zzz", "definition_field_unknown"),
        ("has(steps.first.output)", "definition_field_unknown_near"),
        ("item.name == 'x'", "definition_item_alone"),
    ],
)
def test_a_field_that_nothing_has(source: str, code: str) -> None:
    assert told(check_idle(parse(document(executor="noop", when=source)))) == [("when", code)]


@pytest.mark.parametrize("key", ["when", "after", "foreach", "timeout", "expires", "rollback"])
def test_a_key_whose_value_was_forgotten(key: str) -> None:
    kind: dict[str, Any] = (
        {"kind": "approval", "approvers": WHO} if key == "expires" else {"executor": "noop"}
    )
    found = document(**kind, **{key: None})
    wanted = [(key, "definition_value_missing")]
    assert told(check_idle(parse(found))) == wanted
    assert not SCHEMA.is_valid(found)
    assert told(check_raw_idle(found)) == wanted


def test_texts_without_a_value_are_texts_without_a_value() -> None:
    assert check_idle(parse(document(executor="noop", name=None, description=None, risk=None))) == []


def test_told_with_all_else_that_is_wrong() -> None:
    wrong = document(kind="timer", timeout="1s", when="][")
    wrong["spec"]["nodes"] += [3, {"id": "b", "executor": "noop", "when": "run.nope"}]
    with pytest.raises(Refused) as refused:
        check(wrong, {"noop": None})  # type: ignore[dict-item]
    codes = {problem.code for problem in refused.value.problems}
    assert {"definition_timer", "definition_expression", "definition_type_mapping"} < codes
    assert {"definition_idle_timer", "definition_field_unknown"} < codes


@pytest.mark.parametrize("broken", [3, {}, {"spec": 1}, {"spec": {"nodes": 2}}])
def test_what_cannot_be_read_is_passed_over(broken: Any) -> None:
    assert check_raw_idle(broken) == []
