"""Runs over HTTP: shape, filters, paging, verbs, and the same key for the same answer."""

import httpx2
import pytest

from headrace.ports.records import RunFilter
from tests.api.conftest import Running
from tests.api.flows import ended, noop, publish, read, shell, start, step_until, steps, until, workflow

FAILS = "test -e ok || exit 3"
RUN = {"id", "workflow", "version", "status", "operation", "paused", "mock", "debug", "params", "targets"} | {
    "wait", "creator", "trigger", "createdAt", "plannedAt", "startedAt", "finishedAt", "message"
}  # fmt: skip
DETAIL = {"seq", "verbs", "closing", "deadline", "parent"}


def act(client: httpx2.Client, run: int, verb: str, **body: object) -> httpx2.Response:
    return client.post(f"/api/v1/runs/{run}/{verb}", json=body)


def test_the_shape_of_a_run(client: httpx2.Client) -> None:
    client.put("/api/v1/targets/host/web1", json={"attributes": {"ip": "10.0.0.7"}})
    publish(client, workflow("w", noop("a"), target="host", params={"x": {"type": "integer"}}))
    made = client.post(
        "/api/v1/workflows/w/runs", json={"params": {"x": 1}, "targets": [{"type": "host", "name": "web1"}]}
    )
    run = made.json()
    assert made.headers["location"] == f"/api/v1/runs/{run['id']}"
    run = ended(client, run["id"])
    assert set(run) == RUN | DETAIL
    assert set(read(client, "/runs")["items"][0]) == RUN
    assert run["targets"] == [{"type": "host", "id": run["targets"][0]["id"], "name": "web1"}]
    assert (run["params"], run["creator"]["name"], run["trigger"]) == ({"x": 1}, "admin", "API")
    for key in ("createdAt", "startedAt", "finishedAt"):
        assert run[key].endswith("+00:00")


def test_filters_and_pages(client: httpx2.Client) -> None:
    publish(client, workflow("good", noop("a")))
    publish(client, workflow("bad_one", shell("a", "exit 1")))
    runs = [ended(client, start(client, "good"))["id"] for _ in range(3)]
    failed = ended(client, start(client, "bad_one"), "FAILED")["id"]
    assert [run["id"] for run in read(client, "/runs")["items"]] == [failed, *reversed(runs)]
    assert read(client, "/runs?status=FAILED&status=CANCELED")["total"] == 1
    assert read(client, "/runs?workflow=good")["total"] == 3
    assert read(client, "/runs?name=D_O")["total"] == 1
    page = read(client, "/runs?sort=id,asc&page=2&size=3")
    assert ([run["id"] for run in page["items"]], page["total"]) == ([failed], 4)
    assert read(client, "/runs?trigger=SCHEDULED")["total"] == 0


def test_a_cursor_has_no_gaps_while_runs_come(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    runs = [start(client, "w") for _ in range(5)]
    first = read(client, "/runs?limit=2")
    start(client, "w")
    second = read(client, f"/runs?limit=2&cursor={first['next']}")
    third = read(client, f"/runs?limit=2&cursor={second['next']}")
    seen = [run["id"] for page in (first, second, third) for run in page["items"]]
    assert seen == list(reversed(runs))
    assert third["next"] is None
    refused = client.get("/api/v1/runs?limit=2&sort=id,asc")
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "query.sort")


def test_pause_holds_and_resume_lets_go(client: httpx2.Client) -> None:
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
    publish(client, workflow("w", gate, noop("after", "gate")))
    run = start(client, "w")
    wait = step_until(client, run, "gate", lambda step: step["wait"] == "approval")
    assert act(client, run, "pause").json()["paused"] is True
    assert act(client, run, "pause").status_code == 409
    assert act(client, run, "resume").json()["paused"] is False
    answer = client.post(f"/api/v1/runs/{run}/steps/{wait['id']}/approve", json={"comment": "好"})
    assert answer.status_code == 200, answer.text
    ended(client, run)


def test_retry_rollback_rerun_and_the_state_in_409(client: httpx2.Client, tmp_path: object) -> None:
    flag = f"{tmp_path}/ok"
    node = shell("a", f"test -e {flag}", rollback={"script": "true"})
    publish(client, workflow("w", node))
    run = start(client, "w")
    ended(client, run, "FAILED")
    open(flag, "w").close()
    assert act(client, run, "retry").json()["operation"] == "RETRY"
    ended(client, run)
    refused = act(client, run, "retry")
    assert (refused.status_code, refused.json()["state"]["status"]) == (409, "SUCCESSFUL")
    assert act(client, run, "rollback").json()["operation"] == "ROLLBACK"
    back = ended(client, run)
    assert (back["status"], back["operation"]) == ("SUCCESSFUL", "ROLLBACK")
    assert act(client, run, "rerun").status_code == 200
    ended(client, run)
    verbs = [each["verb"] for each in read(client, f"/runs/{run}/operations")["items"]]
    assert verbs[:3] == ["EXECUTE", "RETRY", "ROLLBACK"]


