"""The executor of the guide does what the guide says."""

import re
import textwrap
from pathlib import Path

import pytest

from headrace.core.definition.executors import check_executors, check_inputs
from headrace.core.definition.parse import parse
from headrace.core.words import Act, OnLost
from headrace.executors.catalogue import builtin
from headrace.usecases.definitions import read_document
from tests.executors.desk import desk

HEAD = "apiVersion: headrace/v1\nkind: Workflow\nmetadata: {name: w}\nspec:\n  nodes:\n"
GUIDES = Path(__file__).parents[2] / "docs" / "guides"


@pytest.mark.parametrize("page", ["executors.md", "executors.zh-CN.md"])
def test_the_example_executor(page: str, tmp_path: Path) -> None:
    (source,) = re.findall(
        r"^```python\n(.*?)^```", (GUIDES / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    names: dict[str, object] = {}
    exec(source, names)
    counter = names["Counter"]()  # type: ignore[operator]
    with desk(tmp_path, {"counter": counter}) as at:
        assert at.dispatch.capabilities["counter"].on_lost is OnLost.RETRY
        finished = at.finished(step := at.hand("counter", {"upto": 3}))
        assert finished.outputs == {"count": 3}
        assert at.log(step) == "at 1\nat 2\nat 3\n"
        assert at.finished(at.hand("counter", {"upto": 101})).message == "that is too far"
        assert at.finished(undone := at.hand("counter", {"upto": 3}, act=Act.ROLLBACK)).ok
        assert at.log(undone) == "counted back\n"


def test_both_languages_describe_the_same_executors() -> None:
    rows = [
        re.findall(r"^\| `(\w+)` \|", (GUIDES / page).read_text(encoding="utf-8"), re.MULTILINE)
        for page in ("executors.md", "executors.zh-CN.md")
    ]
    assert rows[0] == rows[1] == [*("shell", "python", "http", "sql", "transfer", "ssh", "sleep", "noop")]


@pytest.mark.parametrize("topic", ["executors", "secrets"])
def test_the_definitions_are_read(topic: str) -> None:
    found = [
        re.findall(
            r"^```yaml\n(.*?)^```", (GUIDES / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        for page in (f"{topic}.md", f"{topic}.zh-CN.md")
    ]
    assert len(found[0]) == len(found[1]) > 0
    known = {name: executor.capabilities for name, executor in builtin().items()}
    for example in found[0] + found[1]:
        nodes = example if example.startswith("apiVersion") else HEAD + textwrap.indent(example, "    ")
        workflow = parse(read_document(nodes))
        assert check_executors(workflow, known) == check_inputs(workflow, known) == []
