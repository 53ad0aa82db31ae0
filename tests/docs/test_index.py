"""The index leads to every guide, every page has its twin, and the glossary has the words of the pages."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS, GUIDES = ROOT / "docs", ROOT / "docs" / "guides"
TEXTS = ROOT / "ui" / "src" / "i18n"
ZH = ".zh-CN.md"
INDEXES = {"README.md": ".md", "README.zh-CN.md": ZH}
TABS = ("admin", "resources", "workflows")
VIEWS = {"overview", "health", "account"}  # tabs that show something under no word of its own


def linked(page: Path) -> set[Path]:
    links = re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    return {(page.parent / link).resolve() for link in links}


@pytest.mark.parametrize("name", INDEXES)
@pytest.mark.parametrize("folder", [ROOT, DOCS])
def test_every_page_is_linked_from_the_index(folder: Path, name: str) -> None:
    chinese = INDEXES[name] == ZH
    pages = {path for path in DOCS.glob("*.md") if not path.name.startswith("README")}
    wanted = {path for path in pages | set(GUIDES.glob("*.md")) if path.name.endswith(ZH) == chinese}
    assert sorted(path.name for path in wanted - linked(folder / name)) == []


@pytest.mark.parametrize(
    "page", sorted([*DOCS.glob("*.md"), *GUIDES.glob("*.md")]), ids=lambda path: path.name
)
def test_every_page_has_its_twin_and_leads_to_it(page: Path) -> None:
    name = page.name
    twin = page.with_name(
        name.removesuffix(ZH) + ".md" if name.endswith(ZH) else name.removesuffix(".md") + ZH
    )
    assert twin.exists()
    assert twin.resolve() in linked(page)
    assert headings(page) == headings(twin)


def headings(page: Path) -> list[int]:
    """How deep each heading is; code is left out."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [len(mark) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]


@pytest.mark.parametrize(("language", "page"), [("en", "glossary.md"), ("zh-CN", f"glossary{ZH}")])
def test_the_glossary_has_what_the_pages_are_about(language: str, page: str) -> None:
    words = re.findall(r"\*\*([^*]+)\*\*", (DOCS / page).read_text(encoding="utf-8"))
    shown = {
        tab: title
        for name in TABS
        for tab, title in json.loads((TEXTS / language / f"{name}.json").read_text("utf-8"))["tab"].items()
        if tab not in VIEWS
    }
    lacking = [title for title in shown.values() if not any(word.lower() in title.lower() for word in words)]
    assert lacking == []
    assert {"API token", "API 令牌"} & set(words)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_pages_say_what_each_permission_grants(language: str) -> None:
    glossary = (DOCS / "glossary.md").read_text(encoding="utf-8")
    section = re.search(r"`Permission`\n(.*?)(?=^## |\Z)", glossary, re.DOTALL | re.MULTILINE)
    assert section
    shown = json.loads((TEXTS / language / "admin.json").read_text("utf-8"))["permission"]
    assert list(shown) == re.findall(r"^\| `([A-Z_]+)` ", section[1], re.MULTILINE)
