"""The executor of the guide does what the guide says."""

import re
from pathlib import Path

import pytest

from headrace.core.words import Act, OnLost
from tests.executors.desk import desk

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
    assert rows[0] == rows[1] == ["shell", "python", "http", "sql", "sleep", "noop"]
