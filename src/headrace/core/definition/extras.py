"""The blocks that say how often, whom to tell and who may ask: concurrency, alarms, invocation."""

from collections.abc import Mapping
from typing import Any

from headrace.core.definition.faults import shown
from headrace.core.definition.section import Section

Json = Any

POLICIES = ("queue", "skip", "allow")
OCCASIONS = ("start", "end", "failure", "success")
ALARM = frozenset({"on", "channel", "text"})
CONCURRENCY = frozenset({"limit", "policy"})
INVOCATION = frozenset({"enabled"})


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
