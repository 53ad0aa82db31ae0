"""Sessions that end: by a person's will, by themselves in the middle of work, and the next person's."""

import re

from playwright.sync_api import Page, Request, Route, expect

from tests.api.conftest import ADMIN_PASSWORD
from tests.api.flows import noop, publish, start, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import in_both_languages, press, violations
from tests.e2e.texts import texts

COMMON = texts("en", "common")


def end_session(site: Site, page: Page) -> None:
    headers = {"X-Headrace-Request": "1"}
    assert page.context.request.delete(f"{site.live.url}/api/v1/session", headers=headers).ok


def sign_out(page: Page, name: str = "admin · default") -> None:
    press(page, COMMON("shell.me", name=name))
    page.get_by_role("menuitem", name=COMMON("shell.signOut")).click()


def draw(site: Site, name: str, language: str = "en") -> Page:
    """The editor of a published workflow, one node more drawn and not saved."""
    publish(site.client, workflow(name, noop("a")))
    page = site.open(f"/workflows/{name}/edit", language)
    page.locator(".react-flow__node").first.wait_for()
    page.locator(".palette button").first.click()
    expect(page.locator(".react-flow__node")).to_have_count(2)
    return page


def test_the_next_person_is_not_taken_for_the_one_before(site: Site) -> None:
    name, password = site.looker()
    page = site.open("/workflows")
    sign_out(page)
    page.get_by_label(COMMON("signIn.name")).fill(name)
    page.get_by_label(COMMON("signIn.password"), exact=True).fill(password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=COMMON("shell.me", name="looker · default"))).to_be_visible()


def test_who_signs_out_with_unsaved_work_is_asked_first(site: Site) -> None:
    page = draw(site, "asked-first")
    sign_out(page)
    press(page, texts("en", "editor")("leave.stay"))
    assert page.context.request.get(f"{site.live.url}/api/v1/session").ok
    sign_out(page)
    press(page, texts("en", "editor")("leave.go"))
    expect(page).to_have_url(re.compile("/sign-in$"))
    page.wait_for_load_state("networkidle")
    assert page.context.request.get(f"{site.live.url}/api/v1/session").status == 401


@in_both_languages
def test_a_session_that_ends_takes_no_work_with_it(site: Site, language: str) -> None:
    t = texts(language, "common")
    page = draw(site, f"goes-on-{language.lower()}", language)
    end_session(site, page)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("dialog", name=t("again.title"))).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(1)
    assert violations(page) == []
    password = page.get_by_label(t("signIn.password"), exact=True)
    expect(password).to_be_focused()
    password.fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    password.fill(ADMIN_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".react-flow__node")).to_have_count(2)
    page.keyboard.press("Control+s")
    expect(page.get_by_text(texts(language, "editor")("saved"))).to_be_visible()


def test_a_session_can_be_begun_again_in_another_window(site: Site) -> None:
    page = site.open("/resources/secrets")
    press(page, texts("en", "resources")("secrets.new"))
    page.get_by_label("Name", exact=True).fill("kept")
    end_session(site, page)
    page.get_by_role("button", name=COMMON("action.save"), exact=True).focus()
    page.get_by_label(texts("en", "resources")("secrets.value")).fill("a value")
    press(page, COMMON("action.save"))
    expect(page.get_by_role("dialog", name=COMMON("again.title"))).to_be_visible()
    headers = {"X-Headrace-Request": "1"}
    body = {"name": "admin", "password": ADMIN_PASSWORD}
    assert page.context.request.post(f"{site.live.url}/api/v1/sign-in", data=body, headers=headers).ok
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("dialog", name=COMMON("again.title"))).to_have_count(0)
    expect(page.get_by_label("Name", exact=True)).to_have_value("kept")


@in_both_languages
def test_a_page_whose_stream_is_cut_off_says_so_until_it_is_back(site: Site, language: str) -> None:
    note = page_note(language)
    page = site.open("/resources/targets", language)
    page.route("**/api/v1/events", lambda route: route.abort())
    page.get_by_role("link", name=texts(language, "common")("place.runs")).click()
    expect(page.get_by_role("alert").filter(has_text=note)).to_be_visible()
    page.unroute("**/api/v1/events")
    expect(page.get_by_role("alert").filter(has_text=note)).to_have_count(0)


def page_note(language: str) -> str:
    return texts(language, "common")("error.cutOff")


def test_a_session_that_ends_behind_an_open_list_is_noticed(site: Site) -> None:
    page = site.open("/resources/targets")
    page.route("**/api/v1/events", lambda route: route.fulfill(status=401))
    page.get_by_role("link", name=COMMON("place.runs")).click()
    page.get_by_role("heading", name=texts("en", "runs")("title")).wait_for()
    end_session(site, page)
    expect(page.get_by_role("dialog")).to_contain_text(COMMON("again.title"))


def test_a_run_stays_on_the_page_while_the_server_is_away(site: Site) -> None:
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}}
    run = start(site.client, publish(site.client, workflow("stays", gate)))
    page = site.open(f"/runs/{run}")
    page.locator(".react-flow__node").wait_for()
    page.route("**/api/**", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/definition")):
        press(page, texts("en", "runs")("verb.pause"))
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".react-flow__node")).to_be_visible()


def test_the_pages_of_another_version_are_loaded_anew(site: Site) -> None:
    page = site.open("/resources/targets")
    loads: list[str] = []

    def code(route: Route) -> None:
        if loads:
            route.continue_()
        else:
            route.fulfill(status=404)

    page.route(re.compile(r"/assets/list-[^/]*\.js"), code)

    def asked(request: Request) -> None:
        if request.is_navigation_request():
            loads.append(request.url)

    page.on("request", asked)
    page.get_by_role("link", name=COMMON("place.runs")).click()
    expect(page.get_by_role("heading", name=texts("en", "runs")("title"))).to_be_visible()
    assert len(loads) == 1
