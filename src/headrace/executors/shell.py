"""``shell``: a script in /bin/sh or another interpreter."""

import json
from collections.abc import Mapping
from typing import Any

from headrace.executors.executor import Task, refuse
from headrace.executors.program import Command, ProgramExecutor

Json = Any
SHORT = 32_000  # characters of a script that travel as an argument; longer ones as a file


class Shell(ProgramExecutor):
    """Inputs: ``script``, ``interpreter`` (a program, or a list with arguments), ``args``, ``env``, ``cwd``.

    Values never become part of the script: it reads PARAM_*, TARGET_*, ITEM_*, or $HEADRACE_CONTEXT.
    """

    name = "shell"

    def command(self, task: Task) -> Command:
        script = wanted_text(task.inputs, "script")
        args = texts(task.inputs, "args")
        env = text_map(task.inputs, "env")
        cwd = wanted_text(task.inputs, "cwd") if task.inputs.get("cwd") is not None else None
        interpreter = task.inputs.get("interpreter")
        if interpreter is None and len(script) < SHORT:
            return Command(["/bin/sh", "-c", script, "headrace", *args], {}, env, cwd)
        start = ["/bin/sh"] if interpreter is None else program_words(interpreter)
        return Command([*start, ["script"], *args], {"script": script}, env, cwd)


def wanted_text(inputs: Mapping[str, Json], name: str) -> str:
    value = inputs.get(name)
    if not isinstance(value, str) or not value:
        raise refuse("work_input", name=name, found=shown(value), wanted="a text that is not empty")
    if "\0" in value:
        raise refuse("work_nul", name=name)
    return value


def texts(inputs: Mapping[str, Json], name: str) -> list[str]:
    """A list of texts; numbers are taken as they are written."""
    value = inputs.get(name) or []
    if not isinstance(value, list | tuple) or not all(isinstance(item, str | int | float) for item in value):
        raise refuse("work_input", name=name, found=shown(value), wanted="a list of texts")
    items = [item if isinstance(item, str) else shown(item) for item in value]
    if any("\0" in item for item in items):
        raise refuse("work_nul", name=name)
    return items


def text_map(inputs: Mapping[str, Json], name: str) -> dict[str, str]:
    """An object of texts."""
    value = inputs.get(name) or {}
    if not isinstance(value, Mapping) or not all(
        isinstance(item, str | int | float) for item in value.values()
    ):
        raise refuse("work_input", name=name, found=shown(value), wanted="an object of texts")
    items = {str(key): item if isinstance(item, str) else shown(item) for key, item in value.items()}
    for key, item in items.items():
        if "\0" in key + item or "=" in key or not key:
            raise refuse("work_nul" if "\0" in key + item else "work_env_name", name=key)
    return items


def program_words(value: Json) -> list[str | list[str]]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
        raise refuse(
            "work_input", name="interpreter", found=shown(value), wanted="a program, or a list of texts"
        )
    return list(words)


def shown(value: Json) -> str:
    """A value in a message, short."""
    return json.dumps(value, ensure_ascii=False, default=str)[:100]
