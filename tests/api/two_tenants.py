"""Two tenants with objects of the same shape, and every native route filled with ids of one of them."""

from dataclasses import dataclass
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.api.conftest import Running
from tests.api.flows import ended, publish, read, shell, start, steps, workflow

PASSWORD = "a long password"


@dataclass
class Things:
    """One tenant's client, and its objects as the parameters of paths."""

    client: httpx2.Client
    ids: dict[str, Any]


def things(client: httpx2.Client, canary: str) -> Things:
    """A workflow, a failed run, a channel, an alarm, a target, a user, a role and a token; every text holds
    ``canary``."""
    name = f"w-{canary}"
    webhook = {"name": name, "kind": "webhook", "settings": {"url": f"http://127.0.0.1:9/{canary}"}}
    assert client.post("/api/v1/channels", json=webhook).status_code == 201
    alarm = {"on": ["failure"], "channel": name}
    document = workflow(name, shell("a", f"echo {canary}; exit 1"), alarms=[alarm])
    document["metadata"]["remark"] = canary
    publish(client, document)
    target = client.put(f"/api/v1/targets/host/{name}", json={"attributes": {"note": canary}}).json()
    run = start(client, name, targets=[{"id": target["id"]}])
    ended(client, run, "FAILED")
    user = client.post("/api/v1/users", json={"name": canary}).json()
    role = client.post("/api/v1/roles", json={"name": canary, "permissions": []}).json()
    token = client.post("/api/v1/tokens", json={"name": canary}).json()
    ids = {"runId": run, "stepId": steps(client, run)["a"]["id"], "number": 1, "name": name, "type": "host"}
    ids["alarmId"] = read(client, "/alarms")["items"][0]["id"]
    ids |= {"userId": user["id"], "roleId": role["id"], "tokenId": token["id"]}
    ids |= {"tenantId": 1, "provider": "none"}
    return Things(client, ids)


def tenant(live: Running, admin: httpx2.Client, name: str) -> httpx2.Client:
    """The administrator's client of a new tenant."""
    made = admin.post("/api/v1/tenants", json={"name": name, "password": PASSWORD})
    assert made.status_code == 201, made.text
    return live.client(auth=(f"{name}/admin", PASSWORD))


def everything(of: Things) -> dict[str, Any]:
    """All that a tenant can read of its own, to see that nothing has changed."""
    run = of.ids["runId"]
    paths = [f"/runs/{run}", f"/runs/{run}/steps", f"/workflows/{of.ids['name']}", "/targets", "/users"]
    return {
        path: read(of.client, path)
        for path in [*paths, "/roles", "/tokens", "/runs", "/workflows", "/channels"]
    }


def native(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of every native route."""
    found = [
        (method, route.path)
        for route in app.routes
        if isinstance(route, APIRoute) and route.path.startswith("/api/v1/")
        for method in sorted(route.methods or ())
    ]
    return sorted(found)


BODIES: dict[str, Any] = {
    "channels": {"name": "new", "kind": "webhook", "settings": {"url": "http://127.0.0.1:9/"}},
    "choose": {"case": "x"},
    "copy": {"name": "copied"},
    "password": {"current": "x", "password": PASSWORD},
    "users": {"name": "new"},
    "roles": {"name": "new", "permissions": []},
    "{roleId}": {"permissions": []},
    "tokens": {"name": "new"},
    "tenants": {"name": "new", "password": PASSWORD},
    "preview": {"cron": "0 2 * * *"},
    "{userId}": {"disabled": False},
    "{tenantId}": {},
    "license": {"text": "none"},
}


def body(method: str, path: str, ids: dict[str, Any]) -> Any:
    """A body that the route accepts."""
    if method == "PUT" and path.endswith("/workflows/{name}"):
        return workflow(ids["name"], shell("a", "true"))
    if method == "PUT" and path.endswith("/channels/{name}"):
        return {"kind": "webhook", "settings": {"url": "http://127.0.0.1:9/"}}
    if path.endswith("/workflows/{name}/tokens"):
        return {}
    return BODIES.get(path.rsplit("/", 1)[-1], {}) if method in ("POST", "PUT", "PATCH") else None
