"""In Chinese pages every control has a Chinese name, also those that the component library brings along."""

import re
from collections.abc import Iterable

from playwright.sync_api import Locator, Page, expect

from tests.api.flows import noop, publish, start, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import press
from tests.e2e.texts import texts

LANGUAGE = "zh-CN"
CONTROLS = {
    "button",
    "checkbox",
    "combobox",
    "link",
    "menuitem",
    "radio",
    "searchbox",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
}
PARAMS = {"batch": {"type": "integer"}, "hosts": {"type": "array", "items": {"type": "string"}}}
# Names of products, formats, patterns and of this test's own things, which are the same in every language.
THE_SAME = re.compile(
    r"Headrace|React Flow attribution|English|YAML|Cron|named|batch|TLS\(sslmode\)|\* hosts-1|s\d+|a"
    r"|http|noop|python|shell|sleep|sql|ssh|transfer"
)


def english(page: Page) -> Iterable[tuple[str, str]]:
    """Role and name of every control that is named in letters, with nothing Chinese among them."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    for node in tree["nodes"]:
        role, name = node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "")
        is_latin = re.search("[A-Za-z]", name) and not re.search("[\u4e00-\u9fff]", name)
        if not node["ignored"] and role in CONTROLS and is_latin and not THE_SAME.fullmatch(name):
            yield role, name


def shown(page: Page, place: Locator) -> Page:
    """The page once this is there and nothing is being read any more."""
    expect(place.first).to_be_visible()
    expect(page.locator(".ant-spin-spinning, .ant-skeleton")).to_have_count(0)
    return page


def test_controls_are_named_in_chinese(site: Site) -> None:
    t, common = texts(LANGUAGE, "workflows"), texts(LANGUAGE, "common")
    resources, admin, editor = (texts(LANGUAGE, name) for name in ("resources", "admin", "editor"))
    publish(site.client, workflow("named", noop("a"), params=PARAMS))
    for number in range(25):
        site.client.put(f"/api/v1/secrets/s{number}", json={"value": "a value"}).raise_for_status()
        run = start(site.client, "named", params={"batch": 1, "hosts": []})
    page = site.open("/", LANGUAGE)
    found: dict[str, list[tuple[str, str]]] = {}

    def look(where: str, place: Locator) -> None:
        found[where] = list(english(shown(page, place)))

    rows, dialog = page.locator("tr.ant-table-row"), page.get_by_role("dialog")
    for path in ("/resources/secrets?search=s", "/runs?workflow=named", "/workflows?search=named"):
        page.goto(site.live.url + path)
        look(path, rows)
    page.get_by_role("columnheader", name=t("column.state")).get_by_role("button").click()
    look("a filter", page.get_by_role("menuitem"))
    page.keyboard.press("Escape")
    rows.get_by_role("button", name=t("verb.run")).click()
    dialog.get_by_role("button", name=t("run.item.add")).click()
    look("a run's parameters", dialog.get_by_role("button", name=t("run.item.remove")))
    for path, name in (
        ("/resources/connections", resources("connections.new")),
        ("/resources/channels", resources("channels.new")),
        ("/admin/users", admin("users.new")),
        ("/admin/tenants", admin("tenants.new")),
        ("/admin/tokens", admin("tokens.new")),
    ):
        page.goto(site.live.url + path)
        press(page, name, exact=False)
        look(path, dialog.get_by_role("button", name=common("action.cancel")))
    for path in ("/admin/audit", "/admin/account"):
        page.goto(site.live.url + path)
        look(path, page.locator("h1"))
    for which in ("overview", "schedule", "alarms", "invocation", "versions"):
        page.goto(f"{site.live.url}/workflows/named?tab={which}")
        look(which, page.get_by_role("tab", selected=True))
    page.goto(f"{site.live.url}/runs/{run}")
    look("a run", page.locator(".react-flow__node"))
    page.goto(f"{site.live.url}/workflows/named/edit?yaml=1")
    page.locator(".react-flow__node").click()
    look("a node", page.locator(".node-form"))
    press(page, editor("settings"))
    look("settings", dialog)
    page.set_viewport_size({"width": 420, "height": 800})
    page.goto(f"{site.live.url}/admin/users")
    look("narrow", page.locator(".ant-tabs-nav-more"))
    assert {where: names for where, names in found.items() if names} == {}
