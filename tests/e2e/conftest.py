"""The built pages in a real Chromium against a real server.

Where there is no Chromium the tests are left out and say how to get one; with ``HEADRACE_REQUIRE_BROWSER``
set, as in CI, they fail instead. Pages that are not built are always a failure.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.api.conftest import ADMIN_PASSWORD, ADMIN_TOKEN, Running, running

MILLISECONDS = 15_000
NO_PAGES = "The pages are not built, and browser tests are about them: make ui"
NO_CHROMIUM = "There is no Chromium: install the system's, or run .venv/bin/playwright install chromium"


@dataclass
class Site:
    """A server with pages, a client of its administrator, and browsers that are signed in."""

    live: Running
    browser: Browser
    client: httpx2.Client
    contexts: list[BrowserContext] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def open(
        self,
        path: str,
        language: str = "en",
        theme: str = "light",
        width: int = 1280,
        user: tuple[str, str] = ("admin", ADMIN_PASSWORD),
    ) -> Page:
        """A page of a new, signed-in browser session."""
        context = self.context(language, theme, width)
        name, password = user
        headers = {"X-Headrace-Request": "1"}
        answer = context.request.post(
            f"{self.live.url}/api/v1/sign-in", data={"name": name, "password": password}, headers=headers
        )
        assert answer.ok, answer.text()
        page = context.new_page()
        self.watch(page)
        page.goto(self.live.url + path)
        return page

    def context(self, language: str = "en", theme: str = "light", width: int = 1280) -> BrowserContext:
        """A browser session of nobody, in this language and light."""
        made = self.browser.new_context(
            viewport={"width": width, "height": 800}, locale=language, reduced_motion="reduce"
        )
        made.set_default_timeout(MILLISECONDS)
        kept = json.dumps({"headrace.language": language, "headrace.theme": theme})
        made.add_init_script(
            f"for (const [key, value] of Object.entries({kept}))"
            " if (!localStorage.getItem(key)) localStorage.setItem(key, value)"
        )
        self.contexts.append(made)
        return made

    def looker(self) -> tuple[str, str]:
        """The name and password of a user who may look at everything and change nothing."""
        name, password = "looker", "password of looker"
        body = {"name": name, "password": password, "roles": ["viewer"]}
        self.client.post("/api/v1/users", json=body).raise_for_status()
        return name, password

    def watch(self, page: Page) -> None:
        """What the page throws is a failure of the test."""
        page.on("pageerror", lambda error: self.troubles.append(str(error)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not files("headrace").joinpath("web").joinpath("index.html").is_file():
        pytest.fail(NO_PAGES, pytrace=False)
    with sync_playwright() as driver:
        path = chromium(driver)
        if path is None and os.environ.get("HEADRACE_REQUIRE_BROWSER"):
            pytest.fail(NO_CHROMIUM, pytrace=False)
        if path is None:
            pytest.skip(NO_CHROMIUM)
        expect.set_options(timeout=MILLISECONDS)
        made = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield made
        made.close()


def chromium(driver: Playwright) -> str | None:
    """The machine's own, else the one that Playwright has fetched."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    fetched = driver.chromium.executable_path
    return fetched if Path(fetched).is_file() else None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all tests of a file."""
    with running(tmp_path_factory.mktemp("home")) as live:
        yield live


@pytest.fixture
def site(server: Running, browser: Browser) -> Iterator[Site]:
    made = Site(server, browser, server.client(ADMIN_TOKEN))
    try:
        yield made
    finally:
        for context in made.contexts:
            context.close()
    assert made.troubles == []
