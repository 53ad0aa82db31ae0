"""Encoding answers: plain dicts through msgspec, no models in between."""

from collections.abc import Mapping
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


def shows(shape: Any, status: int = 200, also: str | None = None) -> Responses:
    """What OpenAPI is told of a route: its answer has this shape, or is of another media type."""
    content: dict[str, Any] = {"content": {also: {}}} if also else {}
    return {status: {"model": shape, **content}}


def sends(*media: str, status: int = 200) -> Responses:
    """What OpenAPI is told of a route that answers with text or bytes."""
    return {status: {"description": "", "content": {each: {} for each in media}}}
