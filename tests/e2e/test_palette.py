"""The palette of Ctrl+K: to any page, workflow or run, by keyboard alone, and only to what one may see."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.flows import ended, noop, publish, start, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import in_both_languages, violations
from tests.e2e.texts import texts


@pytest.fixture
def run(site: Site) -> int:
    """An ended run of the workflow ``lock-rotation``, of which there is one."""
    if site.client.get("/api/v1/workflows/lock-rotation").status_code == 404:
        publish(site.client, workflow("lock-rotation", noop("a")))
        started = start(site.client, "lock-rotation")
        ended(site.client, started)
    found: int = site.client.get("/api/v1/runs?workflow=lock-rotation").json()["items"][0]["id"]
    return found


def opened(page: Page) -> Locator:
    """The palette's field, which has the focus."""
    expect(page.locator("h1")).to_be_visible()
    page.keyboard.press("Control+k")
    field = page.get_by_role("dialog").get_by_role("combobox")
    expect(field).to_be_focused()
    return field


def chosen(page: Page) -> Locator:
    return page.get_by_role("option", selected=True)


@in_both_languages
def test_to_a_page(site: Site, language: str) -> None:
    t, admin = texts(language, "jump"), texts(language, "admin")
    page = site.open("/runs", language)
    opened(page)
    expect(page.get_by_role("option")).to_have_count(16)
    assert violations(page) == []
    page.keyboard.type(admin("tab.audit"))
    expect(page.get_by_role("status").filter(has_text=t("found_other", count=1).split()[0])).to_be_visible()
    expect(chosen(page)).to_contain_text(admin("tab.audit"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/audit$"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#content")).to_be_focused()


@in_both_languages
def test_to_a_workflow_and_to_a_run_by_its_name(site: Site, run: int, language: str) -> None:
    page = site.open("/", language)
    opened(page)
    page.keyboard.type("lock-rot")
    expect(page.get_by_role("option")).to_have_count(2)
    assert violations(page) == []
    expect(chosen(page)).to_have_text("lock-rotation")
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_contain_text(f"#{run}")
    page.keyboard.press("ArrowDown")  # around
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/workflows/lock-rotation$"))
    opened(page)
    page.keyboard.type("lock-rot")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_contain_text(f"#{run}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/runs/{run}$"))


def test_to_a_run_by_its_id(site: Site, run: int) -> None:
    page = site.open("/workflows")
    opened(page)
    page.keyboard.type(f"#{run}")
    expect(chosen(page)).to_contain_text("lock-rotation")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/runs/{run}$"))


def test_what_is_not_there_and_the_way_back(site: Site) -> None:
    page = site.open("/resources/secrets")
    new = page.get_by_role("button", name=texts("en", "resources")("secrets.new"))
    new.focus()
    opened(page)
    page.keyboard.type("999999")
    expect(page.get_by_text(texts("en", "jump")("nothing"))).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("/resources/secrets$"))
    expect(new).to_be_focused()


def test_keys_that_come_quickly_are_one_question(site: Site, run: int) -> None:
    page = site.open("/runs")
    field = opened(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "search=" in request.url else None)
    field.press_sequentially("lock-rotation")
    expect(page.get_by_role("option")).to_have_count(2)
    assert asked == [f"{site.live.url}/api/v1/workflows?search=lock-rotation&size=8"]


def test_nobody_is_led_away_from_a_form(site: Site) -> None:
    page = site.open("/resources/secrets")
    page.get_by_role("button", name=texts("en", "resources")("secrets.new")).click()
    page.get_by_label("Name", exact=True).fill("half")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_have_count(1)
    expect(page.get_by_label("Name", exact=True)).to_have_value("half")


def test_by_its_button_and_only_what_one_may_see(site: Site, run: int) -> None:
    body = {"name": "looker", "password": "password of looker", "roles": []}
    assert site.client.post("/api/v1/users", json=body).status_code == 201
    page = site.open("/admin/account", user=("looker", "password of looker"))
    page.get_by_role("button", name=texts("en", "jump")("title")).click()
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    admin = texts("en", "admin")
    names = [f"Administration › {admin(f'tab.{key}')}" for key in ("roles", "tokens", "account")]
    expect(page.get_by_role("option")).to_have_text(["Home", "Workflows", "Runs", *names])
    page.keyboard.type("lock-rot")
    expect(page.get_by_text(texts("en", "jump")("nothing"))).to_be_visible()
