"""CEL's values as JSON values."""

import base64
import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from headrace.core.expr.errors import ExpressionError
from headrace.core.messages import text

Json = Any


def plain(value: Any) -> Json:
    """Instants become ISO-8601 text, durations seconds, bytes base64; keys become text.

    Raises ExpressionError for what JSON has no word for (NaN, infinity, a type).
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    return _scalar(value)


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ExpressionError(text("said_number", {"found": value}))
    return value


def _key(key: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return key if isinstance(key, str) else str(key)


def _scalar(value: Any) -> Json:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise ExpressionError(text("said_kind", {"found": type(value).__name__}))
