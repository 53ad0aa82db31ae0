"""What somebody has typed goes by their own will only: by no click beside, tab, other person or outage."""

import re

from playwright.sync_api import Locator, Page, Request, expect

from tests.api.flows import noop, publish, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import in_both_languages, press
from tests.e2e.texts import texts

WORKFLOWS = texts("en", "workflows")


def switched(site: Site, name: str) -> tuple[Page, Locator]:
    """A new workflow's schedule, turned on and not saved."""
    publish(site.client, workflow(name, noop("a")))
    page = site.open(f"/workflows/{name}?tab=schedule")
    switch = page.get_by_role("switch", name=WORKFLOWS("schedule.on"))
    switch.click()
    expect(switch).to_be_checked()
    return page, switch


@in_both_languages
def test_a_click_beside_a_form_asks(site: Site, language: str) -> None:
    page = site.open("/resources/secrets", language)
    press(page, texts(language, "resources")("secrets.new"))
    form = page.get_by_role("dialog", name=texts(language, "resources")("secrets.new"))
    page.get_by_role("textbox").nth(1).wait_for()
    page.keyboard.type("kept")
    page.mouse.click(100, 400)
    page.get_by_role("dialog").last.get_by_role(
        "button", name=texts(language, "common")("action.cancel"), exact=True
    ).click()
    expect(page.locator(".ant-modal-wrap:visible")).to_have_count(0)  # else it takes the next click
    expect(form.locator("input").first).to_have_value("kept")
    page.mouse.click(100, 400)
    press(page, texts(language, "editor")("leave.go"))
    expect(form).to_have_count(0)


