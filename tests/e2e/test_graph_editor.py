"""The editor: palette, edges, forms, YAML in step with the canvas, undo, checks, saving, conflicts, runs."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.api.flows import noop, publish, shell, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import confirm, in_both_languages, in_both_lights, violations
from tests.e2e.texts import texts


def edit(site: Site, name: str, *nodes: Any, more: str = "", **options: Any) -> Page:
    """The editor of a new, published workflow."""
    publish(site.client, workflow(name, *nodes))
    page = site.open(f"/workflows/{name}/edit{more}", **options)
    expect(page.get_by_role("toolbar")).to_be_visible()
    return page


def stored(site: Site, name: str) -> Any:
    return site.client.get(f"/api/v1/workflows/{name}").json()["document"]["spec"]["nodes"]


def node(page: Page, name: str) -> Locator:
    return page.locator(f".react-flow__node[data-id='{name}']")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").get_by_text("Unsaved changes")).to_have_count(0)


def tool(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_a_graph_is_drawn_from_nothing(site: Site) -> None:
    page = site.open("/workflows/drawn/edit")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    canvas = page.locator(".react-flow__pane")
    page.locator("[data-pattern=shell]").drag_to(canvas, target_position={"x": 120, "y": 150})
    expect(node(page, "shell")).to_be_visible()
    page.locator("[data-pattern=noop]").drag_to(canvas, target_position={"x": 480, "y": 150})
    expect(node(page, "noop")).to_be_visible()
    node(page, "shell").locator(".source").drag_to(node(page, "noop").locator(".target"))
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    save(page)
    nodes = stored(site, "drawn")
    assert [(each["id"], each.get("after")) for each in nodes] == [("shell", None), ("noop", ["shell"])]
    assert all(set(each["position"]) == {"x", "y"} for each in nodes)


def test_everything_by_keyboard(site: Site) -> None:
    page = site.open("/workflows/typed/edit")
    for pattern in ("noop", "noop", "decision"):
        page.locator(f"[data-pattern={pattern}]").focus()
        page.keyboard.press("Enter")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    form = page.get_by_role("complementary", name="Properties of the node")
    form.get_by_label("Add an upstream node").click()
    page.keyboard.type("noop-2")
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").get_by_text("Unsaved changes")).to_have_count(0)
    assert stored(site, "typed")[2]["after"] == ["noop-2"]


def test_undo_and_redo(site: Site) -> None:
    page = edit(site, "undoing", noop("a"), noop("b", "a"))
    node(page, "a").click()
    page.keyboard.press("Delete")
    expect(node(page, "a")).to_have_count(0)
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(node(page, "a")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    tool(page, "Redo").click()
    expect(node(page, "a")).to_have_count(0)
    tool(page, "Undo").click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)


def test_copy_and_paste_several(site: Site) -> None:
    page = edit(site, "copying", noop("a"), noop("b", "a"))
    node(page, "a").click()
    node(page, "b").click(modifiers=["Control"])
    expect(page.get_by_text("2 nodes selected")).to_be_visible()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(page.locator(".react-flow__node")).to_have_count(4)
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    save(page)
    assert [each["id"] for each in stored(site, "copying")] == ["a", "b", "a-2", "b-2"]
    assert stored(site, "copying")[3]["after"] == ["a-2"]


def test_the_form_writes_the_document(site: Site) -> None:
    page = edit(site, "forms", shell("a", "true"), noop("b", "a"))
    node(page, "a").click()
    form = page.get_by_role("complementary", name="Properties of the node")
    form.get_by_label("Name", exact=True).fill("Say hello")
    form.get_by_label("Id", exact=True).fill("hello")
    form.get_by_label("Description").click()
    expect(node(page, "hello")).to_contain_text("Say hello")
    script = form.get_by_role("textbox", name="Script", exact=True)
    script.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("echo hello")
    form.get_by_role("button", name="Failure, retry, rollback").click()
    form.get_by_label("Longest time of an attempt").fill("5m")
    form.get_by_label("Automatic retries").fill("3")
    form.get_by_label("Delay before a retry").fill("2s")
    page.keyboard.press("Tab")
    save(page)
    first, second = stored(site, "forms")
    assert (first["id"], first["name"], first["with"]) == ("hello", "Say hello", {"script": "echo hello"})
    assert (first["timeout"], first["retry"]) == ("5m", {"max": 3, "delay": "2s"})
    assert second["after"] == ["hello"]


def test_every_connection_can_be_chosen(site: Site) -> None:
    for number in range(25):
        body = {"kind": "sqlite", "database": "/tmp/none.db"}
        site.client.put(f"/api/v1/connections/base-{number:02}", json=body).raise_for_status()
    query = {"id": "ask", "kind": "task", "executor": "sql", "with": {"sql": "SELECT 1", "url": "sqlite://"}}
    page = edit(site, "connected", query)
    node(page, "ask").click()
    page.locator(".node-form").get_by_label("Connection").click()
    page.keyboard.type("base-24")
    page.keyboard.press("Enter")
    save(page)
    assert stored(site, "connected")[0]["with"]["connection"] == "base-24"


def test_branches_of_a_decision(site: Site) -> None:
    pick = {"id": "pick", "kind": "decision", "cases": [{"name": "good"}, {"name": "bad"}]}
    page = edit(site, "branches", pick, noop("a"), noop("b"))
    for name in ("a", "b"):
        node(page, "pick").locator(".source").drag_to(node(page, name).locator(".target"))
    expect(page.locator(".react-flow__edge-text")).to_have_text(["good", "bad"])
    page.locator(".react-flow__edge").first.locator(".react-flow__edge-text").click(force=True)
    page.get_by_role("complementary", name="Edge").get_by_label("Branch").click()
    page.get_by_title("bad", exact=True).click()
    expect(page.locator(".react-flow__edge-text")).to_have_text(["bad", "bad"])
    save(page)
    assert stored(site, "branches")[1]["after"] == [{"node": "pick", "case": "bad"}]


def test_a_branch_keeps_its_edges_under_another_name(site: Site) -> None:
    pick = {"id": "pick", "kind": "decision", "cases": [{"name": "good"}, {"name": "bad"}, {"name": "odd"}]}
    after = [{"node": "pick", "case": "good"}]
    page = edit(site, "renamed", pick, {**noop("a"), "after": after}, {**noop("b"), "after": after})
    node(page, "pick").click()
    name = page.locator(".node-form").get_by_label("Branch", exact=True).first
    name.fill("fine")
    name.press("Enter")
    expect(page.locator(".react-flow__edge-text")).to_have_text(["fine", "fine"])
    page.locator(".node-form").get_by_role("button", name="Remove the branch").last.click()
    save(page)
    assert [each["name"] for each in stored(site, "renamed")[0]["cases"]] == ["fine", "bad"]
    assert stored(site, "renamed")[1]["after"] == [{"node": "pick", "case": "fine"}]


def test_what_is_just_typed_is_saved_by_the_key_and_asked_about(site: Site) -> None:
    publish(site.client, workflow("just-typed", noop("a"), noop("b")))
    page = site.open("/workflows/just-typed")
    page.get_by_role("link", name=texts("en", "workflows")("verb.edit")).click()
    node(page, "a").click()
    form = page.locator(".node-form")
    form.get_by_label("Name", exact=True).fill("Said")
    with page.expect_response("**/workflows/just-typed"):
        page.keyboard.press("Control+s")
    expect(form.get_by_label("Name", exact=True)).to_be_focused()
    assert stored(site, "just-typed")[0]["name"] == "Said"
    form.get_by_label("Id", exact=True).fill("b")
    expect(form.get_by_role("alert")).to_have_text(texts("en", "editor")("idTaken", id="b"))
    page.go_back()
    tool(page, texts("en", "editor")("leave.stay")).click()
    form.get_by_label("Id", exact=True).fill("c")
    form.get_by_label("Id", exact=True).press("Enter")
    expect(node(page, "c")).to_be_visible()


def test_what_is_added_by_keyboard_is_seen(site: Site) -> None:
    page = site.open("/workflows/tall/edit")
    for _ in range(9):
        page.locator("[data-pattern=noop]").focus()
        page.keyboard.press("Enter")
    canvas, box = page.locator(".editor-canvas").bounding_box(), node(page, "noop-9").bounding_box()
    assert canvas is not None
    assert box is not None
    assert canvas["y"] <= box["y"] <= canvas["y"] + canvas["height"] - box["height"]


def test_a_time_that_is_cleared_stays_a_time(site: Site) -> None:
    page = edit(site, "cleared", {"id": "wait", "kind": "timer", "at": "02:00"})
    node(page, "wait").click()
    time = page.locator(".node-form").get_by_role("textbox", name="A time of day")
    time.fill("")
    time.press("Tab")
    time.fill("03:30")
    time.press("Enter")
    save(page)
    assert stored(site, "cleared")[0]["at"] == "03:30"
    assert "for" not in stored(site, "cleared")[0]


def test_yaml_and_canvas_keep_step_and_comments_stay(site: Site) -> None:
    page = edit(site, "instep", noop("a"), more="?yaml=1")
    text = page.locator(".editor-yaml .cm-content")
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("  # the second one\n  - id: b\n    executor: noop\n    after: [a]\n")
    expect(node(page, "b")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    page.locator("[data-pattern=timer]").click()
    expect(text).to_contain_text("kind: timer")
    expect(text).to_contain_text("# the second one")
    expect(text).to_contain_text("after: [a]")


def test_a_text_that_cannot_be_read_changes_nothing(site: Site) -> None:
    page = edit(site, "faulty", noop("a"), more="?yaml=1")
    page.locator(".editor-yaml .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text('  - {id: "b\n')
    expect(page.get_by_text(re.compile("The YAML cannot be read"))).to_be_visible()
    expect(node(page, "a")).to_be_visible()
    expect(page.locator("[data-pattern=shell]")).to_be_disabled()


def test_problems_are_shown_on_the_spot(site: Site) -> None:
    page = edit(site, "wrong", noop("a"))
    node(page, "a").click()
    form = page.get_by_role("complementary", name="Properties of the node")
    form.get_by_label("Runs only", exact=False).or_(form.get_by_label("Condition (CEL)")).fill(
        "this is not ("
    )
    page.keyboard.press("Tab")
    expect(node(page, "a").locator(".box-wrong")).to_be_visible()
    page.locator(".react-flow__pane").click(position={"x": 10, "y": 10})
    page.get_by_role("tab", name="Problems (1)").click()
    page.locator(".problems button").click()
    expect(form.get_by_role("alert")).to_be_visible()


def test_two_people_save(site: Site) -> None:
    page = edit(site, "shared", noop("a"))
    page.locator("[data-pattern=timer]").click()
    etag = site.client.get("/api/v1/workflows/shared").headers["etag"]
    theirs = workflow("shared", noop("a"), noop("theirs"))
    site.client.put("/api/v1/workflows/shared", json=theirs, headers={"If-Match": etag}).raise_for_status()
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("admin saved at")
    expect(dialog.locator(".cm-mergeView")).to_contain_text("theirs")
    dialog.get_by_role("button", name="Overwrite with mine").click()
    expect(dialog).to_have_count(0)
    assert [each["id"] for each in stored(site, "shared")] == ["a", "timer"]


def test_nobody_leaves_unsaved_changes_by_accident(site: Site) -> None:
    page = edit(site, "kept", noop("a"))
    page.locator("[data-pattern=timer]").click()
    page.get_by_role("link", name="Runs").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Leave without saving?")
    dialog.get_by_role("button", name="Stay").click()
    expect(page).to_have_url(re.compile("/edit"))
    page.get_by_role("link", name="Runs").click()
    dialog.get_by_role("button", name="Leave").click()
    expect(page).to_have_url(re.compile("/runs"))


def test_what_was_published_runs_with_its_parameters(site: Site) -> None:
    site_param = {"type": "string", "title": "Where to", "default": "here"}
    publish(site.client, workflow("asking", noop("a"), params={"site": site_param}))
    page = site.open("/workflows/asking/edit")
    page.locator("[data-pattern=timer]").click()
    page.get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Version 1 runs, as it was published.")).to_be_visible()
    dialog.get_by_label("Where to").fill("there")
    dialog.get_by_role("button", name="Start").click()
    expect(page.locator(".editor-run")).to_be_visible()
    found = site.client.get("/api/v1/runs?workflow=asking").json()["items"]
    assert [(each["version"], each["params"]) for each in found] == [(1, {"site": "there"})]


def test_publish_run_and_act_from_the_canvas(site: Site) -> None:
    page = site.open("/workflows/whole/edit")
    page.locator("[data-pattern=sleep]").click()
    form = page.get_by_role("complementary", name="Properties of the node")
    expect(form).to_be_visible()
    tool(page, "Publish").click()
    expect(page.get_by_role("status").get_by_text("Published v1")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    confirm(page, "Start")
    expect(node(page, "sleep").locator(".box")).to_have_attribute("data-look", re.compile("running|ready"))
    bar = page.locator(".editor-run")
    bar.get_by_role("button", name="Terminate").click()
    confirm(page, "Terminate")
    expect(node(page, "sleep").locator(".box")).to_have_attribute("data-look", "canceled")
    expect(bar.get_by_role("button", name="Rerun")).to_be_visible()
    page.get_by_role("button", name="Hide the run").click()
    tool(page, "Take offline").click()
    confirm(page, "OK")
    expect(page.get_by_role("status").get_by_text("Not published")).to_be_visible()


def test_who_may_only_look_is_offered_nothing_to_draw(site: Site) -> None:
    name = publish(site.client, workflow("looked-at", shell("a", "true")))
    page = site.open(f"/workflows/{name}/edit", user=site.looker())
    expect(page.locator(".react-flow__node")).to_have_count(1)
    expect(page.get_by_text(texts("en", "editor")("state.seen"))).to_be_visible()
    expect(page.get_by_role("navigation", name=texts("en", "editor")("palette"))).to_have_count(0)
    box = page.locator(".editor-canvas").bounding_box()
    assert box is not None
    node(page, "a").click()
    form = page.locator(".node-form")
    form.get_by_role("textbox", name="Script", exact=True).click()
    page.keyboard.type("not mine to write")
    expect(form.get_by_role("textbox", name="Script", exact=True)).to_have_text("true")
    expect(form.locator(".ant-select:not(.ant-select-disabled)")).to_have_count(0)
    expect(page.get_by_text(texts("en", "editor")("state.dirty"))).to_have_count(0)
    assert box["width"] > 800  # the canvas has the room


def test_settings_and_quick_switch(site: Site) -> None:
    publish(site.client, workflow("other", noop("there")))
    page = edit(site, "settled", noop("a"))
    tool(page, "Settings of the workflow").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("Remark").fill("what it is for")
    drawer.get_by_label("Runs at once").fill("2")
    page.keyboard.press("Tab")
    drawer.get_by_role("button", name="Close").click()
    save(page)
    document = site.client.get("/api/v1/workflows/settled").json()["document"]
    assert document["metadata"]["remark"] == "what it is for"
    assert document["spec"]["concurrency"] == {"limit": 2}
    page.get_by_label("Switch to another workflow").click()
    page.keyboard.type("other")
    page.get_by_title("other", exact=True).click()
    expect(node(page, "there")).to_be_visible()


def test_dragging_places_a_node_and_the_layout_forgets_it(site: Site) -> None:
    page = edit(site, "placed", noop("a"), noop("b", "a"))
    node(page, "b").hover()
    page.mouse.down()
    page.mouse.move(700, 600, steps=5)
    page.mouse.up()
    save(page)
    assert "position" in stored(site, "placed")[1]
    tool(page, "Lay out anew").click()
    save(page)
    assert all("position" not in each for each in stored(site, "placed"))


@in_both_languages
@in_both_lights
def test_nothing_is_against_the_rules_of_access(site: Site, language: str, theme: str) -> None:
    name = f"rules-{language}-{theme}"
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "after": ["a"]}
    page = edit(site, name, shell("a", "true"), gate, more="?yaml=1", language=language, theme=theme)
    for each in ("a", "gate"):
        node(page, each).click()
        expect(page.locator(".node-form")).to_be_visible()
        found = violations(page)
        assert found == [], (each, found)
