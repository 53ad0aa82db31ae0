"""One run: the live graph, the timeline, steps with their logs, and exactly the verbs that are legal now."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.api.flows import ended, noop, publish, shell, start, step_until, steps, until, workflow
from tests.e2e.conftest import Site
from tests.e2e.driving import confirm, in_both_languages, in_both_lights, violations
from tests.e2e.texts import texts

GATE = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
PICK = {"id": "pick", "kind": "decision", "cases": [{"name": "good"}, {"name": "bad"}]}


def run_of(site: Site, name: str, *nodes: object, **spec: object) -> int:
    publish(site.client, workflow(name, *nodes, **spec))
    return start(site.client, name)


def box(page: Page, node: str) -> Locator:
    return page.locator(f".react-flow__node[data-id='{node}'] .box")


def choose(page: Page, node: str) -> Locator:
    """Select a node of the graph and give back the panel about its step."""
    page.locator(f".react-flow__node[data-id='{node}']").click()
    panel = page.locator(".step-panel")
    expect(panel).to_be_visible()
    return panel


def test_the_graph_is_live_and_people_act_on_it(site: Site) -> None:
    after = [{"node": "pick", "case": "good"}]
    run = run_of(
        site, "live", GATE, {**PICK, "after": ["gate"]}, {**shell("go", "echo went"), "after": after}
    )
    step_until(site.client, run, "gate", lambda step: step["wait"] == "approval")
    page = site.open(f"/runs/{run}")
    expect(box(page, "gate")).to_have_attribute("data-look", "waiting")
    panel = choose(page, "gate")
    panel.get_by_label("Comment (optional)").fill("looks right")
    panel.get_by_role("button", name="Approve").click()
    expect(box(page, "gate")).to_have_attribute("data-look", "successful")
    expect(box(page, "pick")).to_have_attribute("data-look", "waiting")
    panel = choose(page, "pick")
    panel.get_by_role("button", name="good").click()
    expect(box(page, "go")).to_have_attribute("data-look", "successful")
    expect(page.locator(".run-title [data-look]")).to_have_attribute("data-look", "successful")
    votes = site.client.get(f"/api/v1/runs/{run}/steps/{steps(site.client, run)['gate']['id']}").json()[
        "votes"
    ]
    assert [vote["comment"] for vote in votes] == ["looks right"]


@in_both_languages
def test_who_started_a_run_is_told_why_they_cannot_approve_it(site: Site, language: str) -> None:
    run = run_of(site, f"own-{language.lower()}", {**GATE, "allow_self": False})
    step_until(site.client, run, "gate", lambda step: step["wait"] == "approval")
    page = site.open(f"/runs/{run}", language)
    expect(choose(page, "gate").get_by_text(texts(language, "runs")("ownRun"))).to_be_visible()


def test_escape_closes_the_panel_and_the_selected_node_stays_in_view(site: Site) -> None:
    chain = [noop("n0"), *(noop(f"n{index}", f"n{index - 1}") for index in range(1, 9))]
    run = run_of(site, "row", *chain)
    ended(site.client, run)
    last = steps(site.client, run)["n8"]["id"]
    page = site.open(f"/runs/{run}?step={last}")
    node = page.locator(".react-flow__node[data-id='n8']")
    expect(node).to_be_in_viewport(ratio=0.99)
    page.locator(".step-panel").get_by_role("tab", name="Inputs").click()
    page.keyboard.press("Escape")
    expect(page.locator(".step-panel")).to_have_count(0)
    expect(node).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".step-panel")).to_be_visible()


def test_exactly_the_legal_verbs_are_offered(site: Site) -> None:
    run = run_of(site, "verbs", shell("a", "exec sleep 600"), noop("b", "a"))
    step_until(site.client, run, "a", lambda step: step["status"] == "RUNNING")
    page = site.open(f"/runs/{run}")
    bar = page.get_by_role("toolbar", name="Actions on the run")
    expect(bar.get_by_role("button")).to_have_text(["Pause", "Terminate"])
    bar.get_by_role("button", name="Pause").click()
    expect(bar.get_by_role("button")).to_have_text(["Resume", "Terminate"])
    bar.get_by_role("button", name="Resume").click()
    expect(bar.get_by_role("button")).to_have_text(["Pause", "Terminate"])
    choose(page, "b")
    of_step = page.get_by_role("toolbar", name="Actions on the step")
    expect(of_step.get_by_role("button")).to_have_text(["Break"])
    choose(page, "a")
    expect(of_step.get_by_role("button")).to_have_text(["Cancel"])
    of_step.get_by_role("button", name="Cancel").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Cancel a?")
    dialog.get_by_role("button", name="Cancel").last.click()
    expect(box(page, "a")).to_have_attribute("data-look", "canceled")
    expect(bar.get_by_role("button")).to_have_text(["Terminate", "Retry", "Roll back", "Rerun"])


def test_a_failed_step_is_retried_skipped_and_rerun(site: Site) -> None:
    run = run_of(site, "mend", shell("a", "echo broken; exit 3"), noop("b", "a"))
    ended(site.client, run, "FAILED")
    page = site.open(f"/runs/{run}")
    panel = choose(page, "a")
    of_step = page.get_by_role("toolbar", name="Actions on the step")
    of_step.get_by_role("button", name="Retry", exact=True).click()
    expect(panel.get_by_role("radio", name="#2")).to_be_checked()
    expect(box(page, "a")).to_have_attribute("data-look", "failed")
    of_step.get_by_role("button", name="Retry with other inputs").click()
    inputs = page.get_by_role("dialog").get_by_label("Inputs")
    inputs.fill('{"script": "echo')
    confirm(page, "Retry")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    expect(inputs).to_have_value('{"script": "echo')
    inputs.fill('{"script": "echo mended"}')
    confirm(page, "Retry")
    expect(inputs).to_have_count(0)
    expect(box(page, "a")).to_have_attribute("data-look", "successful")
    expect(box(page, "b")).to_have_attribute("data-look", "successful")
    expect(page.locator(".log-view")).to_contain_text("mended")
    of_step.get_by_role("button", name="Rerun from here").click()
    confirm(page, "Rerun from here")
    until(site.client, run, lambda _: steps(site.client, run)["b"]["attempt"] == 2)
    panel.get_by_role("tab", name="Attempts").click()
    expect(panel.locator("tbody tr.ant-table-row")).to_have_count(4)


def test_the_timeline_shows_every_attempt(site: Site) -> None:
    script = 'test "$HEADRACE_ATTEMPT" -ge 3'
    flaky = shell("flaky", script, retry={"max": 4, "delay": "50ms"})
    run = run_of(site, "times", noop("a"), {**flaky, "after": ["a"]})
    ended(site.client, run)
    page = site.open(f"/runs/{run}?view=timeline")
    row = page.get_by_role("button", name=re.compile("^flaky, Successful"))
    expect(row.locator(".gantt-bar")).to_have_count(3)
    row.click()
    expect(page.locator(".step-panel h2")).to_have_text("flaky")


def test_the_log_is_followed_searched_and_coloured(site: Site) -> None:
    coloured = "printf '\\033[31mred\\033[0m <b>not markup</b>\\n'"
    script = f"{coloured}; seq 1 3000; until test -e stop; do sleep 0.1; done"
    run = run_of(site, "logs", shell("a", script))
    step = step_until(site.client, run, "a", lambda step: step["status"] == "RUNNING")
    page = site.open(f"/runs/{run}?step={step['id']}")
    view = page.locator(".log-view")
    expect(view.get_by_text("3000", exact=True)).to_be_visible()
    page.get_by_placeholder("Find in the whole log").fill("not markup")
    page.keyboard.press("Enter")
    expect(view.locator(".log-hit")).to_contain_text("red <b>not markup</b>")
    expect(view.locator(".ansi-red").first).to_have_text("red")
    assert view.locator("b").count() == 0
    page.get_by_placeholder("Find in the whole log").fill("2718")
    page.keyboard.press("Enter")
    expect(view.locator(".log-hit")).to_have_text("2718")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the whole log").or_(
            page.get_by_role("link", name="Download the whole log")
        ).click()
    assert download.value.suggested_filename.endswith(".log")
    site.client.post(f"/api/v1/runs/{run}/terminate")


def test_a_very_large_log_opens_at_its_end_at_once(site: Site) -> None:
    run = run_of(site, "large", shell("a", "seq 1 14000000 | head -c 100000000; echo; echo the end"))
    ended(site.client, run)
    step = steps(site.client, run)["a"]["id"]
    page = site.open("/runs")
    page.goto(f"{site.live.url}/runs/{run}?step={step}")
    took = page.evaluate(
        """() => new Promise(done => {
             const begun = performance.now();
             const look = () => document.querySelector('.log-view')?.textContent.includes('the end')
               ? done(performance.now() - begun) : requestAnimationFrame(look);
             look();
           })"""
    )
    assert took < 5000
    expect(page.get_by_text(re.compile(r"95\.\d MB"))).to_be_visible()
    page.get_by_role("button", name="To the beginning").click()
    expect(page.locator(".log-view").get_by_text("2", exact=True)).to_be_visible()


def test_a_fan_out_is_one_box_and_many_steps(site: Site) -> None:
    each = shell("each", "echo did $ITEM", foreach="params.xs")
    run = run_of(site, "fan", each, params={"xs": {"type": "array", "default": ["p", "q", "r"]}})
    ended(site.client, run)
    page = site.open(f"/runs/{run}")
    expect(box(page, "each")).to_contain_text("3/3")
    choose(page, "each")
    page.get_by_label("Element of the fan-out").click()
    page.get_by_text("[1] Successful").click()
    expect(page.locator(".log-view")).to_contain_text("did q")


def test_the_list_of_nodes_serves_the_keyboard(site: Site) -> None:
    run = run_of(site, "keys", noop("first"), noop("second", "first"))
    ended(site.client, run)
    page = site.open(f"/runs/{run}")
    page.get_by_placeholder("Find a node").fill("sec")
    page.keyboard.press("Enter")
    expect(page.locator(".step-panel h2")).to_have_text("second")
    expect(page).to_have_url(re.compile(r"step=\d+"))


def test_what_is_still_being_fetched_is_told_in_words(site: Site) -> None:
    run = run_of(site, "slow", shell("a", "echo one"))
    ended(site.client, run)
    page = site.open(f"/runs/{run}")
    page.route("**/api/v1/runs/*/steps/*", lambda route: None)  # never answered
    panel = choose(page, "a")
    expect(panel.get_by_role("status", name="Loading")).to_be_visible()
    assert violations(page) == []
    page.unroute_all(behavior="ignoreErrors")


@in_both_languages
@in_both_lights
def test_nothing_is_against_the_rules_of_access(site: Site, language: str, theme: str) -> None:
    name = f"rules-{language}-{theme}"
    run = run_of(site, name, shell("a", "echo one; exit 1"), noop("b", "a"), GATE)
    step_until(site.client, run, "a", lambda step: step["status"] == "FAILED")
    step = steps(site.client, run)["a"]["id"]
    for path in (
        "/runs",
        f"/runs/{run}?step={step}",
        f"/runs/{run}?view=timeline",
        f"/runs/{run}?view=about",
    ):
        page = site.open(path, language, theme)
        expect(page.locator(".look").first).to_be_visible()
        page.wait_for_load_state("load")
        found = violations(page)
        assert found == [], (path, found)
