"""Encoding answers: plain dicts through msgspec, no models in between."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from starlette.responses import Response

Responses = dict[int | str, dict[str, Any]]

_ENCODER = msgspec.json.Encoder()


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(_ENCODER.encode(value), status, headers, "application/json")


def encode(value: Any) -> bytes:
    return _ENCODER.encode(value)


@lru_cache(8_192)
def instant(at: float | None) -> str | None:
    """Epoch seconds as ISO-8601 with milliseconds and offset; None stays None.

    Lists are looked at again and again, and hold little that was not there before.
    """
    if at is None:
        return None
    seconds, millis = divmod(int(at * 1000), 1000)
    return f"{_second(seconds)}.{millis:03d}+00:00"


@lru_cache(4096)
def _second(at: int) -> str:
    """Lists show the same seconds over and over."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def shows(shape: Any, status: int = 200, also: str | None = None) -> Responses:
    """What OpenAPI is told of a route: its answer has this shape, or is of another media type."""
    content: dict[str, Any] = {"content": {also: {}}} if also else {}
    return {status: {"model": shape, **content}}


def sends(*media: str, status: int = 200) -> Responses:
    """What OpenAPI is told of a route that answers with text or bytes."""
    return {status: {"description": "", "content": {each: {} for each in media}}}
