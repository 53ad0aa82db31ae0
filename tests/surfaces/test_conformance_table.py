"""Every case has its test, and the guides list every difference."""

import ast
import re
from pathlib import Path

import pytest

from tests.surfaces.differences import DIFFERENCES

HERE = Path(__file__).parent
GUIDES = HERE.parents[1] / "docs" / "guides"
CASES = 62


def test_every_case_has_a_test() -> None:
    names = [
        node.name
        for path in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    found = {int(match.group(1)) for name in names if (match := re.match(r"test_b(\d\d)_", name))}
    assert found == set(range(1, CASES + 1))


@pytest.mark.parametrize(("guide", "language"), [("tasks-api.md", 0), ("tasks-api.zh-CN.md", 1)])
def test_the_guides_list_every_difference(guide: str, language: int) -> None:
    text = (GUIDES / guide).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (B\d+) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(case, texts[language]) for case, texts in DIFFERENCES.items()]
