"""Home: what runs, what failed and what comes next, as the server has it, and where each of them leads."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.conftest import ADMIN_TOKEN, running
from tests.api.flows import ended, noop, publish, read, shell, start, until, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import in_both_languages, violations
from tests.e2e.texts import texts


def card(page: Page, title: str) -> Locator:
    return page.locator(".ant-card").filter(has=page.get_by_role("heading", name=title))


@pytest.fixture
def fresh(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """A server of its own where nothing has been done yet."""
    with running(tmp_path) as live:
        made = Site(live, browser, live.client(ADMIN_TOKEN))
        yield made
        for context in made.contexts:
            context.close()
    assert made.troubles == []


def test_there_is_nothing_yet(fresh: Site) -> None:
    t = texts("zh-CN", "home")
    page = fresh.open("/", "zh-CN")
    for name in ("running", "failed", "next"):
        expect(card(page, t(f"{name}.title"))).to_contain_text(t(f"{name}.none"))
    expect(page.get_by_role("img", name=t("curve.about_other", count=0))).to_be_visible()
    assert violations(page) == []
    card(page, t("running.title")).get_by_role("link", name=t("running.start")).click()
    expect(page).to_have_url(re.compile(r"/workflows$"))
    expect(page.get_by_text(texts("zh-CN", "workflows")("empty"))).to_be_visible()


@in_both_languages
def test_figures_and_where_they_lead(site: Site, language: str) -> None:
    t = texts(language, "home")
    wait, bad, night = f"wait-{language}", f"bad-{language}", f"night-{language}"
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}}
    waiting = start(site.client, publish(site.client, workflow(wait, gate)))
    failed = start(site.client, publish(site.client, workflow(bad, shell("a", "exit 1"))))
    schedule = {"cron": "0 2 * * *", "timezone": "Asia/Shanghai"}
    publish(site.client, workflow(night, noop("a"), schedule=schedule))
    ended(site.client, failed, "FAILED")
    page = site.open("/", language)
    for name, status, run in (("running", "RUNNING", waiting), ("failed", "FAILED", failed)):
        found = card(page, t(f"{name}.title"))
        expect(found.get_by_role("link", name=f"#{run}")).to_be_visible()
        total = read(site.client, f"/runs?status={status}")["total"]
        expect(found.get_by_role("heading")).to_have_text(f"{t(f'{name}.title')} {total}")
    count = read(site.client, "/runs")["total"]
    expect(page.get_by_role("img", name=t("curve.about_other", count=count), exact=True)).to_be_visible()
    slot = card(page, t("next.title")).get_by_role("listitem").filter(has_text=night)
    planned = read(site.client, f"/workflows/{night}")["nextAt"]
    zone = read(site.client, "/schedules")["items"][0]["timezone"]
    expect(slot).to_contain_text(zone)  # the words are of its time, the instant beside them of the reader's
    expect(slot.locator("time")).to_have_attribute("datetime", planned)
    assert violations(page) == []
    slot.get_by_role("link", name=night).click()
    expect(page).to_have_url(re.compile(rf"/workflows/{night}\?tab=schedule"))
    page.go_back()
    card(page, t("failed.title")).get_by_role("link", name=f"#{failed}").click()
    expect(page).to_have_url(re.compile(rf"/runs/{failed}$"))
    page.go_back()
    card(page, t("running.title")).get_by_role("link", name=t("all")).click()
    expect(page).to_have_url(re.compile(r"/runs\?status=RUNNING$"))
    expect(page.get_by_role("link", name=wait)).to_be_visible()
    expect(page.get_by_role("link", name=bad)).to_have_count(0)


def test_a_run_comes_and_goes_by_itself(site: Site) -> None:
    t = texts("en", "home")
    name = publish(
        site.client,
        workflow("passing", {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}}),
    )
    page = site.open("/")
    found = card(page, t("running.title"))
    run = start(site.client, name)
    expect(found.get_by_role("link", name=f"#{run}")).to_be_visible()
    site.client.post(f"/api/v1/runs/{run}/terminate").raise_for_status()
    until(site.client, run, lambda it: it["status"] != "RUNNING")
    expect(found.get_by_role("link", name=f"#{run}")).to_have_count(0)


@in_both_languages
def test_who_a_run_waits_for_is_said_wherever_it_is_listed(site: Site, language: str) -> None:
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
    name = publish(site.client, workflow(f"asking-{language}", gate))
    run = start(site.client, name)
    waits, runs = texts(language, "graph")("wait.approval"), texts(language, "graph")("look.running")
    page = site.open("/", language)
    item = card(page, texts(language, "home")("running.title")).get_by_role("listitem").filter(has_text=name)
    expect(item).to_contain_text(waits)
    expect(item).not_to_contain_text(runs)
    page.goto(f"{site.live.url}/runs?workflow={name}")
    expect(page.get_by_role("row").filter(has_text=f"#{run}")).to_contain_text(waits)
    page.goto(f"{site.live.url}/runs/{run}")
    expect(page.locator(".run-title")).to_contain_text(waits)
    site.client.post(f"/api/v1/runs/{run}/terminate").raise_for_status()
    expect(page.locator(".run-title")).not_to_contain_text(waits)


def test_a_viewer_sees_it_too(site: Site) -> None:
    page = site.open("/", user=site.looker(), width=768, theme="dark")
    expect(page.get_by_role("heading", name=texts("en", "home")("next.title"))).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