def test_terminate(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exec sleep 60")))
    run = start(client, "w")
    step_until(client, run, "a", lambda step: step["status"] == "RUNNING")
    assert act(client, run, "terminate").status_code == 200
    ended(client, run, "CANCELED")


def test_the_same_key_starts_once(client: httpx2.Client, live: Running) -> None:
    publish(client, workflow("w", noop("a")))
    path, key = "/api/v1/workflows/w/runs", {"Idempotency-Key": "k1"}
    first = client.post(path, json={}, headers=key)
    again = client.post(path, json={}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    other = client.post(path, json={"mock": True}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_mismatch")
    assert other.json()["detail"] == "This idempotency key was used for another request."
    assert "state" not in other.json(), "where nothing is said of a state"
    kim = live.user("kim", ("operator",))
    assert kim.post(path, json={}, headers=key).json()["id"] != first.json()["id"]
    with live.system.store.read() as reader:
        assert reader.runs(1, RunFilter(), (), 1, 10).total == 2


def test_the_same_key_acts_once(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exit 1")))
    run = start(client, "w")
    ended(client, run, "FAILED")
    key = {"Idempotency-Key": "again"}
    first = client.post(f"/api/v1/runs/{run}/retry", headers=key)
    ended(client, run, "FAILED")
    second = client.post(f"/api/v1/runs/{run}/retry", headers=key)
    assert (first.status_code, second.status_code) == (200, 200)
    ended(client, run, "FAILED")
    assert steps(client, run)["a"]["attempt"] == 2


def test_an_unknown_workflow_is_absent(client: httpx2.Client) -> None:
    assert client.post("/api/v1/workflows/none/runs").status_code == 404


@pytest.mark.parametrize("verb", ["pause", "resume", "terminate", "retry", "rollback", "rerun"])
def test_verbs_of_an_absent_run(client: httpx2.Client, verb: str) -> None:
    answer = act(client, 12345, verb)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "12345" in answer.json()["detail"]


def test_debug_and_mock_are_carried(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    run = start(client, "w", mock=True)
    assert until(client, run, lambda run: run["status"] != "RUNNING")["mock"] is True


def test_a_run_keeps_its_definition(client: httpx2.Client) -> None:
    document = workflow("w", noop("a"))
    publish(client, document)
    run = start(client, "w")
    ended(client, run)
    etag = client.get("/api/v1/workflows/w").headers["etag"]
    changed = workflow("w", noop("a"), noop("b"))
    client.put("/api/v1/workflows/w?publish=true", json=changed, headers={"If-Match": etag})
    kept = read(client, f"/runs/{run}/definition")
    assert kept == {"workflow": "w", "version": 1, "document": document}


def test_a_run_that_may_not_be_rolled_back_does_not_offer_it(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a", rollback="forbidden")))
    run = start(client, "w")
    ended(client, run)
    assert read(client, f"/runs/{run}")["verbs"] == ["rerun"]


def test_a_run_says_what_people_are_asked_for_where_nothing_else_goes_on(client: httpx2.Client) -> None:
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
    pick = {"id": "pick", "kind": "decision", "cases": [{"name": "good"}, {"name": "bad"}], "after": ["gate"]}
    publish(client, workflow("asks", gate, pick))
    publish(client, workflow("busy", gate, {"id": "nap", "kind": "timer", "for": "1h"}))
    asks, busy = start(client, "asks"), start(client, "busy")
    gate_of_asks = step_until(client, asks, "gate", lambda step: step["wait"] == "approval")["id"]
    step_until(client, busy, "gate", lambda step: step["wait"] == "approval")
    step_until(client, busy, "nap", lambda step: step["wait"] == "timer")
    assert waits(client) == {asks: "approval", busy: None}
    assert waits(client, "?limit=5") == waits(client)
    assert [read(client, f"/runs/{run}")["wait"] for run in (asks, busy)] == ["approval", None]
    client.post(f"/api/v1/runs/{asks}/steps/{gate_of_asks}/approve", json={}).raise_for_status()
    step_until(client, asks, "pick", lambda step: step["wait"] == "choice")
    assert waits(client)[asks] == "choice"
    act(client, asks, "terminate").raise_for_status()
    ended(client, asks, "CANCELED")
    assert waits(client)[asks] is None


def waits(client: httpx2.Client, asked: str = "") -> dict[int, str | None]:
    return {run["id"]: run["wait"] for run in read(client, f"/runs{asked}")["items"]}
