"""The JSON Schema (draft 2020-12) of the document, for editors and other tools.

It says what a schema can say; ``parse`` says the rest (edges, cycles, expressions, executors).
"""

from typing import Any

from headrace.core.definition import alarms, extras, nodes, parse, people, schedules
from headrace.core.definition.child_inputs import CHILD_INPUTS
from headrace.core.definition.section import ID_LENGTH, NAME_LENGTH, TEXT_LENGTH
from headrace.core.expr import MAX_SOURCE
from headrace.core.schedule import DIALECTS
from headrace.core.words import NodeKind, OnFailure, OnLost

Json = Any

SCHEMA_ID = "urn:headrace:schema:workflow:v1"


def workflow_schema() -> dict[str, Json]:
    """The whole schema, as JSON values."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Headrace workflow",
        "description": "A graph of nodes and its configuration.",
        **_object(
            {
                "apiVersion": {"const": parse.API_VERSION, "description": "The version of this format."},
                "kind": {"const": "Workflow", "description": "What the document defines."},
                "metadata": _metadata(),
                "spec": _spec(),
            },
            required=("apiVersion", "kind", "metadata", "spec"),
        ),
        "$defs": {
            "id": _text("An identifier: letters of any script, digits, _ . -", ID_LENGTH),
            "name": _text("A name: letters of any script, digits, spaces, _ . - ( )", NAME_LENGTH),
            "duration": _duration(),
            "expression": _text("A CEL expression over params, target, steps, item and run.", MAX_SOURCE),
            "alarm": _alarm(),
            "schedule": _schedule(),
            "approvers": _approvers(),
            "edge": _edge(),
            "node": _node(),
        },
    }


def _object(properties: dict[str, Json], required: tuple[str, ...] = (), about: str = "") -> dict[str, Json]:
    """A mapping without other keys."""
    made: dict[str, Json] = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        made["required"] = list(required)
    return {**made, "description": about} if about else made


def _text(about: str, longest: int = TEXT_LENGTH) -> dict[str, Json]:
    return {"type": "string", "minLength": 1, "maxLength": longest, "description": about}


def _free_text(about: str, longest: int = TEXT_LENGTH) -> dict[str, Json]:
    return {"type": ["string", "null"], "maxLength": longest, "description": about}


def _words(words: tuple[str, ...], about: str) -> dict[str, Json]:
    return {"enum": [str(word) for word in words], "description": about}


def _of(name: str, about: str) -> dict[str, Json]:
    return {"$ref": f"#/$defs/{name}", "description": about}


def _flag(about: str) -> dict[str, Json]:
    return {"type": "boolean", "description": about}


def _integer(least: int, most: int, about: str) -> dict[str, Json]:
    return {"type": "integer", "minimum": least, "maximum": most, "description": about}


def _number(least: float, most: float, about: str) -> dict[str, Json]:
    return {"type": "number", "minimum": least, "maximum": most, "description": about}


def _list(items: dict[str, Json], about: str) -> dict[str, Json]:
    return {"type": "array", "items": items, "description": about}


def _duration() -> dict[str, Json]:
    return {
        "description": 'A duration: "10s", "5m", "1h30m", "1d", or a number of seconds; at most ten years.',
        "anyOf": [
            {"type": "string", "pattern": r"^([0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h|d))+$"},
            {"type": "number", "minimum": 0},
        ],
    }


def _metadata() -> dict[str, Json]:
    properties = {
        "name": _of("name", "The name, unique within the tenant."),
        "remark": _free_text("What it is for."),
        "labels": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "maxProperties": parse.MAX_LABELS,
            "description": "Free labels, text to text.",
        },
    }
    return _object(properties, ("name",), "What the workflow is called.")


def _spec() -> dict[str, Json]:
    properties = {
        "target": _of("id", "The type of the root object a run works on."),
        "params": {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"},
            "additionalProperties": {"type": "object"},
            "description": "Parameters: a JSON Schema each; `secret: true` marks a reference to the vault.",
        },
        "required": _list({"type": "string", "minLength": 1}, "Parameters that every run must give."),
        "on_failure": _words(tuple(OnFailure), "What happens once a step has failed; continue by default."),
        "concurrency": _concurrency(),
        "timeout": _of("duration", "How long a run may take."),
        "nodes": {**_list({"$ref": "#/$defs/node"}, "The graph."), "maxItems": parse.MAX_NODES},
        "schedule": _of("schedule", "When runs start by themselves."),
        "alarms": _list({"$ref": "#/$defs/alarm"}, "Whom to tell of what."),
        "invocation": _object({"enabled": _flag("Whether tokens may start it.")}, (), "Starts from outside."),
    }
    return _object(properties, ("nodes",), "What the workflow does.")


def _concurrency() -> dict[str, Json]:
    properties = {
        "limit": _integer(1, 10_000, "How many runs may be active at once; 1 by default."),
        "policy": _words(extras.POLICIES, "What a run beyond the limit does; queue by default."),
    }
    return _object(properties, (), "How many runs at once; without it any number.")


def _alarm() -> dict[str, Json]:
    properties = {
        "on": _list({"enum": list(alarms.OCCASIONS)}, "The occasions; one message for each, in its words."),
        "channel": _text("The channel's name.", 128),
        "to": {
            **_list({"type": "string", "minLength": 1}, "Users, or addresses; else the channel's own."),
            "maxItems": alarms.RECEIVERS_MOST,
        },
        "text": _free_text(f"The message, instead of the standard one; may show {_shown()}."),
        "triggers": _list({"enum": list(alarms.TRIGGERS)}, "Only of runs started so; any by default."),
    }
    return _object(properties, ("on", "channel"), "A message to a channel.")


def _shown() -> str:
    return ", ".join(f"{{{name}}}" for name in alarms.VALUES)


def _schedule() -> dict[str, Json]:
    instant = "A date or an instant, ISO 8601, as text."
    properties = {
        **_when(),
        "mode": _words(schedules.MODES, "single: the workflow as a whole; discrete: each node its own."),
        "from": _free_text(f"Not before. {instant}", 40),
        "until": _free_text(f"Not after; a date is included as a whole. {instant}", 40),
        "missed": _words(schedules.MISSED, "Which times that passed while nothing ran still start a run."),
        "missed_max": _integer(1, schedules.MISSED_MOST, "Of missed: all, how many; 100 by default."),
        "overlap": _words(
            schedules.OVERLAP, "While another run goes on: start, skip the start, or queue it."
        ),
        "params": {"type": "object", "description": "The parameters of its runs."},
        "targets": _list(_target(), "What its runs work on."),
    }
    return _object(properties, (), "When it starts by itself.")


def _target() -> dict[str, Json]:
    properties = {"type": _text("The target's type.", 200), "name": _text("Its name.", 200)}
    return _object(properties, ("name", "type"))


def _when() -> dict[str, Json]:
    return {
        "cron": _free_text("Five fields: Unix cron; six or seven: Quartz.", 200),
        "dialect": _words(DIALECTS, "auto: by the number of fields."),
        "timezone": _free_text("A time zone's name, such as Asia/Shanghai; UTC by default.", 64),
        "enabled": {"type": "boolean", "description": "false: nothing starts by itself."},
    }


def _approvers() -> dict[str, Json]:
    names = {"type": "array", "items": {"type": "string", "minLength": 1}}
    one = {name: _text(f"The {name}'s name.", 128) for name in sorted(people.ENTRY)}
    return {
        "description": "Who may approve or choose, in order.",
        "anyOf": [
            _object({name: names for name in sorted(people.LISTS)}),
            {"type": "array", "items": {**_object(one), "minProperties": 1, "maxProperties": 1}},
        ],
    }


def _edge() -> dict[str, Json]:
    properties = {
        "node": _of("id", "The upstream's id."),
        "case": _free_text("The case of a decision along which the edge is taken.", ID_LENGTH),
    }
    return {
        "description": "An upstream: its id, or its id and the case of a decision.",
        "anyOf": [{"type": "string", "minLength": 1}, _object(properties, ("node",))],
    }


def _node() -> dict[str, Json]:
    properties = {**_any_node(), **_working_node(), **_asking_node(), **_timer_node()}
    assert properties.keys() == nodes.ALL_KEYS
    return {**_object(properties, ("id",), "A node of the graph."), "allOf": _kinds()}


def _any_node() -> dict[str, Json]:
    return {
        "id": _of("id", "Unique within the workflow."),
        "name": _free_text("What people see; the id where there is none.", 200),
        "description": _free_text("What it does and why."),
        "kind": _words(tuple(NodeKind), "What the node is; task by default."),
        "after": _list({"$ref": "#/$defs/edge"}, "The nodes it follows; none: it starts at once."),
        "join": _words(("all", "any"), "all: every upstream is resolved; any: one was taken."),
        "when": _of("expression", "The node runs only where this is true; else it is bypassed."),
        "timeout": _of("duration", "How long one attempt may take."),
        "rollback": {
            "description": "What a rollback is given, or forbidden.",
            "anyOf": [{"type": "object"}, {"const": "forbidden"}],
        },
        "schedule": _object(_when(), (), "The node's own time, where the workflow's mode is discrete."),
        "alarms": _list({"$ref": "#/$defs/alarm"}, "Whom to tell of this node."),
        "risk": {"description": "How risky the node is; any value."},
        "position": _position(),
    }


def _position() -> dict[str, Json]:
    far = nodes.FARTHEST
    axes = {axis: _number(-far, far, "Pixels.") for axis in sorted(nodes.POSITION)}
    return _object(axes, tuple(axes), "Where editors draw the node; it changes nothing else.")


def _working_node() -> dict[str, Json]:
    return {
        "executor": _of("id", "Who carries the node out; also the queue's name."),
        "workflow": _of("name", "The workflow to run as a child."),
        "with": {
            "type": "object",
            "description": 'Given to the executor; a child: params, target. {"$cel": "..."} is computed.',
        },
        "retry": _retry(),
        "on_lost": _words(tuple(OnLost), "What happens where the worker died."),
        "foreach": _of("expression", "A list; one step for each element, which is `item`."),
        "max_parallel": _integer(1, 10_000, "How many of these steps at once."),
        "mode": _words(("parallel", "serial"), "serial: one after the other."),
    }


def _retry() -> dict[str, Json]:
    properties = {
        "max": _integer(0, nodes.MAX_RETRIES, "Attempts after the first; 0 by default."),
        "delay": _of("duration", "Before the first of them; 10s by default."),
        "backoff": _number(1, 100, "Each delay is the one before times this."),
        "jitter": _number(0, 1, "The share of the delay that varies."),
        "rollback": _flag("Whether to roll back before starting again; true by default."),
    }
    return _object(properties, (), "Automatic retries.")


def _asking_node() -> dict[str, Json]:
    return {
        "approvers": _of("approvers", "Who may approve or choose."),
        "approvals": {
            "description": "How many must approve: any one, all, or a number of people.",
            "anyOf": [{"enum": ["any", "all"]}, {"type": "integer", "minimum": 1, "maximum": 1000}],
        },
        "allow_self": _flag("Whether the one who started the run may approve; false by default."),
        "expires": _of("duration", "How long to wait for an answer."),
        "cases": {**_list(_case(), "The branches, in order."), "minItems": 1},
    }


def _case() -> dict[str, Json]:
    properties = {
        "name": _of("id", "The branch's name, which edges refer to."),
        "when": _of("expression", "The first case that holds is taken; one without is for all else."),
    }
    return _object(properties, ("name",), "A branch of a decision.")


def _timer_node() -> dict[str, Json]:
    clock = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
    return {
        "for": _of("duration", "Wait so long."),
        "at": {**clock, "description": "Wait until this time of day."},
        "until": _of("expression", "Wait until this instant."),
        "timezone": _free_text("The time zone of `at` and of an instant without an offset.", 64),
        "skippable": _flag("Whether people may skip it; true by default."),
    }


def _kinds() -> list[Json]:
    """What each kind needs, and the keys it has no use for."""
    rules: list[Json] = []
    for kind, keys in nodes.OF_KIND.items():
        foreign = sorted(nodes.ALL_KEYS - nodes.ANY_KIND - keys)
        needs = _NEEDS[kind]
        then = {**needs, "properties": {**dict.fromkeys(foreign, False), **needs.get("properties", {})}}
        stated = {"properties": {"kind": {"const": kind.value}}}
        condition = stated if kind is NodeKind.TASK else {**stated, "required": ["kind"]}
        rules.append({"if": condition, "then": then})
    return rules


_CHILD_INPUTS: dict[str, Json] = {
    "anyOf": [
        {"required": ["$cel"]},
        {"properties": {key: {"type": "object"} for key in CHILD_INPUTS}, "additionalProperties": False},
    ]
}

_NEEDS: dict[NodeKind, dict[str, Json]] = {
    NodeKind.TASK: {"required": ["executor"]},
    NodeKind.WORKFLOW: {
        "required": ["workflow"],
        "properties": {"with": _CHILD_INPUTS, "rollback": {"const": "forbidden"}},
    },
    NodeKind.APPROVAL: {"required": ["approvers"]},
    NodeKind.DECISION: {
        "required": ["cases"],
        "properties": {"approvals": {"const": "any"}, "allow_self": {"const": False}},
    },
    NodeKind.TIMER: {
        "oneOf": [{"required": [way]} for way in ("for", "at", "until")],
        "properties": {"timeout": False},
    },
}
