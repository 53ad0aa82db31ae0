"""What was told, over HTTP."""

from typing import Any

import httpx2
import pytest

from tests.api.flows import ended, noop, publish, read, shell, start, workflow
from tests.notify.sinks import SECONDS, Web


@pytest.fixture
def told(client: httpx2.Client, web: Web) -> int:
    """A run whose step failed; the run told of its start and the step of its failure."""
    body = {"name": "hook", "kind": "webhook", "settings": {"url": web.url}}
    assert client.post("/api/v1/channels", json=body).status_code == 201
    step = shell("a", "exit 1", alarms=[{"on": ["failure"], "channel": "hook", "text": "{node}: {reason}"}])
    publish(client, workflow("w", step, alarms=[{"on": ["start"], "channel": "hook"}]))
    run = start(client, "w")
    ended(client, run, "FAILED")
    return run


def until(client: httpx2.Client, query: str, status: str, count: int) -> list[Any]:
    """The alarms once so many have that status."""
    import time

    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found: list[Any] = read(client, f"/alarms?status={status}{query}")["items"]
        if len(found) == count:
            return found
    raise AssertionError(read(client, "/alarms"))


def test_what_was_told(client: httpx2.Client, told: int) -> None:
    step, run = until(client, f"&run={told}", "SENT", 2)
    assert (step["node"], step["occasion"], step["text"], step["stepId"] is not None) == (
        "a",
        "failure",
        "a: error",
        True,
    )
    assert (run["node"], run["stepId"], run["occasion"], run["tries"], run["nextAt"]) == (
        None,
        None,
        "start",
        1,
        None,
    )
    assert run["response"] == "200 ok"
    assert run["text"].startswith("Workflow w has started\n")
    assert run["sentAt"] >= run["createdAt"]
    assert read(client, f"/alarms/{run['id']}") == run


def test_filters_and_pages(client: httpx2.Client, told: int) -> None:
    until(client, "", "SENT", 2)
    assert read(client, "/alarms?workflow=w&channel=hook&size=1")["total"] == 2
    assert read(client, "/alarms?workflow=v")["total"] == 0
    assert read(client, "/alarms?channel=other")["total"] == 0
    assert read(client, f"/alarms?run={told + 1}")["total"] == 0
    assert client.get("/api/v1/alarms?status=LOST").status_code == 422
    assert client.get("/api/v1/alarms/404404").status_code == 404


def test_trying_again(client: httpx2.Client, web: Web) -> None:
    body = {"name": "hook", "kind": "webhook", "settings": {"url": web.url}}
    client.post("/api/v1/channels", json=body)
    publish(client, workflow("w", noop("a"), alarms=[{"on": ["end"], "channel": "hook"}]))
    web.answers = [(410, "gone"), (200, "ok")]
    ended(client, start(client, "w"))
    (failed,) = until(client, "", "FAILED", 1)
    assert failed["response"] == "127.0.0.1 answered: 410 gone"
    again = client.post(f"/api/v1/alarms/{failed['id']}/retry")
    assert again.status_code == 200
    (sent,) = until(client, "", "SENT", 1)
    assert sent["id"] == failed["id"]
    refused = client.post(f"/api/v1/alarms/{failed['id']}/retry", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "alarm_not_retried")
    first, second = web.kept.all
    assert first.headers["x-headrace-id"] == second.headers["x-headrace-id"]


def test_before_it_is_tried_the_text_is_shown_in_the_readers_language(
    client: httpx2.Client, web: Web
) -> None:
    web.open.clear()
    client.post("/api/v1/channels", json={"name": "hook", "kind": "webhook", "settings": {"url": web.url}})
    publish(client, workflow("w", noop("a"), alarms=[{"on": ["success"], "channel": "hook"}]))
    ended(client, start(client, "w"))
    web.kept.wait()
    (waiting,) = client.get("/api/v1/alarms", headers={"Accept-Language": "zh-CN"}).json()["items"]
    assert (waiting["status"], waiting["tries"]) == ("PENDING", 0)
    assert waiting["nextAt"] is not None
    assert waiting["text"].startswith("工作流 w 执行成功\n")
