"""Executors of documents that have other faults too."""

import pytest

from headrace.core.definition.executors import check_raw_executors
from headrace.core.run.capabilities import Capabilities

ABLE = {"noop": Capabilities(), "shell": Capabilities(rollback_by_node=True)}


def test_unknown_executors_and_impossible_rollbacks_are_found():
    nodes = [
        {"executor": "shel"},
        {"executor": "noop", "rollback": {"script": "x"}},
        {"executor": "shell", "rollback": {"script": "x"}},
        {"executor": 3},
        "not a node",
    ]
    found = check_raw_executors({"spec": {"nodes": nodes}}, ABLE)
    assert [problem.path for problem in found] == ["spec.nodes[0].executor", "spec.nodes[1].rollback"]


@pytest.mark.parametrize("document", [{}, {"spec": []}, {"spec": {}}, {"spec": {"nodes": {}}}])
def test_a_document_without_nodes_has_no_executors(document):
    assert check_raw_executors(document, ABLE) == []
