"""Signing in and out, languages, light and dark, what is allowed, and each page without faults of access."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.api.conftest import ADMIN_PASSWORD
from tests.api.flows import ended, noop, publish, shell, start, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import in_both_languages, violations
from tests.e2e.texts import texts

PLACES = (
    "/",
    "/workflows",
    "/workflows/seen",
    "/runs",
    "/resources/targets",
    "/resources/connections",
    "/resources/secrets",
    "/resources/channels",
    "/admin/users",
    "/admin/roles",
    "/admin/tenants",
    "/admin/tokens",
    "/admin/alarms",
    "/admin/audit",
    "/admin/licence",
    "/admin/health",
    "/admin/account",
)


def fill_in(page: Page, t: Callable[..., str], password: str) -> None:
    page.get_by_label(t("signIn.name")).fill("admin")
    page.get_by_label(t("signIn.password"), exact=True).fill(password)
    page.keyboard.press("Enter")


@in_both_languages
def test_sign_in_leads_back_to_where_one_was_going(site: Site, language: str) -> None:
    t = texts(language, "common")
    page = site.context(language).new_page()
    site.watch(page)
    page.goto(f"{site.live.url}/admin/users")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fadmin%2Fusers"))
    expect(page.get_by_label(t("signIn.name"))).to_be_focused()
    assert violations(page) == []
    fill_in(page, t, "wrong password")
    expect(page.get_by_role("alert")).to_contain_text(t("error.trace", id="").strip())
    fill_in(page, t, ADMIN_PASSWORD)
    expect(page).to_have_url(re.compile(r"/admin/users$"))
    page.get_by_role("button", name=t("shell.me", name="admin · default")).click()
    page.get_by_role("menuitem", name=t("shell.signOut")).click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto(f"{site.live.url}/admin/users")
    expect(page).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize("next", ["https://example.org/", "//example.org", "/\\example.org"])
def test_sign_in_leads_to_no_other_site(site: Site, next: str) -> None:
    page = site.context().new_page()
    page.goto(f"{site.live.url}/sign-in?next={next}")
    fill_in(page, texts("en", "common"), ADMIN_PASSWORD)
    expect(page).to_have_url(f"{site.live.url}/")


def test_language_and_light_are_kept(site: Site) -> None:
    page = site.open("/resources/secrets")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="资源")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.get_by_role("button", name=texts("zh-CN", "common")("shell.theme.title")).click()
    page.get_by_role("menuitem", name=texts("zh-CN", "common")("shell.theme.dark"), exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.get_by_role("heading", name="资源")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_is_not_there(site: Site) -> None:
    page = site.open("/resources/nothing")
    expect(page).to_have_url(re.compile("/resources/targets$"))
    page.goto(f"{site.live.url}/workflows/nothing/at/all")
    expect(page.get_by_text(texts("en", "common")("missing.title"))).to_be_visible()


def test_a_form_takes_the_focus_at_once(site: Site) -> None:
    page = site.open("/resources/secrets")
    new = page.get_by_role("button", name=texts("en", "resources")("secrets.new"))
    expect(new).to_be_visible()
    page.clock.install(time=0)
    page.clock.pause_at(1_000)  # no timer runs from here
    new.click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()


def test_by_keyboard(site: Site) -> None:
    page = site.open("/resources/secrets")
    new = page.get_by_role("button", name=texts("en", "resources")("secrets.new"))
    new.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("by-hand")
    page.keyboard.press("Tab")
    page.keyboard.type("a value")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="by-hand", exact=True)).to_be_visible()


@pytest.mark.parametrize(("language", "theme", "width"), [("en", "light", 1280), ("zh-CN", "dark", 768)])
def test_every_page_has_no_faults_of_access(site: Site, language: str, theme: str, width: int) -> None:
    if site.client.get("/api/v1/workflows/seen").status_code == 404:
        publish(site.client, workflow("seen", noop("a")))
    ended(site.client, start(site.client, "seen"))
    site.client.put("/api/v1/secrets/seen", json={"value": "a value"})
    page = site.open("/", language, theme, width)
    found = {}
    for place in PLACES:
        page.goto(site.live.url + place)
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_load_state("load")
        expect(page.locator(".ant-spin-spinning, .ant-skeleton")).to_have_count(0)
        found[place] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{place} is too wide"
    assert {place: each for place, each in found.items() if each} == {}


LONG = "anameofmanylettersthatnobodycouldbreakanywhere" * 2


def test_long_names_make_no_page_wider_than_the_window(site: Site) -> None:
    document = workflow(LONG, shell("a", f"echo {LONG} >&2; exit 1"))
    document["metadata"]["remark"] = LONG * 5
    run = start(site.client, publish(site.client, document))
    ended(site.client, run, "FAILED")
    site.client.put(f"/api/v1/targets/host/{LONG}", json={"attributes": {"k": LONG}}).raise_for_status()
    page = site.open("/", width=768)
    places = ["/", "/workflows", f"/workflows/{LONG}", f"/workflows/{LONG}/edit", "/runs", f"/runs/{run}"]
    for path in [*places, f"/runs/{run}?view=about", "/resources/targets", "/admin/audit"]:
        page.goto(site.live.url + path)
        expect(page.get_by_text(LONG).locator("visible=true").first).to_be_visible()
        root = page.locator("html")
        assert root.evaluate("it => it.scrollWidth - it.clientWidth") <= 0, path
