"""The ``schedule`` block of a workflow, and that of a node: what is written, and what it means."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from headrace.core.definition.section import Section
from headrace.core.schedule import DIALECTS, CronError, timetable, zone_of

Json = Any

MODES = ("single", "discrete")
MISSED = ("last", "all", "skip")
OVERLAP = ("allow", "skip", "queue")
MISSED_MOST = 1_000
INSTANT_LENGTH = 40
WHEN = frozenset({"cron", "dialect", "timezone", "enabled"})
SCHEDULE = WHEN | {"mode", "from", "until", "missed", "missed_max", "overlap", "params", "targets"}
TARGET = frozenset({"type", "name"})

_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")


def schedule(owner: Section) -> Mapping[str, Json] | None:
    """When the workflow starts by itself."""
    if not owner.has("schedule"):
        return None
    block = owner.section("schedule", SCHEDULE)
    block.choice("mode", MODES, "single")
    block.choice("missed", MISSED, "last")
    block.choice("overlap", OVERLAP, "allow")
    block.integer("missed_max", 100, 1, MISSED_MOST)
    _instant(block, "from")
    _instant(block, "until")
    block.mapping("params")
    _targets(block)
    _when(block)
    return block.value


def _targets(block: Section) -> None:
    """What its runs work on; whether they exist is known when one starts."""
    for target in block.sections("targets", TARGET):
        for key in sorted(TARGET):
            target.need(key) and target.text(key, longest=200)


def node_schedule(owner: Section) -> Mapping[str, Json] | None:
    """The node's own time, in mode ``discrete``."""
    if not owner.has("schedule"):
        return None
    block = owner.section("schedule", WHEN)
    _when(block)
    return block.value


def zone(block: Section) -> str | None:
    """The name of a time zone that exists, ``Asia/Shanghai``."""
    name = block.matching("timezone", _ZONE, "definition_timezone", 64)
    try:
        return zone_of(name).key if name else None
    except CronError as error:
        block.faults.add(block.at("timezone"), error.code, **error.values)
        return None


def _when(block: Section) -> None:
    wrong = len(block.faults.problems)
    zone(block)
    block.choice("dialect", DIALECTS, "auto")
    block.text("cron", longest=200)
    if block.flag("enabled", True):
        block.need("cron")
    if block.has("cron") and len(block.faults.problems) == wrong:
        _mean(block)


def _mean(block: Section) -> None:
    """What the text says can be computed."""
    dates = {} if _undated(block) else {key: block.value.get(key) for key in ("from", "until")}
    given = {key: block.value.get(key) for key in ("cron", "timezone")} | dates
    try:
        timetable({**given, "dialect": block.value.get("dialect")})
    except CronError as error:
        block.faults.add(block.at(error.place), error.code, **error.values)


def _undated(block: Section) -> bool:
    """Dates that cannot be read have been complained of already."""
    return any(not _is_instant(block.value.get(key)) for key in ("from", "until"))


def _instant(block: Section, key: str) -> None:
    block.text(key, longest=INSTANT_LENGTH)
    given = block.value.get(key)
    if isinstance(given, str) and len(given) <= INSTANT_LENGTH and not _is_instant(given):
        block.wrong(key, "definition_instant")


def _is_instant(value: Json) -> bool:
    if value is None:
        return True
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
