"""The words of a message. A person's text names values in braces; they are put in as they are, once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from headrace.core.definition.alarms import MARK, VALUES
from headrace.core.messages import Language, text
from headrace.core.retold import retold
from headrace.core.words import Operation, Reason, RunStatus, StepStatus

Json = Any


@dataclass(frozen=True, slots=True)
class Message:
    """``subject`` is one line; ``text`` may have more."""

    subject: str
    text: str


STATES: Mapping[str, str] = {
    StepStatus.SUCCESSFUL: "succeeded",
    StepStatus.FAILED: "failed",
    RunStatus.CANCELED: "canceled",
    RunStatus.EXPIRED: "expired",
    RunStatus.RUNNING: "failed_undoing",
}
OF_A_ROLLBACK: Mapping[str, str] = {RunStatus.SUCCESSFUL: "undone", RunStatus.FAILED: "undo_failed"}
LINES = ("run", "node", "step", "reason", "planned", "at")


def wording(
    facts: Mapping[str, Json], template: str | None, language: Language, zone: tzinfo, url: str
) -> Message:
    """The message that ``facts`` of a ``Telling`` make. Instants are shown in ``zone``."""
    values = _values(facts, language, zone, url)
    state = _state(facts)
    code = f"alarm_step_{state}" if facts["about"] == "step" else f"alarm_run_{state}"
    subject = _line(text(code, _named(facts), language))
    if template:
        return Message(subject, MARK.sub(lambda match: _put_in(match, values), template))
    return Message(subject, "\n".join([subject, *_details(facts, values, language)]))


def trial(language: Language, channel: str) -> Message:
    """What a channel is tested with."""
    subject = text("alarm_trial", {"channel": channel}, language)
    return Message(subject, f"{subject}\n{text('alarm_trial_more', {}, language)}")


def _put_in(match: re.Match[str], values: Mapping[str, str]) -> str:
    name = match[1]
    return match[0][0] if name is None else values.get(name, match[0])


def _values(facts: Mapping[str, Json], language: Language, zone: tzinfo, url: str) -> dict[str, str]:
    words = {name: str(facts.get(name) or "") for name in VALUES}
    for name in ("planned", "at"):
        words[name] = _instant(facts.get(name), zone)
    words["message"] = retold(facts.get("message"), language) or ""
    reason = facts.get("reason")
    words["reason"] = text(f"alarm_reason_{reason}", {}, language) if reason else ""
    words["status"] = text(f"alarm_status_{_state(facts)}", {}, language)
    words["occasion"] = text(f"alarm_occasion_{facts['occasion']}", {}, language)
    words["url"] = url
    return words


def _state(facts: Mapping[str, Json]) -> str:
    if facts["started"]:
        return "started"
    if facts["about"] == "step" and facts.get("reason") == Reason.CANCELED:
        return "canceled"
    status = facts["status"]
    undone = OF_A_ROLLBACK.get(status) if facts["operation"] == Operation.ROLLBACK else None
    return undone or STATES[status]


def _named(facts: Mapping[str, Json]) -> dict[str, Json]:
    more = facts.get("count", 1)
    node = str(facts.get("name") or "")
    return {"workflow": facts["workflow"], "node": f"{node} ×{more}" if more > 1 else node}


def _details(facts: Mapping[str, Json], values: Mapping[str, str], language: Language) -> list[str]:
    shown = dict(values)
    shown["node"] = "" if facts["about"] == "step" else str(facts.get("name") or "")
    lines = [text(f"alarm_line_{name}", shown, language) for name in LINES if shown[name]]
    return lines + [values[name] for name in ("message", "url") if values[name]]


def _instant(at: float | None, zone: tzinfo) -> str:
    return "" if at is None else datetime.fromtimestamp(int(at), zone).isoformat(" ")


def _line(words: str) -> str:
    """In one line: subjects become headers."""
    return " ".join(words.split())
