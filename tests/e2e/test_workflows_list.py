"""The list of workflows: filters kept in the address, acts on one and on several, and what is refused."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.api.flows import noop, publish, read, start, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import confirm, in_both_languages, violations
from tests.e2e.texts import texts


def draft(site: Site, name: str, *nodes: object) -> str:
    answer = site.client.put(f"/api/v1/workflows/{name}", json=workflow(name, *nodes))
    assert answer.status_code == 201, answer.text
    return name


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def version(site: Site, name: str) -> int | None:
    found: int | None = read(site.client, f"/workflows/{name}")["published"]
    return found


def of_row(page: Page, language: str, name: str, verb: str) -> None:
    """Choose a verb in the menu of a row."""
    t = texts(language, "workflows")
    page.get_by_role("button", name=t("verb.more", name=name), exact=True).click()
    page.get_by_role("menuitem", name=t(f"verb.{verb}"), exact=True).click()


def bulk(page: Page, language: str, verb: str, *names: str) -> Locator:
    """Choose rows, and a verb for them; the dialog that asks."""
    t, common = texts(language, "workflows"), texts(language, "common")
    for name in names:
        page.get_by_role("checkbox", name=t("choose", name=name), exact=True).check()
    page.get_by_role("button", name=common("bulk.button_other", count=len(names))).click()
    page.get_by_role("menuitem", name=t(f"verb.{verb}"), exact=True).click()
    return page.get_by_role("dialog")


def close(dialog: Locator, language: str) -> None:
    """By the button that is there once everything has been told."""
    name = texts(language, "common")("action.close")
    dialog.locator(".ant-modal-footer").get_by_role("button", name=name, exact=True).click()
    expect(dialog).to_have_count(0)


def carry_out(dialog: Locator, language: str, verb: str) -> None:
    t = texts(language, "workflows")
    dialog.get_by_role("button", name=t(f"verb.{verb}"), exact=True).click()
    close(dialog, language)


@in_both_languages
def test_the_filter_of_a_column_stands_in_the_address(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    on = publish(site.client, workflow(f"on-{language}", noop("a")))
    off = draft(site, f"off-{language}", noop("a"))
    page = site.open(f"/workflows?search={language}", language)
    expect(row(page, on)).to_contain_text(t("state.published", version=1))
    expect(row(page, off)).to_contain_text(t("state.offline"))
    page.get_by_role("columnheader", name=t("column.state")).get_by_role("button").click()
    page.get_by_role("menuitem", name=t("filter.offline")).click()
    page.locator(".ant-table-filter-dropdown-btns .ant-btn-primary").click()
    expect(page).to_have_url(re.compile(rf"search={language}&state=offline"))
    expect(row(page, on)).to_have_count(0)
    page.reload()
    expect(row(page, off)).to_be_visible()
    expect(row(page, on)).to_have_count(0)
    assert violations(page) == []
    page.go_back()
    expect(row(page, on)).to_be_visible()
    page.get_by_role("searchbox", name=t("search")).fill("nothing like it")
    page.keyboard.press("Enter")
    expect(page.get_by_text(texts(language, "common")("list.nothing"))).to_be_visible()
    expect(page).to_have_url(re.compile("search=nothing"))


@in_both_languages
def test_sorting_stands_in_the_address(site: Site, language: str) -> None:
    first, last = (draft(site, f"{name}-sorted-{language}", noop("a")) for name in ("a", "z"))
    page = site.open(f"/workflows?search=sorted-{language}", language)
    links = page.locator("tbody tr.ant-table-row").get_by_role("link")
    expect(links).to_have_text([first, last])
    page.get_by_role("columnheader", name=texts(language, "workflows")("column.changed")).click()
    expect(page).to_have_url(re.compile("sort=updatedAt"))
    page.goto(re.sub("sort=[^&]*", "sort=name%2Cdesc", page.url))
    expect(links).to_have_text([last, first])
    assert violations(page) == []


@in_both_languages
def test_several_are_published_taken_offline_and_deleted(site: Site, language: str) -> None:
    t, common = texts(language, "workflows"), texts(language, "common")
    names = [draft(site, f"{word}-{language}", noop("a")) for word in ("first", "second")]
    empty = draft(site, f"third-{language}")
    page = site.open(f"/workflows?search={language}", language)
    dialog = bulk(page, language, "publish", *names, empty)
    page.keyboard.press("Escape")
    menu = page.get_by_role("button", name=common("bulk.button_other", count=3))
    expect(menu).to_be_focused()
    menu.click()
    page.get_by_role("menuitem", name=t("verb.publish"), exact=True).click()
    expect(dialog).to_contain_text(t("bulk.title_other", verb=t("verb.publish"), count=3))
    dialog.get_by_role("button", name=t("verb.publish"), exact=True).click()
    expect(dialog.get_by_text(f"✓ {common('bulk.done')}")).to_have_count(2)
    expect(dialog.get_by_role("listitem").filter(has_text=empty)).to_contain_text("✗")
    close(dialog, language)
    assert [version(site, name) for name in (*names, empty)] == [1, 1, None]
    for name in names:
        expect(row(page, name)).to_contain_text(t("state.published", version=1))
    dialog = bulk(page, language, "delete", names[0], empty)
    expect(dialog).to_contain_text(t("bulk.spared.delete"))
    carry_out(dialog, language, "delete")
    expect(row(page, empty)).to_have_count(0)
    carry_out(bulk(page, language, "offline", *names), language, "offline")
    expect(row(page, names[0])).to_contain_text(t("state.offline"))
    carry_out(bulk(page, language, "delete", *names), language, "delete")
    expect(row(page, names[0])).to_have_count(0)
    for name in (*names, empty):
        assert site.client.get(f"/api/v1/workflows/{name}").status_code == 404


@in_both_languages
def test_one_is_made_copied_and_its_name_can_be_taken(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name, copied = f"new-{language}", f"copy-{language}"
    page = site.open("/workflows", language)
    page.get_by_role("button", name=t("create")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=t("createAndOpen")).click()
    expect(dialog.get_by_text(t("nameNeeded"))).to_be_visible()
    dialog.get_by_label(t("column.name"), exact=True).fill(name)
    dialog.get_by_label(t("column.remark"), exact=True).fill("为夜间")
    dialog.get_by_role("button", name=t("createAndOpen")).click()
    expect(page).to_have_url(re.compile(rf"/workflows/{name}/edit"))
    site.client.put(f"/api/v1/workflows/{name}", json=workflow(name, noop("a")), headers={"If-Match": "*"})
    page.goto(f"{site.live.url}/workflows")
    of_row(page, language, name, "copy")
    expect(dialog).to_contain_text(t("copyOf", name=name))
    dialog.get_by_label(t("column.name"), exact=True).fill(name)
    dialog.get_by_role("button", name=t("createAndOpen")).click()
    expect(dialog.get_by_role("alert")).to_contain_text(name)
    dialog.get_by_label(t("column.name"), exact=True).fill(copied)
    dialog.get_by_role("button", name=t("createAndOpen")).click()
    expect(page).to_have_url(re.compile(rf"/workflows/{copied}/edit"))
    expect(page.locator(".react-flow__node")).to_have_count(1)
    assert version(site, copied) is None


@in_both_languages
def test_deleting_is_refused_while_it_would_hurt(site: Site, language: str) -> None:
    t, common = texts(language, "workflows"), texts(language, "common")
    name = publish(
        site.client,
        workflow(
            f"used-{language}", {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}}
        ),
    )
    run = start(site.client, name)
    page = site.open(f"/workflows?search={name}", language)

    def refused(said: str) -> None:
        of_row(page, language, name, "delete")
        confirm(page, t("verb.delete"))
        fault = page.get_by_role("dialog").filter(has_text=common("error.title"))
        expect(fault).to_contain_text(said)
        fault.get_by_role("button").last.click()
        expect(fault).to_have_count(0)

    refused({"en": f"The workflow {name} is published", "zh-CN": "请先"}[language])
    of_row(page, language, name, "offline")
    confirm(page, t("verb.offline"))
    expect(row(page, name)).to_contain_text(t("state.offline"))
    refused({"en": "run", "zh-CN": "运行"}[language])
    site.client.post(f"/api/v1/runs/{run}/terminate").raise_for_status()
    of_row(page, language, name, "delete")
    confirm(page, t("verb.delete"))
    expect(row(page, name)).to_have_count(0)


def test_a_file_goes_out_and_in_again(site: Site, tmp_path: Path) -> None:
    t = texts("en", "workflows")
    name = draft(site, "carried", noop("a"))
    page = site.open("/workflows?search=carried")
    with page.expect_download() as download:
        of_row(page, "en", name, "export")
    file = tmp_path / "carried.yaml"
    download.value.save_as(file)
    page.locator("input[type=file]").set_input_files(file)
    fault = page.get_by_role("dialog")
    expect(fault).to_contain_text(t("importFailed", name="carried.yaml"))
    fault.get_by_role("button").last.click()
    file.write_text(file.read_text(encoding="utf-8").replace("carried", "brought"), encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page).to_have_url(re.compile("/workflows/brought$"))
    assert read(site.client, "/workflows/brought")["document"]["spec"]["nodes"][0]["id"] == "a"


def test_who_may_only_look_has_nothing_to_choose(site: Site) -> None:
    t = texts("en", "workflows")
    publish(site.client, workflow("shown", noop("a")))
    page = site.open("/workflows?search=shown", user=site.looker())
    expect(row(page, "shown")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("button", name=t("create"))).to_have_count(0)
    expect(row(page, "shown").get_by_role("button", name=t("verb.run"), exact=True)).to_be_disabled()


def test_where_the_last_page_is_gone_the_one_before_is_shown(site: Site) -> None:
    if site.client.get("/api/v1/workflows/to-be-seen").status_code == 404:
        draft(site, "to-be-seen", noop("a"))
    page = site.open("/workflows?search=to-be-seen&page=7")
    expect(row(page, "to-be-seen")).to_be_visible()
    expect(page).to_have_url(re.compile("page=1"))
