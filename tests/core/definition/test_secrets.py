"""References to the vault: their form, and where a definition has them."""

import copy
from typing import Any

import pytest

from headrace.core.definition.parse import parse
from headrace.core.definition.secrets import named, names_in
from headrace.core.refusal import Refused


def document(*nodes: dict[str, Any], **spec: Any) -> dict[str, Any]:
    listed = [{"id": f"n{i}", "executor": "shell", **node} for i, node in enumerate(nodes)]
    head = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w"}}
    return {**head, "spec": {"nodes": listed, **spec}}


def test_everything_it_takes_from_the_vault() -> None:
    found = document(
        {"with": {"a": [{"b": {"$secret": "one"}}], "connection": "db", "n": 1}},
        {"with": {"from": {"connection": "src"}, "to": {"connection": {"$cel": "run.id"}}}},
        {"rollback": {"x": {"$secret": "two"}, "connection": 5, "to": "text", "from": {"url": "u"}}},
        {},
    )
    assert list(named(parse(copy.deepcopy(found)))) == [
        ("spec.nodes[0].with.a[0].b", "secret", "one"),
        ("spec.nodes[0].with.connection", "connection", "db"),
        ("spec.nodes[1].with.from", "connection", "src"),
        ("spec.nodes[2].rollback.x", "secret", "two"),
    ]
    assert names_in(found) == {(kind, name) for _, kind, name in named(parse(found))}


@pytest.mark.parametrize(
    "reference",
    [
        {"$secret": 5},
        {"$secret": ""},
        {"$secret": "x" * 129},
        {"$secret": "x", "more": 1},
        {"$secret": {"$cel": "params.name"}},
    ],
)
@pytest.mark.parametrize("block", ["with", "rollback"])
def test_references_that_name_no_secret(reference: Any, block: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(document({block: {"deep": [reference]}}))
    codes = {(problem.path, problem.code) for problem in caught.value.problems}
    assert (f"spec.nodes[0].{block}.deep[0]", "secret_reference") in codes


def test_only_tasks_are_given_secrets() -> None:
    child = {"kind": "workflow", "workflow": "c", "with": {"params": {"x": {"$secret": "one"}}}}
    found = document(child)
    del found["spec"]["nodes"][0]["executor"]
    with pytest.raises(Refused) as caught:
        parse(found)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("spec.nodes[0].with.params.x", "secret_place")
