"""Starting a workflow: by other programs with a token, in the dialog made of its JSON Schema, by keyboard."""

import re
import subprocess
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.api.flows import ended, noop, publish, read, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import confirm, in_both_languages, violations
from tests.e2e.texts import texts

SECONDS = 20
PARAMS = {
    "batch": {"type": "integer", "title": "Batch", "minimum": 1, "maximum": 9},
    "where": {"type": "string", "title": "Where", "enum": ["here", "there"]},
    "dry": {"type": "boolean", "title": "Dry"},
    "note": {"type": "string", "title": "Note", "default": "none", "maxLength": 20},
}


def run_of(shown: str) -> Any:
    """What the answer of a shown command says; it is really carried out by a shell."""
    done = subprocess.run(
        ["sh", "-c", f"{shown} --silent --show-error --noproxy '*'"],
        capture_output=True, text=True, timeout=SECONDS, check=True,
    )  # fmt: skip
    return done.stdout


def runs(site: Site, name: str) -> list[Any]:
    found: list[Any] = read(site.client, f"/runs?workflow={name}")["items"]
    return found


def token_once(page: Page, language: str) -> tuple[str, str]:
    """The token and the command, as they are shown this once."""
    t = texts(language, "common")
    dialog = page.get_by_role("dialog").filter(has_text=t("once.warning"))
    token, curl = (dialog.locator(".once").nth(at).inner_text().strip() for at in (0, 1))
    dialog.get_by_role("button", name=t("once.done")).click()
    expect(dialog).to_have_count(0)
    return token, curl


@in_both_languages
def test_other_programs_start_it(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name = publish(site.client, workflow(f"called-{language}", noop("a")))
    page = site.open(f"/workflows/{name}?tab=invocation", language)
    page.get_by_role("switch", name=t("invocation.on")).click()
    expect(page.locator(".ant-message").get_by_text(t("invocation.isOn"))).to_be_visible()
    expect(page.get_by_text(t("state.published", version=2))).to_be_visible()
    create = page.get_by_role("button", name=t("invocation.create"))
    create.click()
    page.get_by_label(t("invocation.label"), exact=True).fill("the warehouse")
    page.get_by_role("dialog").get_by_role("button").last.click()
    token, curl = token_once(page, language)
    expect(create).to_be_focused()
    row = page.get_by_role("row").filter(has_text="the warehouse")
    expect(row).to_contain_text(t("invocation.isValid"))
    page.reload()
    expect(row).to_contain_text(t("invocation.isValid"))
    assert token not in page.content()
    assert violations(page) == []
    run_of(curl)
    (first,) = runs(site, name)
    assert first["trigger"] == "INVOKED"
    ended(site.client, first["id"])
    row.get_by_role("button", name=t("invocation.rotate")).click()
    fresh, again = token_once(page, language)
    assert fresh != token
    run_of(curl)
    assert len(runs(site, name)) == 1
    run_of(again)
    assert len(runs(site, name)) == 2
    valid = row.filter(has_text=t("invocation.isValid"))
    valid.get_by_role("button", name=t("invocation.revoke")).click()
    confirm(page, t("invocation.revoke"))
    expect(valid).to_have_count(0)
    run_of(again)
    assert len(runs(site, name)) == 2


@in_both_languages
def test_a_switch_does_not_publish_other_changes_unasked(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name = publish(site.client, workflow(f"unasked-{language}", noop("a")))
    changed = workflow(name, noop("a"), noop("unready", "a"))
    site.client.put(f"/api/v1/workflows/{name}", json=changed, headers={"If-Match": "*"}).raise_for_status()
    page = site.open(f"/workflows/{name}?tab=invocation", language)
    switch = page.get_by_role("switch", name=t("invocation.on"))
    switch.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(t("invocation.also"))
    dialog.get_by_role("button", name=texts(language, "common")("action.cancel")).click()
    expect(dialog).to_have_count(0)
    expect(switch).not_to_be_checked()
    assert read(site.client, f"/workflows/{name}")["published"] == 1
    switch.click()
    dialog.get_by_role("button", name=t("verb.publish"), exact=True).click()
    expect(switch).to_be_checked()
    assert read(site.client, f"/workflows/{name}")["published"] == 2


def field(dialog: Locator, label: str) -> Locator:
    return dialog.get_by_label(label, exact=False)


@in_both_languages
def test_a_run_starts_from_its_schema(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    asked = workflow(f"asked-{language}", noop("a"), params=PARAMS, required=["batch"])
    name = publish(site.client, asked)
    page = site.open(f"/workflows/{name}", language)
    page.get_by_role("button", name=t("verb.run"), exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(t("run.title", name=name, version=1))
    expect(field(dialog, "Note")).to_have_value("none")
    field(dialog, "Batch").fill("12")
    dialog.get_by_role("button", name=t("run.start"), exact=True).click()
    wrong = dialog.locator(".ant-form-item").filter(has=page.get_by_label("Batch"))
    expect(wrong.get_by_text("12")).to_be_visible()
    assert violations(page) == []
    assert runs(site, name) == []
    field(dialog, "Batch").fill("")
    dialog.get_by_role("button", name=t("run.start"), exact=True).click()
    expect(wrong.locator(".ant-form-item-explain-error").first).not_to_contain_text("12")
    field(dialog, "Batch").fill("3")
    field(dialog, "Where").click()
    page.get_by_title("there", exact=True).click()
    field(dialog, "Dry").check()
    dialog.get_by_role("button", name=t("run.start"), exact=True).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+$"))
    (run,) = runs(site, name)
    assert page.url.endswith(f"/runs/{run['id']}")
    assert run["params"] == {"batch": 3, "where": "there", "dry": True, "note": "none"}


@in_both_languages
def test_a_run_by_keyboard_alone(site: Site, language: str) -> None:
    t = texts(language, "workflows")
    name = publish(site.client, workflow(f"typed-{language}", noop("a"), params={"who": {"type": "string"}}))
    page = site.open(f"/workflows?search={name}", language)
    start = page.get_by_role("button", name=t("verb.run"), exact=True)
    expect(start).to_be_enabled()
    reach(page, start)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(field(dialog, "who")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(start).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, field(dialog, "who"))
    page.keyboard.type("ada")
    reach(page, dialog.get_by_role("button", name=t("run.start"), exact=True))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/runs/\d+$"))
    assert [run["params"] for run in runs(site, name)] == [{"who": "ada"}]


def reach(page: Page, place: Locator) -> None:
    """Go there with Tab, as long as it takes for one way around."""
    expect(place).to_be_visible()
    for _ in range(60):
        if place.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


@in_both_languages
def test_the_text_keeps_with_the_canvas(site: Site, language: str) -> None:
    t = texts(language, "editor")
    name = publish(site.client, workflow(f"beside-{language}", noop("a")))
    page = site.open(f"/workflows/{name}/edit?yaml=1", language)
    text = page.locator(".editor-yaml .cm-content")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("  # 第二个\n  - id: b\n    executor: noop\n    after: [a]\n")
    expect(page.locator(".react-flow__node[data-id='b']")).to_be_visible()
    page.locator("[data-pattern=timer]").click()
    expect(text).to_contain_text("kind: timer")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").get_by_text(t("state.dirty"))).to_have_count(0)
    nodes = read(site.client, f"/workflows/{name}")["document"]["spec"]["nodes"]
    assert [(each["id"], each.get("after")) for each in nodes] == [("a", None), ("b", ["a"]), ("timer", None)]
