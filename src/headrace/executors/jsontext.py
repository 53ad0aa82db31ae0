"""JSON for programs and their keepers, and what is wrong with theirs."""

import json
from typing import Any

import msgspec

from headrace.core.messages import text

_encoder = msgspec.json.Encoder()  # many times faster than json


def encoded(value: Any) -> bytes:
    """Any text survives, lone surrogates included."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode("ascii")


_TYPES = {type(None): "null", bool: "boolean", int: "number", float: "number", str: "string", list: "array"}
_FAULTS = {
    "Expecting value": "said_json_value",
    "Expecting property name enclosed in double quotes": "said_json_name",
    "Expecting ',' delimiter": "said_json_comma",
    "Expecting ':' delimiter": "said_json_colon",
    "Extra data": "said_json_extra",
    "Unterminated string starting at": "said_json_open",
    "Invalid control character at": "said_json_control",
}


def json_type(value: Any) -> str:
    """What JSON calls a value."""
    return _TYPES.get(type(value), "object")


def json_fault(error: Exception) -> str:
    """Why a text is no JSON, and where."""
    if not isinstance(error, json.JSONDecodeError):
        return text("said_json_digits", {}) if "digits" in str(error) else str(error)
    code = _FAULTS.get(error.msg)
    what = text(code, {}) if code else error.msg
    return text("said_json_at", {"line": error.lineno, "column": error.colno, "error": what})
