"""Steps over HTTP: shape, links, attempts, and every verb."""

import httpx2
import pytest

from tests.api.conftest import Running
from tests.api.flows import ended, noop, publish, read, shell, start, step_until, steps, workflow

STEP = {"id", "runId", "node", "name", "kind", "executor", "status", "operation", "phase", "wait"} | {
    "reason", "message", "progress", "attempt", "parallelIdx", "upstreams", "downstreams", "outputs",
    "createdAt", "startedAt", "finishedAt",
}  # fmt: skip
DETAIL = {"verbs", "inputs", "votes", "approvers", "approvals", "cases", "children", "worker", "due", "dueAt"}
ATTEMPT = {
    "number",
    "operation",
    "phase",
    "status",
    "worker",
    "reason",
    "message",
    "startedAt",
    "finishedAt",
} | {"logBytes"}


def act(client: httpx2.Client, run: int, step: int, verb: str, **body: object) -> httpx2.Response:
    return client.post(f"/api/v1/runs/{run}/steps/{step}/{verb}", json=body)


def test_the_shape_of_a_step(client: httpx2.Client) -> None:
    first = noop("a", name="First", description="…")
    publish(client, workflow("w", first, noop("b", "a"), noop("c", "a"), noop("d", "b", "c")))
    run = start(client, "w")
    ended(client, run)
    found = steps(client, run)
    assert all(set(step) == STEP for step in found.values())
    ids = {node: step["id"] for node, step in found.items()}
    assert found["a"]["downstreams"] == [ids["b"], ids["c"]]
    assert found["d"]["upstreams"] == [ids["b"], ids["c"]]
    assert (found["a"]["name"], found["b"]["name"]) == ("First", "b")
    assert (found["a"]["kind"], found["a"]["executor"], found["a"]["parallelIdx"]) == ("task", "noop", -1)
    assert found["a"]["status"] == "SUCCESSFUL"
    detail = read(client, f"/runs/{run}/steps/{ids['a']}")
    assert {key: detail.pop(key) for key in DETAIL}["verbs"] == ["rerun", "rerun_downstream"]
    assert detail == found["a"]


def test_steps_come_whole_or_in_pages(client: httpx2.Client) -> None:
    publish(client, workflow("w", *(noop(f"n{i}") for i in range(5))))
    run = start(client, "w")
    ended(client, run)
    whole = read(client, f"/runs/{run}/steps")
    assert (len(whole["items"]), whole["page"], whole["total"]) == (5, 1, 5)
    page = read(client, f"/runs/{run}/steps?size=2&page=3")
    assert ([step["node"] for step in page["items"]], page["total"]) == (["n4"], 5)
    assert read(client, f"/runs/{run}/steps?page=2")["items"] == []


def test_a_failed_step_is_retried_with_other_parameters(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "echo one; exit 3"), noop("b", "a")))
    run = start(client, "w")
    ended(client, run, "FAILED")
    step = steps(client, run)["a"]
    assert (step["status"], step["reason"], step["attempt"]) == ("FAILED", "error", 1)
    answer = act(client, run, step["id"], "retry", **{"with": {"script": "echo two"}})
    assert (answer.status_code, answer.json()["operation"]) == (200, "RETRY")
    ended(client, run)
    attempts = read(client, f"/runs/{run}/steps/{step['id']}/attempts")["items"]
    assert all(set(attempt) == ATTEMPT for attempt in attempts)
    assert [(each["number"], each["status"]) for each in attempts] == [(1, "FAILED"), (2, "SUCCESSFUL")]
    assert [each["logBytes"] > 0 for each in attempts] == [True, True]


