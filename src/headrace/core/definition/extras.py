"""The blocks that say when, how often and whom to tell: schedule, alarms, concurrency, invocation."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from headrace.core.definition.faults import shown
from headrace.core.definition.section import Section

Json = Any

MODES = ("single", "discrete")
MISSED = ("last", "all", "skip")
POLICIES = ("queue", "skip", "allow")
OCCASIONS = ("start", "end", "failure", "success")
SCHEDULE = frozenset({"mode", "cron", "timezone", "from", "until", "missed"})
ALARM = frozenset({"on", "channel", "text"})
CONCURRENCY = frozenset({"limit", "policy"})
INVOCATION = frozenset({"enabled"})

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")


def schedule(owner: Section) -> Mapping[str, Json] | None:
    """Structure only; what a cron text means is the scheduler's to say."""
    if not owner.has("schedule"):
        return None
    block = owner.section("schedule", SCHEDULE)
    block.choice("mode", MODES, "single")
    block.choice("missed", MISSED, "last")
    block.text("cron", longest=200)
    zone(block)
    _instant(block, "from")
    _instant(block, "until")
    return block.value


def zone(block: Section) -> str | None:
    """The name of a time zone, ``Asia/Shanghai``; whether it exists is known where time is computed."""
    return block.matching("timezone", _ZONE, "definition_timezone", 64) or None


def _instant(block: Section, key: str) -> None:
    text = block.text(key, longest=40)
    if not text:
        return
    try:
        datetime.fromisoformat(text)
    except ValueError:
        block.wrong(key, "definition_instant")


def alarms(owner: Section) -> tuple[Mapping[str, Json], ...]:
    """Whom to tell of what."""
    blocks = owner.sections("alarms", ALARM)
    for block in blocks:
        block.need("channel") and block.text("channel", longest=128)
        block.text("text")
        if block.need("on"):
            _occasions(block)
    return tuple(block.value for block in blocks)


def _occasions(block: Section) -> None:
    for i, word in enumerate(block.items("on")):
        path = f"{block.at('on')}[{i}]"
        if not isinstance(word, str):
            block.faults.add(path, "definition_type_text", found=shown(word))
        elif word not in OCCASIONS:
            block.faults.unknown(path, "definition_choice", word, OCCASIONS)


def concurrency(owner: Section) -> tuple[int | None, str]:
    """(limit, policy); without the block any number may run."""
    if not owner.has("concurrency"):
        return None, "allow"
    block = owner.section("concurrency", CONCURRENCY)
    limit = block.integer("limit", 1, 1, 10_000)
    return limit, block.choice("policy", POLICIES, "queue")


def invocation(owner: Section) -> Mapping[str, Json] | None:
    """Whether the workflow may be started from outside by a token."""
    if not owner.has("invocation"):
        return None
    block = owner.section("invocation", INVOCATION)
    block.flag("enabled", False)
    return block.value
