"""The state pages say what the table says."""

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["states.md", "states.zh-CN.md"])
def test_the_page_is_generated_from_the_table(name):
    generate = runpy.run_path(str(DOCS / "generate.py"))
    assert (DOCS / name).read_text(encoding="utf-8") == generate["page"](name), "run `make docs`"
