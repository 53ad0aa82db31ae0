"""The blocks that say how often and who may ask: concurrency, invocation."""

from collections.abc import Mapping
from typing import Any

from headrace.core.definition.section import Section

Json = Any

POLICIES = ("queue", "skip", "allow")
CONCURRENCY = frozenset({"limit", "policy"})
INVOCATION = frozenset({"enabled"})


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
