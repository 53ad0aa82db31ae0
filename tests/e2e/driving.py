"""What browser tests do with every page: press its buttons, in either language, and look for faults."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.texts import texts

AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
LANGUAGES = ("en", "zh-CN")

in_both_languages = pytest.mark.parametrize("language", LANGUAGES)
in_both_lights = pytest.mark.parametrize("theme", ["light", "dark"])


def press(page: Page, name: str, exact: bool = True) -> None:
    page.get_by_role("button", name=name, exact=exact).click()


def save(page: Page, language: str) -> None:
    press(page, texts(language, "common")("action.save"))


def confirm(page: Page, name: str) -> None:
    """Press the button of this name in the dialog that asks."""
    page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def delete(page: Page, language: str, name: str) -> None:
    """The row of this name, and confirm it."""
    word = texts(language, "common")("action.delete")
    press(page, f"{word} {name}")
    confirm(page, word)


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe has against a page: rule, help, and the first places."""
    # The pages' policy forbids foreign scripts, as it should: axe comes in by the debugger.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        (each["id"], each["help"], [" ".join(map(str, node["target"])) for node in each["nodes"]][:5])
        for each in found
    ]
