"""Resources: secrets that only go in, connections that are tried, channels that are tested, targets."""

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import Site
from tests.e2e.driving import confirm, delete, in_both_languages, press, save
from tests.e2e.texts import texts


@in_both_languages
def test_a_secret_goes_in_and_never_comes_back(site: Site, language: str) -> None:
    t, common = texts(language, "resources"), texts(language, "common")
    page, name = site.open("/resources/secrets", language), f"secret-{language}"
    press(page, t("secrets.new"), exact=False)
    page.get_by_label(t("col.name"), exact=True).fill(name)
    page.get_by_label(t("secrets.value"), exact=True).fill("the-first-value")
    save(page, language)
    expect(page.get_by_role("cell", name=name, exact=True)).to_be_visible()
    press(page, f"{t('act.edit')} {name}")
    expect(page.get_by_label(t("secrets.value"), exact=True)).to_have_value("")
    page.get_by_label(t("col.description"), exact=True).fill("for the night")
    save(page, language)
    expect(page.get_by_role("cell", name="for the night")).to_be_visible()
    assert "the-first-value" not in page.content()
    press(page, f"{common('action.delete')} {name}")
    expect(page.get_by_text(t("secrets.deleteWhat", name=name))).to_be_visible()
    confirm(page, common("action.delete"))
    expect(page.get_by_role("cell", name=name, exact=True)).to_have_count(0)


def test_a_refusal_stands_at_its_field(site: Site) -> None:
    t = texts("en", "resources")
    page = site.open("/resources/secrets")
    press(page, t("secrets.new"), exact=False)
    page.get_by_label(t("col.name"), exact=True).fill("short")
    page.get_by_label(t("secrets.value"), exact=True).fill("abc")
    save(page, "en")
    expect(page.get_by_role("dialog").get_by_text("Found 3 characters")).to_be_visible()
    assert site.client.get("/api/v1/secrets/short").status_code == 404


@in_both_languages
def test_a_connection_is_tried_out(site: Site, language: str, tmp_path: Path) -> None:
    t = texts(language, "resources")
    file, name = tmp_path / "there.db", f"file-{language}"
    page = site.open("/resources/connections", language)
    press(page, t("connections.new"), exact=False)
    page.get_by_label(t("col.name"), exact=True).fill(name)
    page.get_by_label(t("col.kind"), exact=True).click()
    page.get_by_title("SQLite", exact=True).click()
    page.get_by_label(t("connections.file")).fill(str(file))
    save(page, language)
    press(page, f"{t('act.test')} {name}")
    dialog = page.get_by_role("dialog").filter(has_text=str(file))
    expect(dialog).to_be_visible()
    dialog.get_by_role("button").last.click()
    file.touch()
    press(page, f"{t('act.test')} {name}")
    reached = t("connections.reached", name=name, ms="§").partition("§")[0]
    expect(page.get_by_role("dialog").filter(has_text=reached)).to_be_visible()


@in_both_languages
def test_a_channel_is_new_until_it_is_tested(site: Site, language: str) -> None:
    t = texts(language, "resources")
    name = f"hook-{language}"
    page = site.open("/resources/channels", language)
    press(page, t("channels.new"), exact=False)
    page.get_by_label(t("col.name"), exact=True).fill(name)
    page.get_by_label(t("col.kind"), exact=True).click()
    page.get_by_title("Webhook", exact=True).click()
    page.get_by_label(t("channels.url"), exact=True).fill("http://127.0.0.1:9/hook")
    save(page, language)
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text(t("channels.status.NEW"))
    press(page, f"{t('act.test')} {name}")
    confirm(page, t("channels.send"))
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text(t("channels.notSent"))
    page.keyboard.press("Escape")
    expect(row).to_contain_text(t("channels.status.FAILED"))
    row.get_by_role("switch").click()
    expect(row.get_by_role("switch")).not_to_be_checked()
    assert site.client.get(f"/api/v1/channels/{name}").json()["enabled"] is False


@in_both_languages
def test_targets_by_type(site: Site, language: str) -> None:
    t, common = texts(language, "resources"), texts(language, "common")
    cluster, host = f"c-{language}", f"h-{language}"
    page = site.open("/resources/targets", language)
    press(page, t("targets.new"), exact=False)
    page.get_by_label(t("col.name"), exact=True).fill(cluster)
    page.get_by_label(t("targets.attributesJson")).fill("[1]")
    save(page, language)
    expect(page.get_by_text(t("targets.notObject"))).to_be_visible()
    page.get_by_label(t("targets.attributesJson")).fill(json.dumps({"obClusterId": 7}))
    save(page, language)
    expect(page.get_by_role("row").filter(has_text=cluster)).to_contain_text("obClusterId=7")
    site.client.put(f"/api/v1/targets/host/{host}", json={"parent": {"type": "cluster", "name": cluster}})
    page.goto(f"{site.live.url}/resources/targets?type=host")
    expect(page.get_by_role("row").filter(has_text=host)).to_contain_text(cluster)
    page.goto(f"{site.live.url}/resources/targets")
    delete(page, language, cluster)
    refused = page.get_by_role("dialog").filter(has_text=common("error.title"))
    expect(refused).to_contain_text(cluster)
    expect(refused).to_contain_text(common("error.trace", id="").strip())
    refused.get_by_role("button").last.click()


def test_who_may_not_change_sees_no_way_to(site: Site) -> None:
    page = site.open("/resources/secrets", user=site.looker())
    expect(page.get_by_text(texts("en", "resources")("secrets.hint"))).to_be_visible()
    expect(page.get_by_role("button", name="New secret")).to_have_count(0)
