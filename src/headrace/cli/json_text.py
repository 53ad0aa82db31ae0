"""JSON that people give: strictly what a server can be sent, nothing of it lost on the way."""

import json
import math
from typing import Any

from headrace.cli.screen import language
from headrace.core.messages import text

Json = Any


def value_of(given: str | bytes) -> Json:
    """The value. Raises ValueError, with the reason in the person's language where it is one of ours."""
    try:
        return json.loads(given, parse_constant=_number, parse_float=_number, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError(_said("cli_json_deep")) from None


def _number(written: str) -> float:
    """Python reads NaN and Infinity, and 1e999 as one; JSON holds none of them."""
    value = float(written)
    if not math.isfinite(value):
        raise ValueError(_said("cli_json_number", found=written))
    return value


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(_said("cli_json_twice", name=name))
        found[name] = value
    return found


def _said(code: str, **values: object) -> str:
    return text(code, values, language())