def test_an_untouched_form_does_not_ask(site: Site) -> None:
    page = site.open("/resources/secrets")
    press(page, texts("en", "resources")("secrets.new"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.mouse.click(100, 400)
    expect(page.get_by_role("dialog")).to_have_count(0)


@in_both_languages
def test_the_browsers_own_ways_out_of_a_form_ask(site: Site, language: str) -> None:
    title = texts(language, "resources")("secrets.new")
    page = site.open("/resources/targets", language)
    page.get_by_role("tab", name=texts(language, "resources")("tab.secrets")).click()
    press(page, title)
    form = page.get_by_role("dialog", name=title)
    form.locator("input").first.fill("kept")
    page.go_back()
    press(page, texts(language, "editor")("leave.stay"))
    expect(form.locator("input").first).to_have_value("kept")
    expect(page).to_have_url(re.compile("/resources/secrets$"))
    page.go_back()
    press(page, texts(language, "editor")("leave.go"))
    expect(page).to_have_url(re.compile("/resources/targets$"))


def test_what_is_saved_or_given_up_is_not_asked_about(site: Site) -> None:
    page = site.open("/resources/secrets")
    press(page, texts("en", "resources")("secrets.new"))
    page.get_by_role("dialog").locator("input").first.fill("given-up")
    press(page, texts("en", "common")("action.cancel"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name=texts("en", "common")("place.runs")).click()
    expect(page).to_have_url(re.compile("/runs$"))


def test_the_parameters_of_a_run_are_kept_until_they_are_sent(site: Site) -> None:
    document = workflow("asks-much", noop("a"), params={"size": {"type": "integer", "maximum": 3}})
    publish(site.client, document)
    page = site.open("/workflows?search=asks-much")
    page.get_by_role("link", name="asks-much", exact=True).click()
    expect(page.get_by_role("tablist")).to_be_visible()  # the list has such a button, too
    press(page, WORKFLOWS("verb.run"))
    form = page.get_by_role("dialog")
    form.get_by_label("size").fill("9")
    page.go_back()
    press(page, texts("en", "editor")("leave.stay"))
    expect(form.get_by_label("size")).to_have_value("9")
    press(page, WORKFLOWS("run.start"))
    expect(form.locator(".ant-form-item-has-error")).to_contain_text("3")  # at the field, and only there
    expect(form.get_by_role("alert").filter(has_text="params.size")).to_have_count(0)
    form.get_by_label("size").fill("2")
    press(page, WORKFLOWS("run.start"))
    expect(page).to_have_url(re.compile(r"/runs/\d+"))


@in_both_languages
def test_a_parameter_that_no_fields_can_stand_for_is_typed_as_json(site: Site, language: str) -> None:
    t, name = texts(language, "workflows"), f"free-{language}"
    publish(site.client, workflow(name, noop("a"), params={"free": {"type": "object"}, "any": {}}))
    page = site.open(f"/workflows/{name}", language)
    press(page, t("verb.run"))
    form = page.get_by_role("dialog")
    form.get_by_label("free").fill('{"a": [1}')
    press(page, t("run.start"))
    expect(form.locator(".ant-form-item-has-error")).to_contain_text(t("run.notJson"))
    form.get_by_label("free").fill('{"a": [1]}')
    press(page, t("run.start"))
    expect(page).to_have_url(re.compile(r"/runs/\d+"))
    run = page.url.rpartition("/")[2]
    assert site.client.get(f"/api/v1/runs/{run}").json()["params"] == {"free": {"a": [1]}}


def test_the_editors_unsaved_work_is_asked_about_beneath_a_dialog(site: Site) -> None:
    name = publish(site.client, workflow("beneath", noop("a")))
    page = site.open(f"/workflows/{name}")
    page.get_by_role("link", name=WORKFLOWS("verb.edit")).click()
    page.locator(".palette button").first.click()
    expect(page.locator(".react-flow__node")).to_have_count(2)
    press(page, texts("en", "editor")("tool.run"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()
    press(page, texts("en", "editor")("leave.stay"))
    expect(page.locator(".react-flow__node")).to_have_count(2)


def test_another_tab_asks_first(site: Site) -> None:
    page, switch = switched(site, "tab-asks")
    page.get_by_role("tab", name=WORKFLOWS("tab.alarms")).click()
    press(page, texts("en", "editor")("leave.stay"))
    expect(switch).to_be_checked()
    page.get_by_role("tab", name=WORKFLOWS("tab.alarms")).click()
    press(page, texts("en", "editor")("leave.go"))
    expect(page).to_have_url(re.compile("tab=alarms"))


def test_somebody_elses_change_leaves_a_form_alone(site: Site) -> None:
    page, switch = switched(site, "leaves-alone")
    document = workflow("leaves-alone", noop("a"), noop("b", "a"))
    with page.expect_response("**/workflows/leaves-alone"):
        headers = {"If-Match": site.client.get("/api/v1/workflows/leaves-alone").headers["etag"]}
        site.client.put("/api/v1/workflows/leaves-alone", json=document, headers=headers).raise_for_status()
        press(page, WORKFLOWS("verb.publish"))
    expect(switch).to_be_checked()
    press(page, WORKFLOWS("save.publish"))
    expect(page.get_by_role("button", name=WORKFLOWS("save.publish"))).to_be_disabled()
    spec = site.client.get("/api/v1/workflows/leaves-alone").json()["document"]["spec"]
    assert (spec["schedule"]["enabled"], len(spec["nodes"])) == (True, 2)


@in_both_languages
def test_what_is_shown_outlasts_the_server(site: Site, language: str) -> None:
    name = f"outlasts-{language.lower()}"
    publish(site.client, workflow(name, noop("a")))
    page = site.open("/workflows", language)
    row = page.get_by_role("link", name=name, exact=True)
    expect(row).to_be_visible()
    page.route("**/api/**", lambda route: route.abort())
    press(page, texts(language, "common")("action.refresh"))
    expect(page.get_by_role("alert")).to_contain_text(texts(language, "common")("error.away"))
    expect(row).to_be_visible()
    page.unroute("**/api/**")
    press(page, texts(language, "common")("action.again"))
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_form_outlasts_the_server(site: Site) -> None:
    page, _ = switched(site, "form-outlasts")
    page.route("**/api/**", lambda route: route.abort())
    failed: list[Request] = []

    def given_up(request: Request) -> bool:
        if request.url.endswith("/workflows/form-outlasts"):
            failed.append(request)
        return len(failed) == 3

    with page.expect_event("requestfailed", given_up):
        press(page, WORKFLOWS("verb.publish"))  # fails, and has the workflow read again
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.unroute("**/api/**")
    press(page, WORKFLOWS("save.publish"))
    expect(page.get_by_role("button", name=WORKFLOWS("save.publish"))).to_be_disabled()
    spec = site.client.get("/api/v1/workflows/form-outlasts").json()["document"]["spec"]
    assert spec["schedule"]["enabled"] is True
