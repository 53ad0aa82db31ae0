"""A graph of more nodes than can be read at once: plain boxes from afar, nodes when one comes near."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.api.flows import ended, noop, publish, start, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import press

LAYERS, WIDTH = 6, 25


def layers(site: Site, name: str) -> str:
    """A published workflow of 150 nodes."""
    nodes = [
        noop(f"n{layer}-{at}", *([f"n{layer - 1}-{at}"] if layer else []))
        for layer in range(LAYERS)
        for at in range(WIDTH)
    ]
    return publish(site.client, workflow(name, *nodes))


def painted(canvas: Locator) -> tuple[int, int]:
    """A point well within what is painted on a canvas, as near to its middle as there is one."""
    found: list[int] = canvas.evaluate("""async canvas => {
        const frame = () => new Promise(requestAnimationFrame);
        for (let tries = 0; tries < 100; tries++, await frame()) {
            const {width, height} = canvas;
            const colours = canvas.getContext("2d").getImageData(0, 0, width, height).data;
            const isPainted = (x, y) => colours[4 * (y * width + x) + 3] > 200;
            const points = [];
            for (let y = 2; y < height - 2; y++)
                for (let x = 2; x < width - 2; x++)
                    if (isPainted(x - 2, y - 2) && isPainted(x + 2, y + 2)) points.push([x, y]);
            const from = ([x, y]) => Math.hypot(x - width / 2, y - height / 2);
            if (points.length) return points.reduce((one, other) => (from(one) <= from(other) ? one : other));
        }
        return [];
    }""")
    assert found, "nothing was painted"
    return found[0], found[1]


def shown(page: Page) -> Locator:
    return page.locator(".react-flow__node")


def test_from_afar_and_near(site: Site) -> None:
    run = start(site.client, layers(site, "large-run"))
    ended(site.client, run)
    page = site.open(f"/runs/{run}")
    overview = page.get_by_test_id("overview")
    press(page, "Show everything")
    expect(overview).to_be_visible()
    expect(shown(page)).to_have_count(0)
    x, y = painted(overview)
    pane = page.locator(".react-flow__pane")  # above what is painted: it is what the mouse meets
    pane.hover(position={"x": x, "y": y})
    expect(pane).to_have_attribute("title", re.compile(r"^n\d-\d+ · Successful$"))
    pane.click(position={"x": x, "y": y})
    expect(page.locator(".step-panel h2")).to_have_text(re.compile(r"^n\d-\d+$"))
    page.keyboard.press("Escape")
    page.get_by_placeholder("Find a node").fill("n5-24")
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__node[data-id='n5-24']")).to_be_visible()
    expect(overview).to_have_count(0)


def test_the_small_map_leads_elsewhere(site: Site) -> None:
    page = site.open(f"/workflows/{layers(site, 'large-draft')}/edit")
    small = page.get_by_role("img", name="Small map of the whole graph")
    painted(small)
    page.get_by_placeholder("Find a node").fill("n0-0")
    page.keyboard.press("Enter")
    first, last = (page.locator(f".react-flow__node[data-id^='n{layer}-']") for layer in (0, LAYERS - 1))
    expect(first.first).to_be_visible()
    expect(last).to_have_count(0)
    small.click(position={"x": 122, "y": 55})
    expect(last.first).to_be_visible()
    expect(first).to_have_count(0)
