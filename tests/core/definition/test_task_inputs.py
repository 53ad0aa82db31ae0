"""A key that an executor does not take is told where the definition is stored, not passed over in a run."""

from typing import Any

import pytest

from headrace.core.definition.task_inputs import check_task_inputs
from headrace.core.messages import text
from headrace.core.run.capabilities import Capabilities

KNOWN = {
    "shell": Capabilities(rollback_by_node=True, takes=("script", "interpreter", "env", "cwd")),
    "transfer": Capabilities(takes=("from.url", "from.table", "to.table", "mode")),
    "plugin": Capabilities(rollback_by_node=True),
}


def found(node: Any) -> list[tuple[str, str]]:
    problems = check_task_inputs({"spec": {"nodes": [node]}}, KNOWN)
    assert all(text(each.code, each.values, "zh") != each.code for each in problems)
    return [(each.path.removeprefix("spec.nodes[0]."), each.code) for each in problems]


@pytest.mark.parametrize(
    "node",
    [
        {"executor": "shell", "with": {"script": "true", "env": {"any": "1"}}, "rollback": {"script": "x"}},
        {"executor": "shell", "with": {"$cel": "params"}, "rollback": "forbidden"},
        {"executor": "shell", "with": {"$secret": "x"}},
        {"executor": "shell"},
        {"executor": "transfer", "with": {"from": {"url": "u", "table": "t"}, "to": "x", "mode": "append"}},
        {"executor": "transfer", "rollback": {"any": 1}},
        {"executor": "plugin", "with": {"anything": 1}, "rollback": {"anything": 1}},
        {"executor": "unknown", "with": {"anything": 1}},
        {"executor": 5, "with": {"anything": 1}},
        {"kind": "workflow", "executor": "shell", "with": {"anything": 1}},
        "no node",
    ],
)
def test_what_is_taken_or_none_of_ours_to_judge(node: Any) -> None:
    assert found(node) == []


@pytest.mark.parametrize(
    ("node", "path", "code"),
    [
        (
            {"executor": "shell", "with": {"scirpt": "true"}},
            "with.scirpt",
            "definition_input_unknown_near",
        ),
        (
            {"executor": "shell", "kind": "task", "with": {"directory": "/"}},
            "with.directory",
            "definition_input_unknown",
        ),
        ({"executor": "shell", "with": {"timeout": 3}}, "with.timeout", "definition_input_beside"),
        (
            {"executor": "shell", "rollback": {"zzzz": "true"}},
            "rollback.zzzz",
            "definition_input_unknown",
        ),
        (
            {"executor": "transfer", "with": {"from": {"tabel": "t"}}},
            "with.from.tabel",
            "definition_input_unknown_near",
        ),
        ({"executor": "shell", "with": {5: "true"}}, "with.5", "definition_input_unknown"),
    ],
)
def test_what_would_be_passed_over(node: Any, path: str, code: str) -> None:
    assert found(node) == [(path, code)]


@pytest.mark.parametrize("document", [{}, {"spec": 5}, {"spec": {"nodes": 5}}])
def test_what_is_no_document_yet(document: Any) -> None:
    assert check_task_inputs(document, KNOWN) == []
