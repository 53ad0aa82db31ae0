"""Webhooks before a real web server."""

import hmac
import socket
import time
from hashlib import sha256
from typing import Any

import pytest

from headrace.notify.reach import Reach
from tests.notify.letters import LETTER, channel, send
from tests.notify.sinks import Web


def test_what_the_other_side_gets(web: Web) -> None:
    hook = channel("webhook", url=f"{web.url}/in?x=1", headers={"Authorization": "Bearer 1"})
    outcome = send(hook)
    assert (outcome.ok, outcome.response) == (True, "200 ok")
    (request,) = web.kept.wait()
    assert request.path == "/in?x=1"
    assert request.headers["x-headrace-id"] == LETTER.key
    assert request.headers["authorization"] == "Bearer 1"
    assert request.headers["content-type"] == "application/json"
    assert "x-headrace-signature" not in request.headers
    assert request.json == {
        "id": LETTER.key,
        "subject": LETTER.message.subject,
        "text": LETTER.message.text,
        "receivers": ["ada@example.org"],
        "url": "http://here/runs/9",
        "workflow": "w",
        "run": 9,
        "occasion": "failure",
        "at": 1000.5,
    }


def test_the_signature_can_be_checked_by_anybody_with_the_key(web: Web) -> None:
    send(channel("webhook", "the key", url=web.url))
    (request,) = web.kept.wait()
    stamp = request.headers["x-headrace-timestamp"]
    made = hmac.new(b"the key", stamp.encode() + b"." + request.body, sha256).hexdigest()
    assert request.headers["x-headrace-signature"] == f"sha256={made}"
    assert abs(int(stamp) - time.time()) < 60


@pytest.mark.parametrize(
    ("status", "again"), [(500, True), (503, True), (429, True), (408, True), (404, False), (204, None)]
)  # fmt: skip
def test_answers(web: Web, status: int, again: bool | None) -> None:
    web.answers = [(status, "" if status == 204 else "so it is")]
    outcome = send(channel("webhook", url=web.url))
    assert outcome.ok is (again is None)
    assert outcome.again is bool(again)
    if again is not None:
        assert outcome.response == f"127.0.0.1 answered: {status} so it is"


def test_redirects_lead_nowhere(web: Web) -> None:
    web.answers, web.headers = [(302, "")], {"Location": f"{web.url}/elsewhere"}
    outcome = send(channel("webhook", url=f"{web.url}/here"))
    assert not outcome.ok
    assert not outcome.again
    assert [request.path for request in web.kept.all] == ["/here"]


def test_one_that_hangs_is_given_up(web: Web) -> None:
    web.open.clear()
    begun = time.monotonic()
    outcome = send(channel("webhook", url=web.url), Reach(seconds=0.2))
    assert time.monotonic() - begun < 2.0
    assert (outcome.ok, outcome.again) == (False, True)
    assert outcome.response == "No answer within 0.2 s."


def test_one_that_talks_for_ever_is_not_listened_to(web: Web) -> None:
    web.answers = [(200, "x" * 1_000_000)]
    outcome = send(channel("webhook", url=web.url))
    assert outcome.ok
    assert len(outcome.response) == 500


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = send(channel("webhook", url=f"http://127.0.0.1:{taken.getsockname()[1]}/"))
    assert (outcome.ok, outcome.again) == (False, True)
    assert outcome.response.startswith("127.0.0.1 cannot be reached: ")


def test_a_name_that_is_none() -> None:
    outcome = send(channel("webhook", url="http://no-such-host.invalid/", language="zh"))
    assert (outcome.ok, outcome.again) == (False, True)
    assert "无法连接 no-such-host.invalid" in outcome.response


DENIED: list[Any] = [
    "169.254.169.254",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[2002:a9fe:a9fe::]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a9fe:a9fe]",
    "[::ffff:0:a9fe:a9fe]",
    "[::a9fe:a9fe]",
    "0.0.0.0",
    "[::]",
    "224.0.0.1",
    "2852039166",
    "0xa9fea9fe",
]


@pytest.mark.parametrize("host", DENIED)
def test_where_clouds_keep_credentials_nothing_is_sent(host: str) -> None:
    outcome = send(channel("webhook", url=f"http://{host}/latest/meta-data"))
    assert not outcome.ok
    assert not outcome.again
    assert "must not be sent to" in outcome.response


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "127.1", "100.64.0.1"]
)
def test_public_only(host: str) -> None:
    outcome = send(channel("webhook", url=f"http://{host}:9/"), Reach(public_only=True))
    assert "must not be sent to" in outcome.response


@pytest.mark.parametrize("allow", [("127.0.0.0/8",), ("example.org", "127.0.0.1")])
def test_exceptions(web: Web, allow: tuple[str, ...]) -> None:
    assert send(channel("webhook", url=web.url), Reach(public_only=True, allow=allow)).ok
    assert not send(channel("webhook", url=web.url), Reach(public_only=True, allow=("10.0.0.0/8",))).ok
