"""What a sub-workflow's child is given: what would be lost on the way is refused where it is written."""

from typing import Any

import jsonschema_rs
import pytest

from headrace.core.definition.child_inputs import check_child_inputs
from headrace.core.definition.schema import workflow_schema

SCHEMA = jsonschema_rs.Draft202012Validator(workflow_schema())


def document(given: Any, **more: Any) -> dict[str, Any]:
    node = {"id": "a", "kind": "workflow", "workflow": "child", "with": given, **more}
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": "w"},
        "spec": {"nodes": [{"id": "first", "executor": "noop", "with": {"any": 1}}, node]},
    }


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"params": {"count": 3}},
        {"params": {"$cel": "params"}, "target": {"type": "cluster", "name": "c"}},
        {"$cel": "params"},
    ],
)
def test_parameters_and_a_target(given: Any) -> None:
    assert check_child_inputs(document(given)) == []
    assert SCHEMA.is_valid(document(given))


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"count": 3}, "spec.nodes[1].with.count", "definition_child_key"),
        ({"params": [1]}, "spec.nodes[1].with.params", "definition_type_mapping"),
        ({"target": "c"}, "spec.nodes[1].with.target", "definition_type_mapping"),
    ],
)
def test_what_the_child_would_not_be_given(given: Any, path: str, code: str) -> None:
    assert [(problem.path, problem.code) for problem in check_child_inputs(document(given))] == [(path, code)]
    assert not SCHEMA.is_valid(document(given))


@pytest.mark.parametrize("given", [None, 3, "x"])
def test_what_the_parser_refuses_is_passed_over(given: Any) -> None:
    assert check_child_inputs(document(given)) == []
    for broken in ({}, {"spec": 1}, {"spec": {"nodes": 2}}, {"spec": {"nodes": [3]}}):
        assert check_child_inputs(broken) == []
