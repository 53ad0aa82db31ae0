"""Tokens for calls from outside as the native API shows them; the calls are in tests/surfaces/workflows."""

import shlex
from pathlib import Path
from typing import Any

import httpx2
import pytest

from headrace.api.http.rates import MOST_KEYS, Rates
from headrace.core.refusal import Refused
from tests.api.conftest import ADMIN_TOKEN, Running, running
from tests.api.flows import noop, publish, workflow

PATH = "/api/v1/workflows/web/tokens"


@pytest.fixture
def web(client: httpx2.Client) -> httpx2.Client:
    publish(client, workflow("web", noop("a"), invocation={"enabled": True}))
    return client


def made(client: httpx2.Client, **body: Any) -> Any:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_token_is_shown_once(web: httpx2.Client) -> None:
    token = made(web, label="ci", expiresIn=3600)
    assert token["token"].startswith("hri_")
    [shown] = web.get(PATH).json()["items"]
    assert shown == {key: value for key, value in token.items() if key not in ("token", "curl")}
    assert (shown["label"], shown["createdBy"], shown["revokedAt"]) == ("ci", "admin", None)


def test_the_command_goes_where_people_reach_the_server(tmp_path: Path) -> None:
    with running(tmp_path, public_url="https://jobs.example.org/") as live:
        client = live.client(ADMIN_TOKEN)
        publish(client, workflow("web", noop("a"), invocation={"enabled": True}))
        place = "https://jobs.example.org/workflow/open/invokeWorkflow"
        assert shlex.split(made(client)["curl"])[3] == place
        id = client.get("/api/v1/workflows/web").json()["id"]
        asked = {"workflowId": str(id)}
        url = client.post("/workflow/getInvokeUrl", json=asked).json()["data"]["url"]
        assert shlex.split(url)[3] == place
        more = {**asked, "outerAddress": "http://here"}
        url = client.post("/workflow/getInvokeUrl", json=more).json()["data"]["url"]
        assert shlex.split(url)[3] == "http://here/workflow/open/invokeWorkflow"


def test_the_command_can_be_run(live: Running, web: httpx2.Client) -> None:
    words = shlex.split(made(web)["curl"])
    assert words[:3] == ["curl", "-X", "POST"]
    url, body = words[3], words[-1]
    assert url.startswith(live.url)
    answer = live.client().post(url, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text


def test_an_address_cannot_break_out_of_the_command(web: httpx2.Client) -> None:
    headers = {"Host": "a'$(touch x);b"}
    answer = web.post(PATH, json={}, headers=headers)
    assert answer.status_code in (201, 400)
    if answer.status_code == 201:
        assert len(shlex.split(answer.json()["curl"])) == 8


def test_the_same_key_makes_one_token(web: httpx2.Client) -> None:
    headers = {"Idempotency-Key": "once"}
    first, second = (web.post(PATH, json={}, headers=headers).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert "token" in first
    assert "token" not in second
    assert len(web.get(PATH).json()["items"]) == 1


def test_revoke_and_rotate(web: httpx2.Client) -> None:
    old = made(web, label="ci")
    answer = web.post(f"{PATH}/{old['id']}/rotate")
    assert answer.status_code == 201
    new = answer.json()
    assert (new["label"], new["token"] != old["token"]) == ("ci", True)
    assert web.post(f"{PATH}/{old['id']}/rotate").status_code == 409
    assert web.delete(f"{PATH}/{new['id']}").status_code == 204
    assert all(each["revokedAt"] for each in web.get(PATH).json()["items"])
    assert web.delete(f"{PATH}/404404").status_code == 404


@pytest.mark.parametrize(
    "body", [{"expiresIn": 59}, {"expiresIn": 31_536_001}, {"label": "x" * 201}, {"other": 1}]
)
def test_bodies_that_are_not_right(web: httpx2.Client, body: Any) -> None:
    assert web.post(PATH, json=body).status_code == 422
    assert web.post("/api/v1/workflows/absent/tokens", json={}).status_code == 404


def test_a_bucket_fills_up_evenly_and_few_are_kept() -> None:
    rates = Rates(60)
    for _ in range(60):
        rates.take("a", 0.0)
    with pytest.raises(Refused) as caught:
        rates.take("a", 0.0)
    assert caught.value.values == {"seconds": 1}
    rates.take("a", 1.0)
    rates.take("a", 1_000.0)
    for i in range(MOST_KEYS + 5):
        rates.take(str(i), 1_000.0)
    assert len(rates._buckets) == MOST_KEYS