def test_skip_passes_outputs_on(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exit 1"), noop("b", "a")))
    run = start(client, "w")
    ended(client, run, "FAILED")
    skipped = act(client, run, steps(client, run)["a"]["id"], "skip", outputs={"x": 1}).json()
    assert (skipped["status"], skipped["operation"], skipped["outputs"]) == ("SUCCESSFUL", "SKIP", {"x": 1})
    ended(client, run)


def test_cancel(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exec sleep 60")))
    run = start(client, "w")
    step = step_until(client, run, "a", lambda step: step["status"] == "RUNNING")
    assert act(client, run, step["id"], "cancel").json()["status"] in ("CANCELING", "FAILED")
    ended(client, run, "FAILED")
    assert steps(client, run)["a"]["reason"] == "canceled"


def test_break_bypasses_what_follows(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exec sleep 60"), noop("b", "a"), noop("c", "b")))
    run = start(client, "w")
    step_until(client, run, "a", lambda step: step["status"] == "RUNNING")
    broken = act(client, run, steps(client, run)["b"]["id"], "break").json()
    assert (broken["status"], broken["reason"]) == ("BYPASSED", "broken")
    assert steps(client, run)["c"]["status"] == "BYPASSED"
    client.post(f"/api/v1/runs/{run}/terminate")
    ended(client, run, "CANCELED")


def test_a_person_chooses(client: httpx2.Client) -> None:
    decision = {"id": "d", "kind": "decision", "cases": [{"name": "yes"}, {"name": "no"}]}
    after = [{"node": "d", "case": "yes"}]
    publish(client, workflow("w", decision, {**noop("go"), "after": after}))
    run = start(client, "w")
    step = step_until(client, run, "d", lambda step: step["wait"] == "choice")
    assert act(client, run, step["id"], "choose", case="maybe").status_code == 422
    assert act(client, run, step["id"], "choose").status_code == 422
    assert act(client, run, step["id"], "choose", case="no").status_code == 200
    ended(client, run)
    assert (steps(client, run)["go"]["status"], steps(client, run)["go"]["reason"]) == (
        "BYPASSED",
        "not_taken",
    )


@pytest.mark.parametrize(("verb", "end"), [("approve", "SUCCESSFUL"), ("reject", "FAILED")])
def test_people_approve(client: httpx2.Client, verb: str, end: str) -> None:
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
    publish(client, workflow("w", gate))
    run = start(client, "w")
    step = step_until(client, run, "gate", lambda step: step["wait"] == "approval")
    assert act(client, run, step["id"], verb, comment="x" * 3000).status_code == 422
    assert act(client, run, step["id"], verb, comment="seen").status_code == 200
    ended(client, run, end)


def test_a_page_is_told_what_is_legal_now(live: Running, client: httpx2.Client) -> None:
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
    pick = {"id": "pick", "kind": "decision", "cases": [{"name": "x"}, {"name": "y"}], "after": ["gate"]}
    publish(client, workflow("w", gate, pick, shell("end", "true", {"node": "pick", "case": "x"})))
    run = start(client, "w")
    step = step_until(client, run, "gate", lambda step: step["wait"] == "approval")
    seen = read(client, f"/runs/{run}/steps/{step['id']}")
    assert seen["verbs"] == ["cancel", "approve", "reject"]
    assert (seen["approvers"], seen["approvals"]) == ([{"role": "administrator"}], "any")
    viewer = live.user("kim", ("viewer",))
    assert read(viewer, f"/runs/{run}/steps/{step['id']}")["verbs"] == []
    assert read(viewer, f"/runs/{run}")["verbs"] == []
    act(client, run, step["id"], "approve", comment="fine")
    voted = read(client, f"/runs/{run}/steps/{step['id']}")
    assert [(vote["name"], vote["comment"]) for vote in voted["votes"]] == [("admin", "fine")]
    assert voted["votes"] == voted["outputs"]["votes"]
    assert voted["votes"][0]["at"].endswith("+00:00")
    choice = step_until(client, run, "pick", lambda step: step["wait"] == "choice")
    seen = read(client, f"/runs/{run}/steps/{choice['id']}")
    assert (seen["verbs"], seen["cases"]) == (["cancel", "choose"], ["x", "y"])
    assert read(client, f"/runs/{run}")["verbs"] == ["pause", "terminate"]
    act(client, run, choice["id"], "choose", case="x")
    ended(client, run)
    end = steps(client, run)["end"]["id"]
    assert read(client, f"/runs/{run}/steps/{end}")["inputs"] == {"script": "true"}
    assert read(client, f"/runs/{run}")["verbs"] == ["rollback", "rerun"]


def test_rerun_this_and_downstream(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a"), noop("b", "a")))
    run = start(client, "w")
    ended(client, run)
    a = steps(client, run)["a"]["id"]
    assert act(client, run, a, "rerun", scope="everything").status_code == 422
    assert act(client, run, a, "rerun").status_code == 200
    ended(client, run)
    assert [steps(client, run)[node]["attempt"] for node in "ab"] == [2, 1]
    assert act(client, run, a, "rerun", scope="downstream").status_code == 200
    ended(client, run)
    assert [steps(client, run)[node]["attempt"] for node in "ab"] == [3, 2]


@pytest.mark.parametrize("verb", ["retry", "skip", "cancel", "break", "approve", "reject", "rerun"])
def test_a_step_of_another_run_is_absent(client: httpx2.Client, verb: str) -> None:
    publish(client, workflow("w", shell("a", "exit 1")))
    one, two = start(client, "w"), start(client, "w")
    ended(client, one, "FAILED")
    ended(client, two, "FAILED")
    step = steps(client, two)["a"]
    assert act(client, one, step["id"], verb).status_code == 404
    assert client.get(f"/api/v1/runs/{one}/steps/{step['id']}").status_code == 404
    assert client.get(f"/api/v1/runs/{one}/steps/{step['id']}/attempts").status_code == 404
    assert client.get(f"/api/v1/runs/{one}/steps/{step['id']}/attempts/1/log").status_code == 404
    assert steps(client, two)["a"] == step


def test_verbs_refuse_fields_they_do_not_know(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exit 1")))
    run = start(client, "w")
    ended(client, run, "FAILED")
    step = steps(client, run)["a"]["id"]
    for verb in ("retry", "skip", "cancel", "break", "approve", "reject", "rerun"):
        assert act(client, run, step, verb, status="SUCCESSFUL").status_code == 422
    assert client.post(f"/api/v1/runs/{run}/retry", json={"status": "SUCCESSFUL"}).status_code == 422
