"""Values as a program receives them: environment variables, and everything in one JSON file."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from headrace.executors.executor import Task, refuse
from headrace.executors.jsontext import encoded

Json = Any
LONGEST = 131_000  # bytes of NAME=value; the kernel takes 128 KiB
ROOM = 1_000_000  # bytes of all values together, half of what the kernel usually takes


class Surroundings(Struct, frozen=True):
    """The variables of a program, and which values were too large for one."""

    variables: Mapping[str, str]
    left_out: tuple[tuple[str, int], ...]  # name, bytes


def surroundings(task: Task) -> Surroundings:
    """PARAM_*, TARGET_*, ITEM_* and the ids of the attempt. Raises Failed for a NUL."""
    variables = {
        "HEADRACE_RUN_ID": str(task.run),
        "HEADRACE_STEP_ID": str(task.step),
        "HEADRACE_ATTEMPT": str(task.attempt),
        "HEADRACE_OPERATION": task.operation,
    }
    planned = (task.context.get("run") or {}).get("planned_at")
    if planned is not None:
        variables["HEADRACE_PLANNED_AT"] = planned
    left_out: list[tuple[str, int]] = []
    room = ROOM
    for name, value in _named(task):
        if "\0" in value:
            raise refuse("work_nul", name=name)
        size = len(name) + len(value.encode("utf-8", "surrogatepass")) + 2
        if size > min(LONGEST, room):
            left_out.append((name, size))
        elif name not in variables:
            variables[name] = value
            room -= size
    return Surroundings(variables, tuple(left_out))


def context_file(task: Task) -> str:
    """Everything the step knows, as JSON; any value arrives as it was given."""
    known = {**task.context, "with": task.inputs, "act": task.act, "operation": task.operation}
    return encoded(known).decode()


def _named(task: Task) -> Iterator[tuple[str, str]]:
    for key, value in task.params.items():
        yield _name("PARAM", key), plain(value)
    yield from _object("TARGET", task.target)
    if isinstance(task.item, Mapping):
        yield from _object("ITEM", task.item)
    elif task.item is not None:
        yield "ITEM", plain(task.item)


def _object(prefix: str, value: Json) -> Iterator[tuple[str, str]]:
    """An object's own fields and its attributes; children are for the context file."""
    if not isinstance(value, Mapping):
        return
    for key, inner in value.items():
        if key not in ("attributes", "children"):
            yield _name(prefix, key), plain(inner)
    attributes = value.get("attributes")
    if isinstance(attributes, Mapping):
        for key, inner in attributes.items():
            yield _name(prefix, key), plain(inner)


def _name(prefix: str, key: str) -> str:
    return f"{prefix}_{re.sub(r'[^A-Za-z0-9_]', '_', key).upper()}"


def plain(value: Json) -> str:
    """Text as it is, nothing as nothing, all else as JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
