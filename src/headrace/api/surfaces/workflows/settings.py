"""The configuration drawer: schedule, alarms and calls from outside, as Zhiqingyun saves them."""

import re
from collections.abc import Mapping
from typing import Any

from headrace.api.surfaces.workflows.bodies import CronBody, SettingBody

Json = Any
KEPT = ("timezone", "missed", "missed_max", "overlap", "params", "targets")
"""What the drawer does not know stays as it is."""
DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_WEEKLY = re.compile(r"(\S+ \S+ \S+ \? \* )([1-7])( \*)?")


def configured(document: Mapping[str, Json], asked: SettingBody) -> dict[str, Json]:
    """The definition with what the drawer says; what it leaves out stays."""
    spec = dict(document["spec"])
    if asked.cronConfig is not None:
        rule = _rule(asked.cronConfig, spec.pop("schedule", None) or {})
        spec |= {"schedule": rule} if rule else {}
    if asked.alarmList is not None:
        spec["alarms"] = asked.alarmList
    if asked.invokeStatus is not None:
        spec["invocation"] = {"enabled": asked.invokeStatus == "ON"}
    return {**document, "spec": spec}


def drawer_shape(spec: Mapping[str, Json]) -> dict[str, Json]:
    """What the drawer shows."""
    on = (spec.get("invocation") or {}).get("enabled", False)
    return {
        "cronConfig": _cron(spec.get("schedule")),
        "alarmList": spec.get("alarms") or [],
        "invokeStatus": "ON" if on else "OFF",
    }


def _rule(asked: CronBody, before: Mapping[str, Json]) -> dict[str, Json]:
    """A schedule; empty where none was ever given. One that is only switched off stays what it was."""
    if not asked.enable and not asked.cron:
        return {**before, "enabled": False} if before else {}
    dates = zip(("from", "until"), asked.workDate or (), strict=False)
    kept = {key: before[key] for key in KEPT if key in before}
    return {
        "enabled": asked.enable,
        "mode": "single" if asked.type == "ALL" else "discrete",
        **kept,
        **({"timezone": asked.timezone} if asked.timezone else {}),
        **({"cron": _cron_text(asked)} if asked.cron else {}),
        **{key: date for key, date in dates if date},
    }


def _cron_text(asked: CronBody) -> str:
    """The simple form counts weekdays from 1 = Monday, while Quartz would read 1 as Sunday."""
    assert asked.cron is not None
    weekly = _WEEKLY.fullmatch(asked.cron)
    if asked.setMode != "SIMPLE" or weekly is None:
        return asked.cron
    return f"{weekly[1]}{DAYS[int(weekly[2]) - 1]}{weekly[3] or ''}"


def _cron(rule: Mapping[str, Json] | None) -> Json:
    if rule is None:
        return None
    return {
        "enable": rule.get("enabled", True),
        "type": "SINGLE" if rule.get("mode") == "discrete" else "ALL",
        "setMode": "ADVANCE",
        "cron": rule.get("cron"),
        "workDate": [rule.get("from"), rule.get("until")],
        "timezone": rule.get("timezone"),
    }
