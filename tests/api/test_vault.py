"""Secrets and connections over HTTP: values only go in, names are all that comes out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.conftest import Running
from tests.api.flows import ended, noop, publish, read, start, steps, workflow
from tests.api.two_tenants import tenant

VALUE = "canary-7f3a-value"


def put(client: httpx2.Client, path: str, **body: Any) -> httpx2.Response:
    return client.put(f"/api/v1/{path}", json=body)


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert code in {problem["code"], *(each["code"] for each in problem.get("errors", ()))}, answer.text


def test_a_secrets_life(client: httpx2.Client) -> None:
    made = put(client, "secrets/db.main", value=VALUE, description="of 数据库")
    assert made.status_code == 201, made.text
    shape = made.json()
    assert set(shape) == {"name", "description", "createdAt", "updatedAt", "updatedBy"}
    assert (shape["name"], shape["updatedBy"]) == ("db.main", "admin")
    again = put(client, "secrets/db.main", description="anew")
    assert (again.status_code, again.json()["description"]) == (200, "anew")
    found = read(client, "/secrets?search=ANEW")
    assert ([item["name"] for item in found["items"]], found["total"]) == (["db.main"], 1)
    assert read(client, "/secrets/db.main")["usedBy"] == []
    assert read(client, "/secrets?search=nothing")["items"] == []
    assert client.delete("/api/v1/secrets/db.main").status_code == 204
    assert client.get("/api/v1/secrets/db.main").status_code == 404
    log = read(client, "/audit?kind=secret")
    assert [item["action"] for item in log["items"]] == ["delete", "change", "create"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "secret_short"),
        ({"value": "abc"}, "secret_short"),
        ({"value": VALUE * 2000}, "secret_long"),
        ({"value": [VALUE]}, "request_invalid"),
        ({"value": {"x": VALUE}, "more": VALUE}, "request_invalid"),
        ({"values": VALUE}, "request_invalid"),
    ],
)
def test_refusals_do_not_quote_values(client: httpx2.Client, body: Any, code: str) -> None:
    answer = put(client, "secrets/new", **body)
    assert 400 <= answer.status_code < 500
    assert VALUE not in answer.text
    if code != "request_invalid":
        refused(answer, answer.status_code, code)


def test_bad_names(client: httpx2.Client) -> None:
    assert put(client, "secrets/a b", value=VALUE).status_code == 422
    assert put(client, "connections/-x", kind="sqlite", database="d").status_code == 422


def test_a_connections_life(client: httpx2.Client, tmp_path: Path) -> None:
    put(client, "secrets/word", value=VALUE)
    body = {"kind": "postgresql", "host": "db", "database": "orders", "user": "app", "secret": "word"}
    made = put(client, "connections/orders", **body, options={"sslmode": "require"})
    assert made.status_code == 201, made.text
    assert made.json()["port"] == 5432
    assert put(client, "connections/orders", **body).status_code == 200
    assert read(client, "/connections/orders")["usedBy"] == []
    assert [item["name"] for item in read(client, "/connections?search=ord")["items"]] == ["orders"]
    assert read(client, "/secrets/word")["usedBy"] == ["connection orders"]
    refused(client.delete("/api/v1/secrets/word"), 409, "secret_used")
    refused(put(client, "connections/x", **{**body, "host": ""}), 422, "connection_host")
    refused(
        put(client, "connections/x", kind="ssh", host="h", options={"colour": "red"}),
        422,
        "connection_option",
    )
    assert put(client, "connections/x", kind="oracle", host="h").status_code == 422
    assert client.delete("/api/v1/connections/orders").status_code == 204
    assert client.get("/api/v1/connections/orders").status_code == 404


def test_trying_a_connection(client: httpx2.Client, tmp_path: Path) -> None:
    path = tmp_path / "own.sqlite"
    put(client, "connections/file", kind="sqlite", database=str(path))
    tried = client.post("/api/v1/connections/file/test").json()
    assert (tried["ok"], tried["message"]) == (False, f"There is no file {path}.")
    tried = client.post("/api/v1/connections/file/test", headers={"Accept-Language": "zh"}).json()
    assert tried["message"] == f"文件 {path} 不存在。"
    path.touch()
    tried = client.post("/api/v1/connections/file/test").json()
    assert (tried["ok"], tried["message"]) == (True, "")
    assert tried["latencyMs"] >= 0
    assert client.post("/api/v1/connections/none/test").status_code == 404


def test_published_definitions_hold_what_they_use(client: httpx2.Client, tmp_path: Path) -> None:
    uses = {
        "id": "a",
        "executor": "sql",
        "with": {"connection": "file", "sql": "SELECT :t", "params": {"t": {"$secret": "word"}}},
    }
    answer = client.put("/api/v1/workflows/w?publish=true", json=workflow("w", uses))
    refused(answer, 422, "secret_unknown")
    refused(answer, 422, "connection_unknown")
    put(client, "secrets/word", value=VALUE)
    put(client, "connections/file", kind="sqlite", database=str(tmp_path / "own.sqlite"))
    publish(client, workflow("w", uses))
    assert read(client, "/secrets/word")["usedBy"] == ["workflow w"]
    refused(client.delete("/api/v1/connections/file"), 409, "connection_used")
    run = start(client, "w")
    ended(client, run)
    found = steps(client, run)["a"]
    step = read(client, f"/runs/{run}/steps/{found['id']}")
    assert "******" in str(step)
    assert VALUE not in str(step)


def test_references_are_checked_in_drafts(client: httpx2.Client) -> None:
    bad = noop("a", **{"with": {"outputs": {"$secret": 5}}})
    refused(client.put("/api/v1/workflows/w", json=workflow("w", bad)), 422, "secret_reference")


def test_viewers_see_names_and_change_nothing(
    client: httpx2.Client, as_user: Callable[[str], httpx2.Client]
) -> None:
    put(client, "secrets/word", value=VALUE)
    viewer = as_user("viewer")
    assert [item["name"] for item in read(viewer, "/secrets")["items"]] == ["word"]
    assert put(viewer, "secrets/word", value="another value").status_code == 403
    assert viewer.delete("/api/v1/secrets/word").status_code == 403


def test_each_tenant_has_its_own(live: Running, client: httpx2.Client) -> None:
    put(client, "secrets/word", value=VALUE)
    put(client, "connections/file", kind="sqlite", database="d")
    other = tenant(live, client, "other")
    assert (read(other, "/secrets")["items"], read(other, "/connections")["items"]) == ([], [])
    for path in ("secrets/word", "connections/file"):
        assert other.get(f"/api/v1/{path}").status_code == 404
        assert other.delete(f"/api/v1/{path}").status_code == 404
    assert other.post("/api/v1/connections/file/test").status_code == 404
    put(other, "secrets/word", value="the value of the other")
    uses = {
        "id": "a",
        "executor": "shell",
        "with": {"script": 'echo "${#W}"', "env": {"W": {"$secret": "word"}}},
    }
    for owner, size in ((client, len(VALUE)), (other, len("the value of the other"))):
        publish(owner, workflow("w", uses))
        run = start(owner, "w")
        ended(owner, run)
        step = steps(owner, run)["a"]["id"]
        text = owner.get(f"/api/v1/runs/{run}/steps/{step}/attempts/1/log").text
        assert str(size) in text


def test_a_secret_given_instead_of_its_name_is_kept_nowhere(client: httpx2.Client) -> None:
    spec = {
        "params": {"key": {"type": "string", "secret": True}},
        "nodes": [{"id": "a", "executor": "noop"}],
    }
    document = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "keyed"}, "spec": spec}
    path = "/api/v1/workflows/keyed"
    assert client.put(f"{path}?publish=true", json=document).status_code == 201
    answer = client.post(f"{path}/runs", json={"params": {"key": "hunter2-itself"}})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "params.key"
    assert "hunter2" not in answer.text
    etag = client.get(path).headers["etag"]
    planned = {**spec, "schedule": {"cron": "0 0 * * *", "params": {"key": "hunter2-itself"}}}
    answer = client.put(
        f"{path}?publish=true", json={**document, "spec": planned}, headers={"If-Match": etag}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "spec.schedule.params.key"
