"""Robots of chats before a real web server; and the addresses that bare tokens lead to."""

import base64
import hmac
import json
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from headrace.core.alarm import Message
from headrace.notify.robots import request_of
from tests.notify.letters import LETTER, channel, send
from tests.notify.sinks import Web

GOOD = {"dingtalk": '{"errcode":0}', "wecom": '{"errcode":0}', "feishu": '{"code":0}', "slack": "ok"}
TEXT = LETTER.message.text


def base64_hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), sha256).digest()).decode()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("dingtalk", {"msgtype": "text", "text": {"content": TEXT}, "at": {"atMobiles": ["13800138000"]}}),
        ("wecom", {"msgtype": "text", "text": {"content": TEXT, "mentioned_mobile_list": ["13800138000"]}}),
        ("feishu", {"msg_type": "text", "content": {"text": TEXT}}),
        ("slack", {"text": "工作流 w 执行失败\nwhy: &lt;a &amp; b&gt;"}),
    ],
)
def test_what_the_other_side_gets(web: Web, kind: str, body: Any) -> None:
    web.answers = [(200, GOOD[kind])]
    robot = channel(kind, f"{web.url}/robot/send?access_token=abc")
    assert send(robot, receivers=("ada", "13800138000")).ok
    (request,) = web.kept.wait()
    assert request.path == "/robot/send?access_token=abc"
    assert request.json == body
    assert request.headers["x-headrace-id"] == LETTER.key


@pytest.mark.parametrize(
    ("kind", "answer", "again"),
    [
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}, False),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, True),
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, False),
        ("wecom", {"errcode": 45009, "errmsg": "freq out of limit"}, True),
        ("feishu", {"code": 19021, "msg": "sign match fail"}, False),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, True),
        ("feishu", {"msg": "?"}, False),
        ("wecom", [], False),
    ],
)
def test_a_refusal_in_a_200_is_a_refusal(web: Web, kind: str, answer: Any, again: bool) -> None:
    web.answers = [(200, json.dumps(answer))]
    outcome = send(channel(kind, web.url))
    assert not outcome.ok
    assert outcome.again is again
    assert json.dumps(answer) in outcome.response


def test_a_status_is_a_refusal_too(web: Web) -> None:
    web.answers = [(404, "no_team")]
    outcome = send(channel("slack", web.url))
    assert (outcome.ok, outcome.again) == (False, False)
    web.answers = [(502, "{}")]
    assert send(channel("dingtalk", web.url)).again


@pytest.mark.parametrize(
    ("kind", "url"),
    [
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=tok-1"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=tok-1"),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/tok-1"),
    ],
)
def test_bare_tokens(kind: str, url: str) -> None:
    assert request_of(channel(kind, "tok-1"), LETTER, 0.0)[0] == url


def test_dingtalk_is_signed_in_the_address() -> None:
    url, body = request_of(channel("dingtalk", "tok", "SECkey"), LETTER, 1_700_000_000.5)
    query = parse_qs(urlsplit(url).query)
    stamp = "1700000000500"
    assert query == {
        "access_token": ["tok"],
        "timestamp": [stamp],
        "sign": [base64_hmac("SECkey", f"{stamp}\nSECkey")],
    }
    assert "sign" not in body
    assert request_of(channel("dingtalk", "https://h/x", "k"), LETTER, 1.0)[0].startswith(
        "https://h/x?timestamp="
    )


def test_feishu_is_signed_in_the_body() -> None:
    _, body = request_of(channel("feishu", "tok", "key"), LETTER, 1_700_000_000.5)
    assert body["timestamp"] == "1700000000"
    assert body["sign"] == base64_hmac("1700000000\nkey", "")


def test_long_texts_are_cut_to_what_the_service_takes(web: Web) -> None:
    web.answers = [(200, GOOD["wecom"])]
    assert send(channel("wecom", web.url), message=Message("s", "执" * 5_000)).ok
    (request,) = web.kept.wait()
    content = request.json["text"]["content"]
    assert len(content.encode()) <= 2_048
    assert content.endswith("执…")
