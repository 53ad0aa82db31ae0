"""JSON for programs and their keepers."""

import json
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()  # many times faster than json


def encoded(value: Any) -> bytes:
    """Any text survives, lone surrogates included."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode("ascii")
