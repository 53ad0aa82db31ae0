"""Every change leaves a record of who, when, from where, before and after (S41)."""

import re
from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute

from headrace.api.app import create_app
from headrace.ports.audit import AuditFilter
from tests.api.conftest import ADMIN_PASSWORD, ADMIN_TOKEN, Running
from tests.api.flows import ended, noop, publish, shell, start, step_until, steps, until, workflow

SAFE = ("GET", "HEAD", "OPTIONS")
READING = {
    "/api/v1/schedules/preview",
    "/api/v1/workflows:check",
    "/workflow/exportWorkflow",
    "/workflow/getRunWorkInstances",
    "/workflow/getWorkflow",
    "/workflow/pageWorkflow",
    "/workflow/queryWorkFlowInstances",
}
"""Ask, and change nothing."""
ELSEWHERE = re.compile(
    r"/api/v1/(alarms|channels|connections|secrets|schedules)|/workflow/|.*/tokens|.*license"
)
"""Proved by the tests of those resources, and of the surface of workflows."""


class Watched:
    """A client each of whose successful changes must leave a record before it is answered."""

    def __init__(self, live: Running, client: httpx2.Client) -> None:
        self._routes = [route for route in create_app(live.system).routes if isinstance(route, APIRoute)]
        self._live = live
        self.seen: set[str] = set()
        self.records: dict[str, Any] = {}
        self._newest = 0
        client.event_hooks = {"request": [self._before], "response": [self._after]}

    def _last(self) -> Any:
        with self._live.system.store.read() as reader:
            found = reader.audit(1, AuditFilter(), None, 1)
        return found[0] if found else None

    def _before(self, request: httpx2.Request) -> None:
        last = self._last()
        self._newest = last.id if last else 0

    def _after(self, answer: httpx2.Response) -> None:
        request = answer.request
        if request.method in SAFE or answer.is_error:
            return
        path = next(
            route.path
            for route in self._routes
            if request.method in (route.methods or ()) and route.path_regex.match(request.url.path)
        )
        last = self._last()
        assert path in READING or last.id > self._newest, (request.method, path)
        assert last.address == "127.0.0.1"
        self.seen.add(f"{request.method} {path}")
        self.records[f"{last.kind} {last.action}"] = last


@pytest.fixture
def watched(live: Running, client: httpx2.Client) -> Watched:
    return Watched(live, client)


