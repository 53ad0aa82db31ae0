"""What the docs promise exists, and what exists stands in the docs."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from headrace.core import words
from headrace.core.definition.parse import parse
from headrace.usecases.definitions import read_document
from tests.tidy.tree import ROOT

ENUMS = [each for each in vars(words).values() if isinstance(each, type) and issubclass(each, StrEnum)]
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md"))


@pytest.mark.parametrize("page", ["docs/glossary.md", "docs/glossary.zh-CN.md"])
@pytest.mark.parametrize(
    "enum", [each for each in ENUMS if each is not StrEnum], ids=lambda each: each.__name__
)
def test_the_glossary_has_every_word(page: str, enum: type[StrEnum]) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    section = re.search(rf"^## [^\n]*`{enum.__name__}`.*?(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, f"{page} has no section for {enum.__name__}"
    listed = re.findall(r"^\| `([^`]+)` \| \S", section.group(), re.MULTILINE)
    assert listed == [member.value for member in enum]


@pytest.mark.parametrize("page", READMES)
def test_readmes_show_the_two_commands(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text


@pytest.mark.parametrize("page", [*READMES, "ARCHITECTURE.md"])
def test_make_targets_that_are_named_exist(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(
        re.findall(r"`make ([a-z]+)|^make ([a-z]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    )
    targets = {first or second for first, second in named}
    assert {name for name in targets if not re.search(rf"^{name}:", makefile, re.MULTILINE)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_workflows_in_the_docs_are_valid(page: Path) -> None:
    blocks = re.findall(r"^```ya?ml\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    for block in blocks:
        if "kind: Workflow" in block:
            parse(read_document(block))


def test_ci_runs_the_same_suite() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
