"""Robots of chats: DingTalk, WeCom, Feishu, Slack.

Not through Apprise: these services answer 200 to what they refuse and say why in the body, which Apprise
(2.2) takes for success; nor does it sign for Feishu.
"""

import base64
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from headrace.notify.letter import Letter, Open, refused, taken
from headrace.notify.reach import Reach
from headrace.notify.web import by_status, post
from headrace.ports.notifier import Outcome

Json = Any
MOBILE = re.compile(r"\+?\d{11,14}")


@dataclass(frozen=True, slots=True)
class Robot:
    """``base``: the address that a bare token is appended to. ``longest``: bytes of a message's text.
    ``code``: where the answer says how it went, 0 being well; ``busy``: codes that pass by themselves."""

    base: str
    longest: int
    body: Callable[[str, Sequence[str]], dict[str, Json]]
    code: str = ""
    busy: frozenset[int] = frozenset()


async def send(reach: Reach, channel: Open, letter: Letter) -> Outcome:
    robot = ROBOTS[channel.kind]
    url, body = request_of(channel, letter, time.time())
    headers = {"Content-Type": "application/json", "User-Agent": "Headrace", "X-Headrace-Id": letter.key}
    content = json.dumps(body, ensure_ascii=False).encode()

    def judge(status: int, answer: str) -> Outcome:
        if not 200 <= status < 300 or not robot.code:
            return by_status(channel.language, url)(status, answer)
        return _judged(channel, robot, urlsplit(url).hostname or "", answer)

    return await post(reach, channel.language, url, content, headers, judge)


def request_of(channel: Open, letter: Letter, now: float) -> tuple[str, dict[str, Json]]:
    """Address and body. A secret that is an address is used as it is."""
    robot = ROBOTS[channel.kind]
    secret = channel.secret or ""
    url = secret if "://" in secret else robot.base + quote(secret, safe="")
    mobiles = [name for name in letter.receivers if MOBILE.fullmatch(name)]
    body = robot.body(_cut(letter.message.text, robot.longest), mobiles)
    return _signed(channel, url, body, now)


def _judged(channel: Open, robot: Robot, host: str, answer: str) -> Outcome:
    try:
        code = json.loads(answer)[robot.code]
    except (ValueError, KeyError, TypeError, RecursionError):
        return refused(channel.language, host, answer)
    if code == 0:
        return taken(answer)
    return refused(channel.language, host, answer, again=code in robot.busy)


def _signed(channel: Open, url: str, body: dict[str, Json], now: float) -> tuple[str, dict[str, Json]]:
    key = channel.signing_key
    if not key:
        return url, body
    if channel.kind == "dingtalk":
        stamp = str(round(now * 1000))
        sign = _hmac(key, f"{stamp}\n{key}")
        return f"{url}{'&' if '?' in url else '?'}{urlencode({'timestamp': stamp, 'sign': sign})}", body
    stamp = str(int(now))
    return url, {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{key}", ""), **body}


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), sha256).digest()).decode()


def _cut(text: str, longest: int) -> str:
    """By bytes: services refuse what is too long."""
    encoded = text.encode()
    return text if len(encoded) <= longest else encoded[: longest - 3].decode("utf-8", "ignore") + "…"


def _dingtalk(text: str, mobiles: Sequence[str]) -> dict[str, Json]:
    return {"msgtype": "text", "text": {"content": text}, "at": {"atMobiles": list(mobiles)}}


def _wecom(text: str, mobiles: Sequence[str]) -> dict[str, Json]:
    more = {"mentioned_mobile_list": list(mobiles)} if mobiles else {}
    return {"msgtype": "text", "text": {"content": text, **more}}


def _feishu(text: str, mobiles: Sequence[str]) -> dict[str, Json]:
    return {"msg_type": "text", "content": {"text": text}}


def _slack(text: str, mobiles: Sequence[str]) -> dict[str, Json]:
    """Its three special characters would be read as mentions and links."""
    return {"text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")}


ROBOTS: Mapping[str, Robot] = {
    "dingtalk": Robot(
        "https://oapi.dingtalk.com/robot/send?access_token=",
        18_000,
        _dingtalk,
        code="errcode",
        busy=frozenset({-1, 130101, 130102}),
    ),
    "wecom": Robot(
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        2_048,
        _wecom,
        code="errcode",
        busy=frozenset({-1, 45009}),
    ),
    "feishu": Robot(
        "https://open.feishu.cn/open-apis/bot/v2/hook/",
        18_000,
        _feishu,
        code="code",
        busy=frozenset({11232, 11233, 9499}),
    ),
    "slack": Robot("", 38_000, _slack),
}
