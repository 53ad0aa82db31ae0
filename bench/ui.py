"""The graph of a run in a real Chromium: how fast large ones open, and frames while every node changes.

``python -m bench.ui`` prints the figures and writes bench/results/ui.json. The pages must be built.
"""

import json
import os
import random
import shutil
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine
from bench.figures import percentile
from headrace import main
from headrace.api.app import create_app
from headrace.config import Settings
from tests.api.conftest import serving

Json = Any
RESULTS = Path(__file__).parent / "results" / "ui.json"
TOKEN = "hr_the-token-of-the-measurement-of-pages"
COUNTS = (1000, 3000)
WIDTH = 25  # nodes of one layer
ROUNDS = 3
SECONDS = 5.0  # how long frames are counted

FLOOD = """
(() => {
  // The stream of one run, replaced by one in which every step changes ten times a second.
  const Real = window.EventSource;
  const STATES = ['READY', 'RUNNING', 'SUCCESSFUL', 'FAILED', 'PENDING'];
  window.EventSource = class extends EventTarget {
    constructor(url) {
      super();
      if (!/runs\\/\\d+\\/events/.test(url)) return new Real(url);
      this.readyState = 1;
      let seq = 1000000, turn = 0;
      const tell = () => {
        turn += 1;
        const changes = (window.benchSteps ?? []).map((step, index) =>
          ({step, move: 'x', status: STATES[(turn + index) % STATES.length],
            operation: 'EXECUTE', attempt: 1}));
        window.benchChanges = (window.benchChanges ?? 0) + changes.length;
        const data = JSON.stringify({run: 1, seq: ++seq, at: new Date().toISOString(), changes});
        this.dispatchEvent(new MessageEvent('change', {data, lastEventId: String(seq)}));
      };
      this.timer = setInterval(() => window.benchFlood && tell(), 100);
    }
    close() { clearInterval(this.timer); }
  };
})();
"""

FRAMES = """(seconds) => new Promise(done => {
  const gaps = [];
  let last = performance.now();
  const end = last + seconds * 1000;
  const tick = now => {
    gaps.push(now - last);
    last = now;
    if (now < end) requestAnimationFrame(tick); else done(gaps.slice(1));
  };
  requestAnimationFrame(tick);
})"""

OPENED = """() => new Promise(done => {
  const look = () => {
    const drawn = document.querySelector('[data-testid=overview], .react-flow__node');
    if (!drawn) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  };
  look();
})"""


def definition(count: int) -> Json:
    """Layers of jobs, each after its neighbours of the layer before; the same every time."""
    rng = random.Random(count)
    nodes: list[Json] = []
    for index in range(count):
        layer, column = divmod(index, WIDTH)
        node: Json = {"id": f"n{index}", "name": f"Job {index} of layer {layer}", "executor": "noop"}
        if layer:
            ups = {column} | ({min(WIDTH - 1, column + 1)} if rng.random() < 0.5 else set())
            node["after"] = [f"n{(layer - 1) * WIDTH + up}" for up in sorted(ups)]
        nodes.append(node)
    name = f"large-{count}"
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": nodes},
    }


def finished_run(client: httpx2.Client, count: int) -> int:
    """A run of such a workflow, ended."""
    document = definition(count)
    name = document["metadata"]["name"]
    client.put(f"/api/v1/workflows/{name}?publish=true", json=document).raise_for_status()
    run: int = client.post(f"/api/v1/workflows/{name}/runs", json={}).raise_for_status().json()["id"]
    with client.stream("GET", f"/api/v1/runs/{run}/events") as stream:
        for line in stream.iter_lines():
            if '"run":"succeed"' in line:
                break
    return run


def page_of(browser: Browser, script: str | None = None) -> Page:
    """A page of a browser session that has nothing in its cache."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, extra_http_headers={"Authorization": f"Bearer {TOKEN}"}
    )
    page = context.new_page()
    if script:
        page.add_init_script(script)
    return page


def opening(browser: Browser, address: str) -> float:
    """Milliseconds from the navigation to the drawn graph, with everything loaded anew."""
    page = page_of(browser)
    page.goto(address, wait_until="commit")
    took: float = page.evaluate(OPENED)
    page.context.close()
    return took


def frames(page: Page) -> Json:
    gaps: list[float] = page.evaluate(FRAMES, SECONDS)
    return {
        "frames_per_second": round(1000 * len(gaps) / sum(gaps), 1),
        "frame_p95_ms": round(percentile(gaps, 0.95), 1),
        "frame_max_ms": round(max(gaps), 1),
    }


def flooded(browser: Browser, address: str, steps: list[int]) -> Json:
    """Frames while all nodes change ten times a second: from afar, dragging the view, and from near."""
    page = page_of(browser, FLOOD)
    page.goto(address)
    page.evaluate(OPENED)
    page.evaluate("steps => { window.benchSteps = steps; window.benchFlood = true; }", steps)
    found = {"far": frames(page)}
    found["far_dragging"] = _while_dragging(page)
    page.get_by_placeholder("Find a node").fill(f"Job {len(steps) // 2} ")
    page.keyboard.press("Enter")
    page.locator(".react-flow__node").first.wait_for()
    page.get_by_role("button", name="Close the step").click()
    found["near"] = frames(page)
    found["changes_shown"] = page.evaluate("window.benchChanges")
    page.context.close()
    return found


def _while_dragging(page: Page) -> Json:
    """Frames while a hand moves the view to and fro."""
    page.mouse.move(500, 400)
    page.mouse.down()
    page.evaluate(
        """() => { let turn = 0;
          window.benchDrag = setInterval(() => { turn += 1;
            window.dispatchEvent(new MouseEvent('mousemove', {bubbles: true, view: window,
              clientX: 500 + 200 * Math.sin(turn / 10), clientY: 400 + 100 * Math.cos(turn / 13)}));
          }, 16); }"""
    )
    found = frames(page)
    page.evaluate("clearInterval(window.benchDrag)")
    page.mouse.up()
    return found


def measure(browser: Browser, client: httpx2.Client, url: str, count: int) -> Json:
    run = finished_run(client, count)
    steps = [step["id"] for step in client.get(f"/api/v1/runs/{run}/steps").json()["items"]]
    address = f"{url}/runs/{run}"
    opened = [opening(browser, address) for _ in range(ROUNDS)]
    editor = [opening(browser, f"{url}/workflows/large-{count}/edit") for _ in range(ROUNDS)]
    return {
        "nodes": count,
        "open_ms": round(statistics.median(opened)),
        "open_max_ms": round(max(opened)),
        "open_editor_ms": round(statistics.median(editor)),
        **flooded(browser, address, steps),
    }


def main_() -> int:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("there is no Chromium on this machine")
        return 1
    with TemporaryDirectory() as home, sync_playwright() as driver:
        system = main.build(Settings(home=Path(home), admin_token=TOKEN))
        system.start()
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            with serving(create_app(system)) as url:
                headers = {"Authorization": f"Bearer {TOKEN}"}
                client = httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False)
                found = [measure(browser, client, url, count) for count in COUNTS]
                client.close()
        finally:
            browser.close()
            system.stop()
    report = {"machine": machine.describe(), "load": round(os.getloadavg()[0], 1), "graphs": found}
    RESULTS.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main_())
