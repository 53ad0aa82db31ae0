"""Reading a node's ``with``: each fault is a sentence that says what was found and what is wanted."""

import json
from collections.abc import Mapping
from typing import Any

from headrace.core.messages import text
from headrace.executors.executor import Quoted, refuse

Json = Any
Inputs = Mapping[str, Json]


def wanted_text(inputs: Inputs, name: str) -> str:
    """A text that must be there."""
    value = inputs.get(name)
    if not isinstance(value, str) or not value:
        raise refuse("work_input", name=name, found=shown(value), wanted=text("wanted_text", {}))
    if "\0" in value:
        raise refuse("work_nul", name=name)
    return value


def maybe_text(inputs: Inputs, name: str) -> str | None:
    """A text, or None where there is none."""
    return None if inputs.get(name) is None else wanted_text(inputs, name)


def seconds(inputs: Inputs, name: str, default: float, most: float) -> float:
    """A number of seconds."""
    value = inputs.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise refuse(
            "work_input",
            name=name,
            found=shown(value),
            wanted=text("wanted_seconds", {"most": f"{most:.0f}"}),
        )
    return value


def texts(inputs: Inputs, name: str) -> list[str]:
    """A list of texts; numbers are taken as they are written."""
    value = inputs.get(name)
    if not value:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(item, str | int | float) for item in value):
        raise refuse("work_input", name=name, found=shown(value), wanted=text("wanted_texts", {}))
    items = [item if isinstance(item, str) else json.dumps(item) for item in value]
    if any("\0" in item for item in items):
        raise refuse("work_nul", name=name)
    return items


def text_map(inputs: Inputs, name: str) -> dict[str, str]:
    """An object of texts; numbers are taken as they are written."""
    value = inputs.get(name)
    if not value:
        return {}
    if not isinstance(value, Mapping) or not all(
        isinstance(item, str | int | float) for item in value.values()
    ):
        raise refuse("work_input", name=name, found=shown(value), wanted=text("wanted_text_object", {}))
    items = {str(key): item if isinstance(item, str) else json.dumps(item) for key, item in value.items()}
    for key, item in items.items():
        if "\0" in key + item:
            raise refuse("work_nul", name=key)
    return items


def variables(inputs: Inputs) -> dict[str, str]:
    """The input ``env``: more environment variables."""
    items = text_map(inputs, "env")
    for key in items:
        if "=" in key or not key:
            raise refuse("work_env_name", name=key)
    return items


def words(inputs: Inputs, name: str, default: list[str]) -> list[str]:
    """A program: its name, or a list with its arguments."""
    value = inputs.get(name)
    if value is None:
        return default
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not items or not all(isinstance(word, str) and word for word in items):
        raise refuse("work_input", name=name, found=shown(value), wanted=text("wanted_program", {}))
    return list(items)


def shown(value: Json) -> Quoted:
    """A value in a message, short."""
    return Quoted(json.dumps(value, ensure_ascii=False, default=str), 100)
