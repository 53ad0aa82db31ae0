"""Webhooks: all facts as JSON, signed, under an id that stays the same."""

import hmac
import json
import time
from hashlib import sha256
from typing import Any

from headrace.notify.letter import Letter, Open
from headrace.notify.reach import Reach
from headrace.notify.web import by_status, post
from headrace.ports.notifier import Outcome

Json = Any


async def send(reach: Reach, channel: Open, letter: Letter) -> Outcome:
    url = channel.settings["url"]
    body = json.dumps(payload(letter), ensure_ascii=False).encode()
    headers = {
        **channel.settings.get("headers", {}),
        "Content-Type": "application/json",
        "User-Agent": "Headrace",
        "X-Headrace-Id": letter.key,
        **signed(channel.secret, body, int(time.time())),
    }
    judge = by_status(channel.language, url)
    return await post(reach, channel.language, url, body, headers, judge)


def payload(letter: Letter) -> dict[str, Json]:
    """What the other side gets. Instants are epoch seconds."""
    return {
        "id": letter.key,
        "subject": letter.message.subject,
        "text": letter.message.text,
        "receivers": list(letter.receivers),
        "url": letter.url,
        **letter.facts,
    }


def signed(key: str | None, body: bytes, now: int) -> dict[str, str]:
    """HMAC-SHA256 over ``TIMESTAMP.BODY``: the timestamp keeps an old message from being played again."""
    if not key:
        return {}
    made = hmac.new(key.encode(), f"{now}.".encode() + body, sha256).hexdigest()
    return {"X-Headrace-Timestamp": str(now), "X-Headrace-Signature": f"sha256={made}"}
