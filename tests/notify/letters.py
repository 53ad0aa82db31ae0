"""Letters, and channels to send them over."""

import asyncio
from dataclasses import replace
from typing import Any

from headrace.core.alarm import Message
from headrace.notify.delivery import CARRIERS
from headrace.notify.letter import Letter, Open
from headrace.notify.reach import Reach
from headrace.ports.notifier import Outcome

LETTER = Letter(
    "7-1000",
    Message("工作流 w 执行失败", "工作流 w 执行失败\nwhy: <a & b>"),
    ("ada@example.org",),
    {"workflow": "w", "run": 9, "occasion": "failure", "at": 1000.5},
    "http://here/runs/9",
)


def channel(kind: str, secret: str | None = None, signing_key: str | None = None, **settings: Any) -> Open:
    return Open("ops", kind, {"language": "en", **settings}, secret, signing_key)


def send(over: Open, reach: Reach | None = None, **changes: Any) -> Outcome:
    """The letter, with these changes."""
    letter = replace(LETTER, **changes)
    return asyncio.run(CARRIERS[over.kind](reach or Reach(), over, letter))  # type: ignore[arg-type]
