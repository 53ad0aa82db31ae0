"""FastAPI's findings about a request, in our words: one code each, said in both languages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from headrace.api.http.forms import SAID
from headrace.ports.errors import Problem

_CODES: Mapping[str, str] = {
    "missing": "field_missing",
    "extra_forbidden": "field_unknown",
    "greater_than": "field_too_small",
    "greater_than_equal": "field_too_small",
    "less_than": "field_too_large",
    "less_than_equal": "field_too_large",
    "string_too_short": "field_too_short",
    "too_short": "field_too_short",
    "string_too_long": "field_too_long",
    "too_long": "field_too_long",
    "string_pattern_mismatch": "field_pattern",
    "enum": "field_choice",
    "literal_error": "field_choice",
    "json_invalid": "field_json",
}
_EXPECTED: Mapping[str, tuple[str, ...]] = {
    "integer": ("int_type", "int_parsing", "int_parsing_size", "int_from_float"),
    "number": ("float_type", "float_parsing", "finite_number", "decimal_type"),
    "string": ("string_type", "string_unicode"),
    "boolean": ("bool_type", "bool_parsing"),
    "array": ("list_type", "tuple_type", "set_type", "frozen_set_type"),
    "object": ("dict_type", "model_type", "model_attributes_type", "mapping_type"),
    "date-time": ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"),
}
_TYPE_OF = {kind: expected for expected, kinds in _EXPECTED.items() for kind in kinds}
_LIMITS = ("gt", "ge", "lt", "le", "min_length", "max_length")


def problems_of(errors: Sequence[Any]) -> list[Problem]:
    """One problem for each finding; values given by the caller are not repeated."""
    return [_problem(error) for error in errors]


def _problem(error: Mapping[str, Any]) -> Problem:
    path, kind, context = _path(error["loc"]), error["type"], error.get("ctx") or {}
    if kind in _TYPE_OF:
        return Problem(path, "field_type", {"expected": _TYPE_OF[kind]})
    if context.get("pattern") in SAID:
        return Problem(path, SAID[context["pattern"]])
    code = _CODES.get(kind, "field_invalid")
    limit = next((context[key] for key in _LIMITS if key in context), None)
    values = {"limit": limit, "expected": _choices(context), "pattern": context.get("pattern")}
    return Problem(path, code, {key: value for key, value in values.items() if value is not None})


def _choices(context: Mapping[str, Any]) -> str | None:
    """``'a', 'b' or 'c'`` → ``a, b, c``, which reads the same in every language."""
    expected = context.get("expected")
    return None if expected is None else ", ".join(re.findall("'([^']*)'", expected)) or expected


def _path(location: Sequence[str | int]) -> str:
    """``("body", "targets", 0, "id")`` → ``targets[0].id``; other places keep their name in front."""
    parts = location[1:] if location and location[0] == "body" else location
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
