"""A workflow's page: when it starts, whom it tells, and its versions."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

from tests.api.flows import noop, publish, read, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import in_both_languages, violations
from tests.e2e.texts import texts

SCHEDULE = {"cron": "30 9 * * 1-5", "timezone": "Asia/Shanghai"}


def stored(site: Site, name: str) -> Any:
    """The ``spec`` of the draft."""
    return read(site.client, f"/workflows/{name}")["document"]["spec"]


def tab(site: Site, name: str, which: str, language: str, **options: Any) -> Page:
    return site.open(f"/workflows/{name}?tab={which}", language, **options)


def cron(page: Page, language: str, text: str) -> Locator:
    """Write a cron expression; the place where the server's times are shown."""
    t = texts(language, "workflows")
    page.get_by_text("Cron", exact=True).click()
    page.get_by_label(t("schedule.cron")).fill(text)
    return page.locator("aside.side")


def about(text: str) -> Callable[[Response], bool]:
    """Whether an answer is about the next times of this expression."""

    def is_it(answer: Response) -> bool:
        asked = answer.request
        return answer.url.endswith("/schedules/preview") and asked.post_data_json["cron"] == text

    return is_it


def save(page: Page, language: str, name: str, publishes: bool = True) -> None:
    t = texts(language, "workflows")
    button = page.get_by_role("button", name=t("save.publish" if publishes else "save.draft"), exact=True)
    button.click()
    said = t("did.publish" if publishes else "did.save", name=name)
    expect(page.locator(".ant-message").get_by_text(said).last).to_be_visible()
    expect(button).to_be_disabled()  # the form shows what is stored now


