"""The list of runs: filters kept in the address, sorting, pages, live changes, and acts on several."""

import re

from playwright.sync_api import Route, expect

from tests.api.flows import ended, noop, publish, shell, start, until, workflow
from tests.e2e.conftest import Site


def make(site: Site, name: str, *nodes: object) -> str:
    """A published workflow; the same for every test of the file."""
    if site.client.get(f"/api/v1/workflows/{name}").status_code == 404:
        publish(site.client, workflow(name, *nodes))
    return name


def some(site: Site) -> tuple[int, int, int]:
    good = start(site.client, make(site, "good", noop("a")))
    bad = start(site.client, make(site, "bad", shell("a", "exit 1")))
    long = start(site.client, make(site, "long", shell("a", "exec sleep 600")))
    ended(site.client, good)
    ended(site.client, bad, "FAILED")
    return good, bad, long


def test_filters_stand_in_the_address(site: Site) -> None:
    _, bad, _ = some(site)
    page = site.open("/runs")
    expect(page.get_by_role("link", name="bad").first).to_be_visible()
    page.get_by_role("columnheader", name="Status").get_by_role("button").click()
    page.get_by_role("menuitem", name="Failed").click()
    page.get_by_role("button", name="OK").click()
    expect(page).to_have_url(re.compile(r"status=FAILED"))
    expect(page.get_by_role("link", name="good")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name=f"#{bad}", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="good")).to_have_count(0)
    page.get_by_placeholder("Part of a workflow's name").fill("nothing like it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing fits this search and these filters.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name=f"#{bad}", exact=True)).to_be_visible()


def test_sorting_and_pages_stand_in_the_address(site: Site) -> None:
    for _ in range(12):
        ended(site.client, start(site.client, make(site, "good", noop("a"))))
    page = site.open("/runs?size=10&name=good&sort=id,asc")
    rows = page.locator("tbody tr.ant-table-row")
    expect(rows).to_have_count(10)
    first = rows.first.get_by_role("link").first.inner_text()
    page.get_by_title("2", exact=True).click()
    expect(page).to_have_url(re.compile(r"page=2"))
    expect(rows.first.get_by_role("link").first).not_to_have_text(first)


def test_a_new_run_appears_by_itself(site: Site) -> None:
    make(site, "fresh", noop("a"))
    page = site.open("/runs?name=fresh")
    expect(page.get_by_text("Nothing fits this search and these filters.")).to_be_visible()
    start(site.client, "fresh")
    expect(page.get_by_role("link", name="fresh")).to_be_visible()
    expect(page.locator("[data-look=successful]")).to_be_visible()


def test_a_run_that_starts_before_the_stream_of_changes_is_seen(site: Site) -> None:
    make(site, "early", noop("a"))
    page = site.open("/workflows")

    def hold(route: Route) -> None:
        expect(page.get_by_text("Nothing fits this search and these filters.")).to_be_visible()
        start(site.client, "early")
        route.continue_()

    page.route("**/api/v1/events", hold)
    page.goto(f"{site.live.url}/runs?name=early")
    expect(page.get_by_role("link", name="early")).to_be_visible()


def test_a_bulk_act_names_what_it_hits_and_leaves_the_rest_alone(site: Site) -> None:
    good, bad, long = some(site)
    page = site.open("/runs?size=50")
    for run in (good, bad, long):
        page.get_by_role("checkbox", name=f"Choose run {run}", exact=True).check()
    page.get_by_role("button", name="3 chosen").click()
    page.get_by_role("menuitem", name="Terminate").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Will be hit: 2")).to_be_visible()
    expect(dialog.get_by_role("heading", name=re.compile("Left alone"))).to_be_visible()
    expect(dialog.get_by_text(f"#{long}", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Terminate").click()
    expect(dialog.get_by_role("status").filter(has_text="done")).to_have_count(2)
    dialog.get_by_role("button", name="Close").last.click()
    assert until(site.client, long, lambda run: run["status"] != "RUNNING")["status"] == "CANCELED"
    assert site.client.get(f"/api/v1/runs/{good}").json()["status"] == "SUCCESSFUL"


def test_in_chinese(site: Site) -> None:
    some(site)
    page = site.open("/runs", language="zh-CN", theme="dark")
    expect(page.get_by_role("heading", name="运行")).to_be_visible()
    expect(page.get_by_text("失败").first).to_be_visible()


def test_a_viewer_may_choose_nothing(site: Site) -> None:
    some(site)
    client = site.client
    if client.get("/api/v1/users").json()["total"] == 1:
        body = {"name": "kim", "password": "kims long password", "roles": ["viewer"]}
        assert client.post("/api/v1/users", json=body).status_code == 201
    page = site.open("/runs", user=("kim", "kims long password"))
    expect(page.get_by_role("link", name="good").first).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
