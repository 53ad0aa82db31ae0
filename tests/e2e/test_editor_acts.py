"""What the editor's acts leave behind: nodes that can be seen, and a draft that is told truly."""

from playwright.sync_api import Page, expect

from tests.api.flows import noop, publish, workflow
from tests.e2e.conftest import Site


def places(page: Page) -> list[tuple[int, int]]:
    """The corners of the nodes on the screen."""
    boxes = [node.bounding_box() for node in page.locator(".react-flow__node").all()]
    return [(round(box["x"]), round(box["y"])) for box in boxes if box]


def test_nodes_added_by_keyboard_hide_no_other(site: Site) -> None:
    page = site.open("/workflows/by-keyboard/edit")
    for count, pattern in enumerate(("shell", "noop", "noop"), start=1):
        page.locator(f"[data-pattern={pattern}]").press("Enter")
        expect(page.locator(".react-flow__node")).to_have_count(count)
    assert len(set(places(page))) == 3


def test_what_is_pasted_twice_is_seen_twice(site: Site) -> None:
    publish(site.client, workflow("pasted", noop("a", position={"x": 0, "y": 0})))
    page = site.open("/workflows/pasted/edit")
    page.locator(".react-flow__node").click()
    for key in ("c", "v", "v"):
        page.keyboard.press(f"Control+{key}")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    assert len(set(places(page))) == 3


def test_what_is_published_with_its_changes_has_none_left(site: Site) -> None:
    page = site.open("/workflows/published-at-once/edit")
    page.locator("[data-pattern=noop]").press("Enter")
    unsaved = page.get_by_role("status").get_by_text("Unsaved changes")
    expect(unsaved).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published.")).to_be_visible()
    expect(unsaved).to_have_count(0)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
