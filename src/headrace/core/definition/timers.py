"""Timer nodes: exactly one of a duration, a time of day, or an instant."""

import re
from typing import Any

from headrace.core.definition import schedules
from headrace.core.definition.faults import listed
from headrace.core.definition.section import Section

WAYS = ("for", "at", "until")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def timer(node: Section, until: str | None) -> dict[str, Any]:
    """The fields of a timer; ``until`` is its checked expression."""
    given = [key for key in WAYS if node.has(key)]
    if len(given) != 1:
        node.faults.add(node.path, "definition_timer", found=listed(given) or "-")
    return {
        "wait_for": node.duration("for"),
        "wait_at": node.matching("at", _CLOCK, "definition_clock", 10) or None,
        "wait_until": until,
        "timezone": schedules.zone(node),
        "skippable": node.flag("skippable", True),
    }
