"""Every example of the guide is read, and both languages show the same ones."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from headrace.core.definition.durations import seconds
from headrace.core.definition.faults import Faults
from headrace.core.definition.model import Workflow
from headrace.core.definition.nodes import ALL_KEYS
from headrace.core.definition.parse import METADATA, SPEC, parse
from headrace.core.definition.schema import workflow_schema
from headrace.core.messages import text
from headrace.core.refusal import Refused
from headrace.usecases.definitions import read_document

GUIDES = Path(__file__).parents[3] / "docs" / "guides"
PAGES = ("definitions.md", "definitions.zh-CN.md")
# what fragments of the guide lean on
AROUND = {"params": {"hosts": {"type": "array"}, "start_at": {"type": "string"}}}


def page_text(page: str) -> str:
    return (GUIDES / page).read_text(encoding="utf-8")


def examples(page: str) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page_text(page), re.DOTALL | re.MULTILINE)


def whole(example: str) -> dict[str, Any]:
    """A fragment as a document: nodes, or keys of spec."""
    if example.startswith("apiVersion:"):
        return dict(read_document(example))
    fragment = read_document(f"nodes:\n{example}" if example.startswith("- ") else example)
    header = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w"}}
    return {**header, "spec": {**AROUND, "nodes": [], **fragment}}


def read(example: str) -> Workflow:
    document = whole(example)
    assert [
        error.message for error in jsonschema_rs.Draft202012Validator(workflow_schema()).iter_errors(document)
    ] == []
    return parse(document)


@pytest.mark.parametrize("page", PAGES)
def test_every_example_is_valid(page: str) -> None:
    found = [read(example) for example in examples(page)]
    assert len(found) == 6
    kinds = {node.kind for workflow in found for node in workflow.nodes}
    assert len(kinds) == 5


def test_both_languages_show_the_same_examples() -> None:
    english, chinese = ([read(example) for example in examples(page)] for page in PAGES)
    for one, other in zip(english, chinese, strict=True):
        assert [(node.id, node.kind, node.after) for node in one.nodes] == [
            (node.id, node.kind, node.after) for node in other.nodes
        ]
        assert one.params == other.params


@pytest.mark.parametrize("page", PAGES)
def test_every_key_is_described(page: str) -> None:
    described = page_text(page)
    keys = {*SPEC, *(f"metadata.{key}" for key in METADATA), *ALL_KEYS} - {"id"}
    assert [key for key in sorted(keys) if f"`{key}`" not in described and f"`{key}:" not in described] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_durations_shown_are_durations(page: str) -> None:
    line = next(line for line in page_text(page).splitlines() if line.startswith("`10s`"))
    shown = re.findall(r"`([^`]+)`", line)
    assert len(shown) == 6
    assert all(seconds(each) for each in shown)


@pytest.mark.parametrize(("page", "language"), [(PAGES[0], "en"), (PAGES[1], "zh")])
def test_the_messages_shown_are_the_ones_given(page: str, language: Any) -> None:
    a, b = (
        {"id": "drain", "exceutor": "noop", "executor": "noop"},
        {"id": "x", "executor": "noop", "after": ["drian"]},
    )
    said = []
    for nodes in ([a, b], [{"id": i, "executor": "noop", "after": [up]} for i, up in ("xx", "ab", "ba")]):
        with pytest.raises(Refused) as caught:
            parse({**whole("timeout: 1"), "spec": {"nodes": nodes}})
        said += [text(problem.code, problem.values, language) for problem in caught.value.problems]
    shown = page_text(page)
    assert [message for message in said if message not in shown and "x -> x" not in message] == []


def test_a_list_of_known_words_is_cut() -> None:
    faults = Faults()
    faults.unknown("p", "definition_choice", "zzz", [f"word{i}" for i in range(100)])
    assert str(faults.problems[0].values["known"]).endswith("word39, …")
