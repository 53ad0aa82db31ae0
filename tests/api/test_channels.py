"""Channels over HTTP: made, seen without their secrets, tested, switched, deleted."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from tests.api.flows import noop, publish, read, workflow
from tests.notify.sinks import Mail, Web

CANARY = "canary-7f3a"


def create(client: httpx2.Client, name: str, kind: str, settings: Any = None, **more: Any) -> Any:
    body = {"name": name, "kind": kind, "settings": settings or {}, **more}
    answer = client.post("/api/v1/channels", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def refused(answer: httpx2.Response, status: int, code: str) -> Any:
    assert answer.status_code == status, answer.text
    problem = answer.json()
    found = {problem["code"], *(each["code"] for each in problem.get("errors", ()))}
    assert code in found, answer.text
    return problem


def test_a_channels_life(client: httpx2.Client, web: Web) -> None:
    made = create(client, "运维 hook", "webhook", {"url": web.url}, secret=CANARY)
    assert {
        key: made[key] for key in ("kind", "status", "enabled", "hasSecret", "hasSigningKey", "usedBy")
    } == {
        "kind": "webhook",
        "status": "NEW",
        "enabled": True,
        "hasSecret": True,
        "hasSigningKey": False,
        "usedBy": [],
    }
    path = "/api/v1/channels/运维 hook"
    assert client.post(f"{path}/test").json() == {"ok": True, "response": "200 ok"}
    assert "signature" in " ".join(web.kept.wait()[0].headers)
    assert read(client, "/channels/运维 hook")["status"] == "OK"
    web.answers = [(401, "who are you")]
    assert client.post(f"{path}/test", json={"language": "zh"}).json()["ok"] is False
    tested = read(client, "/channels/运维 hook")
    assert (tested["status"], tested["lastError"]) == ("FAILED", "127.0.0.1 的应答：401 who are you")
    assert client.post(f"{path}/disable").json()["enabled"] is False
    changed = client.put(path, json={"kind": "webhook", "settings": {"url": f"{web.url}/x"}}).json()
    assert (changed["status"], changed["enabled"], changed["hasSecret"]) == ("NEW", False, True)
    assert client.post(f"{path}/enable", json={}).json()["enabled"] is True
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404


def test_secrets_are_seen_nowhere(client: httpx2.Client, live: Any) -> None:
    create(client, "robot", "dingtalk", secret=CANARY, signingKey=CANARY)
    client.put("/api/v1/channels/robot", json={"kind": "feishu", "secret": f"{CANARY}-2", "signingKey": ""})
    pages = [client.get(f"/api/v1{path}").text for path in ("/channels", "/channels/robot")]
    assert CANARY not in "".join(pages)
    wrong = client.put("/api/v1/channels/robot", json={"kind": "wecom", "secret": f"{CANARY} with a space"})
    assert CANARY not in refused(wrong, 422, "channel_secret_robot").__repr__()
    for file in live.system.settings.home.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file


def test_names_are_taken_once_and_listed(client: httpx2.Client, web: Web) -> None:
    create(client, "b", "webhook", {"url": web.url})
    create(client, "A", "slack", secret="https://hooks.slack.com/x")
    refused(
        client.post("/api/v1/channels", json={"name": "b", "kind": "slack", "secret": web.url}),
        409,
        "channel_exists",
    )
    assert [each["name"] for each in read(client, "/channels")["items"]] == ["A", "b"]
    assert read(client, "/channels?search=a&size=1")["total"] == 1


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"kind": "sms"}, "kind"),
        ({"kind": "email", "settings": {"host": "h", "from": "me"}}, "settings.from"),
        ({"kind": "webhook", "settings": {"url": "file:///etc/passwd"}}, "settings.url"),
        ({"kind": "dingtalk"}, "secret"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(client: httpx2.Client, body: Any, path: str) -> None:
    answer = client.post("/api/v1/channels", json={"name": "x", **body}, headers={"Accept-Language": "zh-CN"})
    problem = refused(answer, 422, "channel_invalid")
    assert [each["path"] for each in problem["errors"]] == [path]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["errors"][0]["message"])


def test_one_that_is_used_is_not_deleted(client: httpx2.Client, web: Web) -> None:
    create(client, "hook", "webhook", {"url": web.url})
    publish(client, workflow("w", noop("a"), alarms=[{"on": ["end"], "channel": "hook"}]))
    assert read(client, "/channels/hook")["usedBy"] == ["w"]
    refused(client.delete("/api/v1/channels/hook"), 409, "channel_used")
    assert client.post("/api/v1/workflows/w/offline").status_code == 200
    assert client.delete("/api/v1/channels/hook").status_code == 204


def test_publishing_with_a_channel_that_is_none(client: httpx2.Client) -> None:
    document = workflow("w", noop("a"), alarms=[{"on": ["end"], "channel": "absent"}])
    answer = client.put("/api/v1/workflows/w?publish=true", json=document)
    problem = refused(answer, 422, "definition_channel_unknown")
    assert problem["errors"][0]["path"] == "spec.alarms[0].channel"
    assert client.put("/api/v1/workflows/w", json=document).status_code == 201, "a draft may be unfinished"


def test_a_test_mail(client: httpx2.Client, mail: Mail) -> None:
    settings = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "h@example.org"}
    create(client, "mail", "email", settings)
    tested = client.post("/api/v1/channels/mail/test", json={"receiver": " me@example.org "})
    assert tested.json() == {"ok": True, "response": "OK kept"}
    assert mail.kept.wait()[0].message["Subject"] == "Headrace: a test of the channel mail"
    nobody = client.post("/api/v1/channels/mail/test", json={}, headers={"Accept-Language": "zh"})
    assert "没有指定接收人" in nobody.json()["response"]


def test_viewers_see_and_do_not_touch(
    client: httpx2.Client, as_user: Callable[[str], httpx2.Client], web: Web
) -> None:
    create(client, "hook", "webhook", {"url": web.url})
    viewer = as_user("viewer")
    assert read(viewer, "/channels/hook")["kind"] == "webhook"
    assert viewer.post("/api/v1/channels/hook/test").status_code == 403
    assert as_user("editor").post("/api/v1/channels/hook/test").status_code == 200
