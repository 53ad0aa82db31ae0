"""The ``alarms`` blocks: whom to tell of what, over which channel, in which words."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from headrace.core.definition.faults import shown
from headrace.core.definition.model import Workflow
from headrace.core.definition.section import Section
from headrace.core.words import Trigger

Json = Any

OCCASIONS = ("start", "end", "failure", "success")
ALARM = frozenset({"on", "channel", "to", "text", "triggers"})
TRIGGERS = (Trigger.SCHEDULED, Trigger.MANUAL, Trigger.API, Trigger.INVOKED)
VALUES = (
    *("workflow", "run", "node", "step", "status", "reason", "message"),
    *("occasion", "planned", "at", "url"),
)
"""What a text may name in braces. Doubled braces stand for themselves."""

RECEIVERS_MOST = 100
RECEIVER_LONGEST = 256
MARK = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


def alarms(owner: Section) -> tuple[Mapping[str, Json], ...]:
    """Whom to tell of what."""
    blocks = owner.sections("alarms", ALARM)
    for block in blocks:
        block.need("channel") and block.text("channel", longest=128)
        _receivers(block)
        _text(block)
        if block.need("on"):
            _words(block, "on", OCCASIONS)
        _words(block, "triggers", TRIGGERS)
    return tuple(block.value for block in blocks)


def named_channels(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Each alarm's channel with the path of its name."""
    for i, alarm in enumerate(workflow.alarms):
        yield f"spec.alarms[{i}].channel", alarm["channel"]
    for n, node in enumerate(workflow.nodes):
        for i, alarm in enumerate(node.alarms):
            yield f"spec.nodes[{n}].alarms[{i}].channel", alarm["channel"]


def _receivers(block: Section) -> None:
    found = block.texts("to")
    at, faults = block.at("to"), block.faults
    if len(found) > RECEIVERS_MOST:
        faults.add(at, "definition_range", found=len(found), least=0, most=RECEIVERS_MOST)
    for i, name in enumerate(found):
        if len(name) > RECEIVER_LONGEST:
            faults.add(f"{at}[{i}]", "definition_length", length=len(name), limit=RECEIVER_LONGEST)


def _text(block: Section) -> None:
    for match in MARK.finditer(block.text("text")):
        name = match[1]
        if name is not None and name not in VALUES:
            block.faults.unknown(block.at("text"), "definition_alarm_value", name, VALUES)


def _words(block: Section, key: str, known: tuple[str, ...]) -> None:
    for i, word in enumerate(block.items(key)):
        path = f"{block.at(key)}[{i}]"
        if not isinstance(word, str):
            block.faults.add(path, "definition_type_text", found=shown(word))
        elif word not in known:
            block.faults.unknown(path, "definition_choice", word, known)
