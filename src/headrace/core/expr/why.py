"""Why an expression failed on its values, as the sentence that is written down with its step."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from headrace.core.expr.library import failure_of, meant, own_words, undefined
from headrace.core.expr.rewrite import Findings
from headrace.core.messages import text

Json = Any

SOURCE_SHOWN = 200  # characters of an expression
KNOWN_SHOWN = 8  # fields that are named where one is missing
VALUES_SHOWN, VALUE_SHOWN = 4, 40  # values that are named with an error, characters of each
JSON_TYPES = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string"}


def type_word(value: Json) -> str:
    """What JSON calls the type of a value."""
    if isinstance(value, Mapping):
        return "object"
    return JSON_TYPES.get(type(value), "list")


def failure(source: str, why: str) -> str:
    """The sentence for an expression that failed: which one it is, and why."""
    source = " ".join(source.split())
    shown = source if len(source) <= SOURCE_SHOWN else source[: SOURCE_SHOWN - 1] + "…"
    return text("said_expression", {"expression": shown, "why": why})


def explain(error: Exception, findings: Findings, functions: Iterable[str], names: Mapping[str, Json]) -> str:
    """What ``error`` of the library means for these values.

    The library names a missing field without its place, a field of null not at all, and a function with
    arguments that it does not take as if there were none of that name.
    """
    paths = sorted(path for path in findings.paths if path[0] not in findings.bound)
    missing = error.args[0] if isinstance(error, KeyError) and error.args else None
    told = failure_of(error)
    if missing is not None or (told is not None and told[0] == "said_overload"):
        for path in paths:
            sentence = _dead_end(path, names, missing)
            if sentence is not None:
                return sentence
    if missing is not None:
        return text("said_field", {"field": str(missing)})
    name = undefined(error)
    if name is not None:
        if name not in functions:
            return _unknown(name, names)
        told = "said_arguments", {"function": name}
    return own_words(error) if told is None else _with_values(text(*told), paths, names)


def _unknown(name: str, names: Mapping[str, Json]) -> str:
    if (word := meant(name)) is not None:
        return text("said_syntax_meant", {"found": name, "meant": word})
    return text("said_name", {"name": name, "known": ", ".join(sorted(names)) or "-"})


def _with_values(why: str, paths: Iterable[tuple[str, ...]], names: Mapping[str, Json]) -> str:
    """The sentence with the values that the expression looks up."""
    found = [f"{'.'.join(path)} = {_shown(value)}" for path in paths for value in _looked_up(path, names)]
    return text("said_values", {"why": why, "given": ", ".join(found[:VALUES_SHOWN])}) if found else why


def _looked_up(path: tuple[str, ...], names: Mapping[str, Json]) -> list[Json]:
    """What stands at ``path``; empty where it leads nowhere."""
    value: Json = names
    for field in path:
        if not isinstance(value, Mapping) or field not in value:
            return []
        value = value[field]
    return [value]


def _shown(value: Json) -> str:
    """A value, short; of a list or a map only what it is."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    words = json.dumps(value, ensure_ascii=False, default=str)
    return words if len(words) <= VALUE_SHOWN else words[: VALUE_SHOWN - 1] + "…"


def _dead_end(path: tuple[str, ...], names: Mapping[str, Json], missing: object) -> str | None:
    """The sentence for where ``path`` leads nowhere; None where it leads on, or misses another field."""
    value: Json = names
    for i, field in enumerate(path):
        values = {"of": ".".join(path[:i]), "field": field}
        if not isinstance(value, Mapping):
            kind = JSON_TYPES.get(type(value))
            return text("said_fieldless", {**values, "found": kind}) if kind and missing is None else None
        if field not in value:
            return text(*_absent(value, values)) if i and missing == field else None
        value = value[field]
    return None


def _absent(value: Mapping[str, Json], values: dict[str, str]) -> tuple[str, dict[str, str]]:
    if not value:
        return "said_empty", values
    near = get_close_matches(values["field"], value, KNOWN_SHOWN)
    known = [*near, *sorted(value.keys() - set(near))]
    more = ", …" if len(known) > KNOWN_SHOWN else ""
    return "said_no_field", {**values, "known": ", ".join(known[:KNOWN_SHOWN]) + more}