@in_both_languages
def test_a_schedule_is_set_looked_ahead_and_published(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name = publish(site.client, workflow(f"timed-{language}", noop("a")))
    page = tab(site, name, "schedule", language)
    active = page.get_by_role("region", name=t("inForce.title"))
    expect(active).to_contain_text(t("inForce.none", version=1))
    page.get_by_role("switch", name=t("schedule.on")).check()
    page.get_by_label(t("schedule.zone")).fill("Shanghai")
    page.get_by_title("Asia/Shanghai", exact=True).click()
    ahead = cron(page, language, "30 9 * * 1-5")
    fires = site.client.post("/api/v1/schedules/preview", json={**SCHEDULE, "count": 8}).json()["fires"]
    expect(ahead.locator("time").first).to_have_attribute("datetime", fires[0])
    times = ahead.locator("time").evaluate_all("all => all.map(each => each.dateTime)")
    assert times == fires
    assert violations(page) == []
    save(page, language, name, publishes=False)
    expect(active).to_contain_text(t("inForce.none", version=1))
    page.get_by_label(t("schedule.overlap")).click()
    page.get_by_title(t("overlap.skip"), exact=True).click()
    save(page, language, name)
    expect(active).to_contain_text(t("inForce.next", version=2))
    planned = read(site.client, f"/workflows/{name}")["nextAt"]
    expect(active.locator("time")).to_have_attribute("datetime", planned)
    found = stored(site, name)["schedule"]
    assert {**found, **SCHEDULE, "enabled": True, "mode": "single", "overlap": "skip"} == found


@in_both_languages
def test_both_dialects_and_what_is_neither(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name = publish(site.client, workflow(f"spoken-{language}", noop("a"), schedule=SCHEDULE))
    page = tab(site, name, "schedule", language)
    expect(page.get_by_role("switch", name=t("schedule.on"))).to_be_checked()
    for text, weekday in (("0 6 * * 1", 1), ("0 0 6 ? * 1", 7)):  # Monday of Unix, Sunday of Quartz
        with page.expect_response(about(text)) as answer:
            ahead = cron(page, language, text)
        said = f"{answer.value.json()['text']} · {SCHEDULE['timezone']}"
        expect(ahead.get_by_text(said, exact=True)).to_be_visible()
        at = ahead.locator("time").first.get_attribute("datetime") or ""
        assert page.evaluate("at => new Date(at.slice(0, 10) + 'T12:00Z').getUTCDay() || 7", at) == weekday
    ahead = cron(page, language, "61 * * * *")
    expect(ahead.get_by_role("alert")).to_contain_text("61")
    expect(ahead.locator("time")).to_have_count(0)
    page.get_by_role("button", name=t("save.publish"), exact=True).click()
    refused = page.get_by_role("dialog")
    expect(refused).to_contain_text("spec.schedule.cron")
    refused.get_by_role("button").last.click()
    page.get_by_role("button", name=t("save.reset")).click()
    expect(page.get_by_label(t("schedule.cron"))).to_have_value(SCHEDULE["cron"])
    assert stored(site, name)["schedule"] == SCHEDULE


@in_both_languages
def test_the_discrete_mode_and_the_simple_form(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    later = noop("b", "a", schedule={"cron": "0 9 * * *"})
    name = publish(site.client, workflow(f"discrete-{language}", noop("a")))
    page = tab(site, name, "schedule", language)
    page.get_by_role("switch", name=t("schedule.on")).check()
    page.get_by_role("radio", name=t("schedule.discrete")).check()
    expect(page.get_by_text(t("schedule.about.discrete"))).to_be_visible()
    page.get_by_role("combobox", name=t("schedule.period")).click()
    page.get_by_title(t("period.month"), exact=True).click()
    page.get_by_role("combobox", name=t("schedule.dayOfMonth")).click()
    page.keyboard.press("End")
    page.get_by_title(t("schedule.day", day=2), exact=True).click()
    save(page, language, name)
    found = stored(site, name)["schedule"]
    assert (found["mode"], found["cron"]) == ("discrete", "0 2 2 * *")
    etag = site.client.get(f"/api/v1/workflows/{name}").headers["etag"]
    both = workflow(name, noop("a"), later, schedule=found)
    changed = site.client.put(f"/api/v1/workflows/{name}?publish=true", json=both, headers={"If-Match": etag})
    assert changed.status_code == 200, changed.text
    page.get_by_role("radio", name=t("schedule.single")).check()
    page.get_by_role("button", name=t("save.draft"), exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(texts(language, "common")("error.title"))


@in_both_languages
def test_somebody_is_told(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name = publish(site.client, workflow(f"told-{language}", noop("a")))
    channel = {"kind": "webhook", "settings": {"url": "http://127.0.0.1:9/hook"}}
    for each in ("ops", "night"):
        if site.client.get(f"/api/v1/channels/{each}").status_code == 404:
            site.client.post("/api/v1/channels", json={"name": each, **channel}).raise_for_status()
    page = tab(site, name, "alarms", language)
    page.get_by_role("button", name=t("alarms.add")).click()
    rule = page.get_by_role("group", name=t("alarms.rule"))
    expect(rule.get_by_role("checkbox", name=t("alarms.on.failure"))).to_be_checked()
    rule.get_by_role("checkbox", name=t("alarms.on.success")).check()
    rule.get_by_label(t("alarms.channel"), exact=True).click()
    page.get_by_title("ops", exact=True).click()
    rule.get_by_label(t("alarms.to"), exact=True).fill("ada@example.org")
    page.keyboard.press("Enter")
    rule.get_by_label(t("alarms.text"), exact=True).fill("{workflow} 已 {status}")
    assert violations(page) == []
    save(page, language, name)
    assert stored(site, name)["alarms"] == [
        {
            "on": ["success", "failure"],
            "channel": "ops",
            "to": ["ada@example.org"],
            "text": "{workflow} 已 {status}",
        }
    ]
    rule.get_by_label(t("alarms.text"), exact=True).fill("{nothing}")
    page.get_by_role("button", name=t("save.draft"), exact=True).click()
    refused = page.get_by_role("dialog")
    expect(refused).to_contain_text("nothing")
    refused.get_by_role("button").last.click()
    rule.get_by_role("button", name=t("alarms.remove")).click()
    save(page, language, name)
    assert "alarms" not in stored(site, name)


@in_both_languages
def test_versions_are_compared_and_an_older_one_taken_back(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name = publish(site.client, workflow(f"aged-{language}", noop("old-one")))
    site.client.put(
        f"/api/v1/workflows/{name}?publish=true",
        json=workflow(name, noop("new-one")),
        headers={"If-Match": "*"},
    ).raise_for_status()
    page = tab(site, name, "versions", language)
    expect(page.get_by_text(t("versions.same"))).to_be_visible()
    page.get_by_role("combobox", name=t("versions.left")).click()
    page.get_by_title(t("versions.version", number=1), exact=True).click()
    shown = page.locator(".difference")
    expect(shown.locator(".cm-merge-a .cm-changedText, .cm-merge-a .cm-changedLine").first).to_be_visible()
    expect(shown.locator(".cm-merge-a")).to_contain_text("old-one")
    expect(shown.locator(".cm-merge-b")).to_contain_text("new-one")
    assert violations(page) == []
    older = page.locator("tr.ant-table-row").last
    older.get_by_role("button", name=t("versions.take")).click()
    ask = page.get_by_role("dialog")
    expect(ask).to_contain_text(t("versions.ask", number=1))
    ask.get_by_role("button", name=t("versions.take")).click()
    expect(page.locator(".ant-message").get_by_text(t("versions.taken", number=1))).to_be_visible()
    expect(page.get_by_text(t("versions.same"))).to_be_visible()
    now = read(site.client, f"/workflows/{name}")
    assert (now["published"], now["document"]["spec"]["nodes"][0]["id"]) == (2, "old-one")
    page.get_by_role("button", name=t("verb.publish"), exact=True).click()
    expect(page.get_by_text(t("state.published", version=3))).to_be_visible()


def test_who_may_only_look_can_change_nothing(site: Site) -> None:
    t = texts("en", "workflows")
    name = publish(site.client, workflow("watched", noop("a"), schedule=SCHEDULE))
    page = tab(site, name, "schedule", "en", user=site.looker(), width=768, theme="dark")
    expect(page.get_by_text(t("save.mayNot"))).to_be_visible()
    expect(page.get_by_role("switch", name=t("schedule.on"))).to_be_disabled()
    expect(page.get_by_label(t("schedule.cron"))).to_be_disabled()
    page.get_by_role("tab", name=t("tab.invocation")).click()
    expect(page).to_have_url(re.compile("tab=invocation"))
    expect(page.get_by_role("switch", name=t("invocation.on"))).to_be_disabled()
    expect(page.get_by_role("button", name=t("invocation.create"))).to_be_disabled()