def good(answer: httpx2.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def test_census(live: Running, client: httpx2.Client, watched: Watched) -> None:
    people(client)
    targets(client)
    definitions(client)
    runs(client)
    waiting(client)
    tasks(client)
    sessions(live)
    unsafe = {
        f"{method} {route.path}"
        for route in create_app(live.system).routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
        if method not in SAFE and route.path not in READING and not ELSEWHERE.match(route.path)
    }
    assert unsafe - watched.seen == {"POST /api/v1/sign-in", "DELETE /api/v1/session"}
    with live.system.store.read() as reader:
        kinds = {(each.kind, each.action) for each in reader.audit(1, AuditFilter(), None, 9)}
    assert kinds >= {("session", "sign-in"), ("session", "sign-out"), ("session", "sign-in-failed")}


def people(client: httpx2.Client) -> None:
    role = good(client.post("/api/v1/roles", json={"name": "r", "permissions": []}))["id"]
    good(client.put(f"/api/v1/roles/{role}", json={"permissions": ["TASK_VIEWER"]}))
    user = good(client.post("/api/v1/users", json={"name": "u"}))["id"]
    good(client.patch(f"/api/v1/users/{user}", json={"disabled": True, "password": "a canary here"}))
    good(client.delete(f"/api/v1/roles/{role}"))
    tenant = good(client.post("/api/v1/tenants", json={"name": "t", "password": "a long password"}))["id"]
    good(client.patch(f"/api/v1/tenants/{tenant}", json={"maxWorkflows": 3, "disabled": True}))
    own = {"current": ADMIN_PASSWORD, "password": ADMIN_PASSWORD}
    good(client.put("/api/v1/me/password", json=own))


def targets(client: httpx2.Client) -> None:
    good(client.put("/api/v1/targets/host/h", json={}))
    good(client.put("/api/v1/targets/host/h", json={"attributes": {"rack": "7"}}))
    good(client.delete("/api/v1/targets/host/h"))


def definitions(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    good(client.post("/api/v1/workflows/w/copy", json={"name": "c"}))
    good(client.post("/api/v1/workflows/c/publish"))
    good(client.post("/api/v1/workflows/c/offline"))
    good(client.delete("/api/v1/workflows/c"))


def act(client: httpx2.Client, run: int, node: str, verb: str, **body: Any) -> None:
    step = steps(client, run)[node]["id"]
    good(client.post(f"/api/v1/runs/{run}/steps/{step}/{verb}", json=body))


def runs(client: httpx2.Client) -> None:
    publish(client, workflow("fails", shell("a", "exit 1"), noop("b", "a")))
    run = start(client, "fails")
    ended(client, run, "FAILED")
    good(client.post(f"/api/v1/runs/{run}/retry"))
    ended(client, run, "FAILED")
    act(client, run, "a", "retry")
    ended(client, run, "FAILED")
    act(client, run, "a", "skip")
    ended(client, run)
    act(client, run, "b", "rerun")
    ended(client, run)
    good(client.post(f"/api/v1/runs/{run}/rerun"))
    ended(client, run, "FAILED")
    good(client.post(f"/api/v1/runs/{run}/rollback"))


def waiting(client: httpx2.Client) -> None:
    gate = {"kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
    pick = {"id": "d", "kind": "decision", "cases": [{"name": "x"}, {"name": "y"}]}
    nodes = [{"id": "p", **gate}, {"id": "q", **gate}, pick, shell("s", "sleep 60"), noop("z", "s")]
    publish(client, workflow("waits", *nodes))
    run = start(client, "waits")
    good(client.post(f"/api/v1/runs/{run}/pause"))
    good(client.post(f"/api/v1/runs/{run}/resume"))
    for node, verb, body in [
        ("p", "approve", {"comment": "fine"}),
        ("q", "reject", {}),
        ("d", "choose", {"case": "x"}),
    ]:
        step_until(client, run, node, lambda step: step["wait"] is not None)
        act(client, run, node, verb, **body)
    act(client, run, "z", "break")
    step_until(client, run, "s", lambda step: step["status"] == "RUNNING")
    act(client, run, "s", "cancel")
    good(client.post(f"/api/v1/runs/{run}/terminate"))
    until(client, run, lambda run: run["status"] == "CANCELED")


def tasks(client: httpx2.Client) -> None:
    publish(client, workflow("task", shell("a", "exit 1"), shell("b", "sleep 60")))
    run = start(client, "task")
    found = steps(client, run)
    task = f"/api/v2/tasks/instances/{run}"
    step_until(client, run, "b", lambda step: step["status"] == "RUNNING")
    good(client.post(f"{task}/subtasks/{found['b']['id']}/cancel"))
    ended(client, run, "FAILED")
    good(client.post(f"{task}/subtasks/{found['a']['id']}/retry"))
    ended(client, run, "FAILED")
    good(client.post(f"{task}/subtasks/{found['b']['id']}/skip"))
    ended(client, run, "FAILED")
    good(client.post(f"{task}/retry"))
    ended(client, run, "FAILED")
    good(client.post(f"{task}/rollback"))


def sessions(live: Running) -> None:
    browser = live.client(headers={"X-Headrace-Request": "1"})
    right = {"name": "admin", "password": ADMIN_PASSWORD}
    assert browser.post("/api/v1/sign-in", json={**right, "password": "wrong"}).status_code == 401
    assert browser.post("/api/v1/sign-in", json={**right, "tenant": "nowhere"}).status_code == 401
    good(browser.post("/api/v1/sign-in", json=right))
    good(browser.delete("/api/v1/session"))


def test_what_a_record_tells(live: Running, client: httpx2.Client) -> None:
    people(client)
    found = client.get("/api/v1/audit", params={"kind": "user", "action": "change"}).json()["items"][0]
    assert (found["user"]["name"], found["address"], found["object"]) == ("admin", "127.0.0.1", "u")
    assert (found["before"]["disabled"], found["after"]["disabled"]) == (False, True)
    assert found["after"]["password"] == "changed"
    whole = client.get("/api/v1/audit?limit=2000").text
    assert "canary" not in whole
    assert ADMIN_PASSWORD not in whole
    assert "argon2" not in whole


def test_verbs_tell_the_state_before_and_after(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exit 1")))
    run = start(client, "w")
    ended(client, run, "FAILED")
    act(client, run, "a", "skip")
    good(client.post(f"/api/v1/runs/{run}/rerun"))
    items = client.get("/api/v1/audit?limit=3").json()["items"]
    assert [(each["kind"], each["action"]) for each in items] == [
        ("run", "rerun"),
        ("step", "skip"),
        ("run", "start"),
    ]
    skip = items[1]
    assert (skip["before"]["status"], skip["after"]["status"]) == ("FAILED", "SUCCESSFUL")
    assert skip["after"]["node"] == "a"


def test_refusals_and_repetitions_leave_none(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    key = {"Idempotency-Key": "k"}
    runs = [client.post("/api/v1/workflows/w/runs", headers=key).json()["id"] for _ in range(2)]
    ended(client, runs[0])
    assert client.post(f"/api/v1/runs/{runs[0]}/pause").status_code == 409
    items = client.get("/api/v1/audit?kind=run").json()["items"]
    assert [each["action"] for each in items] == ["start"]


def test_filters_and_cursor(client: httpx2.Client) -> None:
    for name in ("a1", "a2", "b1"):
        good(client.put(f"/api/v1/targets/host/{name}", json={}))
    pages, cursor = [], None
    while True:
        params = {"kind": "target", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get("/api/v1/audit", params=params).json()
        pages.append([each["object"] for each in page["items"]])
        cursor = page["next"]
        if cursor is None:
            break
    assert pages == [["host/b1", "host/a2"], ["host/a1"]]
    at = client.get("/api/v1/audit?kind=target").json()["items"][1]["at"]
    for params, count in [
        ({"object": "HOST/A"}, 2),
        ({"user": "ADM", "object": "b1"}, 1),
        ({"user": "nobody"}, 0),
        ({"action": "delete"}, 0),
        ({"kind": "target", "since": at}, 2),
        ({"kind": "target", "until": at}, 1),
    ]:
        assert len(client.get("/api/v1/audit", params=params).json()["items"]) == count, params
    assert client.get("/api/v1/audit?since=yesterday").status_code == 422
    assert client.get("/api/v1/audit?since=2027-01-01T00:00:00").status_code == 422


def test_licence_over_http(live: Running, client: httpx2.Client) -> None:
    shown = client.get("/api/v1/license").json()
    assert (shown["kind"], shown["valid"], shown["maxWorkflows"]) == ("community", True, None)
    assert shown["used"] == {"workflows": 0, "users": 1, "tenants": 1}
    assert client.post("/api/v1/license", json={"text": "{}"}).json()["code"] == "licence_malformed"
    assert client.delete("/api/v1/license").status_code == 204
    assert live.client(ADMIN_TOKEN).get("/api/v1/license").status_code == 200


def test_tenants_are_changed(live: Running, client: httpx2.Client) -> None:
    body = {"name": "acme", "password": "a long password", "maxWorkflows": 1}
    tenant = good(client.post("/api/v1/tenants", json=body))
    assert (tenant["maxWorkflows"], tenant["users"]) == (1, 1)
    theirs = live.client(auth=("acme/admin", "a long password"))
    publish(theirs, workflow("w", noop("a")))
    second = theirs.put("/api/v1/workflows/x", json=workflow("x", noop("a")))
    assert (second.status_code, second.json()["code"]) == (422, "quota_workflows")
    start(theirs, "w")
    path = f"/api/v1/tenants/{tenant['id']}"
    assert good(client.patch(path, json={"maxWorkflows": None}))["maxWorkflows"] is None
    good(theirs.put("/api/v1/workflows/x", json=workflow("x", noop("a"))))
    assert theirs.get("/api/v1/license").json()["used"] == {"workflows": 2, "users": 1, "tenants": 1}
    assert good(client.patch(path, json={"disabled": True}))["disabled"] is True
    assert theirs.get("/api/v1/me").status_code == 401
    assert client.get(path).json()["workflows"] == 2
    assert client.patch("/api/v1/tenants/1", json={"disabled": True}).status_code == 403
    assert client.patch("/api/v1/tenants/404", json={}).status_code == 404
