"""Why an expression failed on its values, as the sentence that is written down with its step."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from headrace.core.messages import text

Json = Any

SOURCE_SHOWN = 200  # characters of an expression
KNOWN_SHOWN = 8  # fields that are named where one is missing
LIBRARY_SHOWN = 500  # characters of the library's own words
JSON_TYPES = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string"}


def failure(source: str, why: str) -> str:
    """The sentence for an expression that failed: which one it is, and why."""
    source = " ".join(source.split())
    shown = source if len(source) <= SOURCE_SHOWN else source[: SOURCE_SHOWN - 1] + "…"
    return text("said_expression", {"expression": shown, "why": why})


def explain(error: Exception, paths: Iterable[tuple[str, ...]], names: Mapping[str, Json]) -> str:
    """What ``error`` of the library means for these values.

    ``paths`` are the fields that the expression looks up, from a name downwards. The library names a missing
    field without its place, and a field of null not at all.
    """
    missing = error.args[0] if isinstance(error, KeyError) and error.args else None
    if missing is not None or "No such overload" in str(error):
        for path in sorted(paths):
            sentence = _dead_end(path, names, missing)
            if sentence is not None:
                return sentence
    return library_words(error) if missing is None else text("said_field", {"field": str(missing)})


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


def library_words(error: Exception) -> str:
    """The library's message without its frame, on one line, at most 500 characters."""
    words = str(error)
    _, found, rest = words.partition("ERROR: <input>:")
    words = rest if found else words
    return " ".join(words.split("\n| ")[0].split())[:LIBRARY_SHOWN]
