"""A value of one database as a column of another takes it."""

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import NullType, TypeEngine

Row = Sequence[Any]
Fit = Callable[[Any], Any]


class Unfit(ValueError):
    """Which value does not fit which column."""

    def __init__(self, row: int, column: str, value: Any) -> None:
        super().__init__(f"row {row}, column {column}: {str(value)[:100]!r}")
        self.row = row
        self.column = column
        self.value = value


def fitted(rows: Sequence[Row], columns: Sequence[sa.Column[Any]], first: int) -> list[dict[str, Any]]:
    """Rows as the columns take them. ``first`` is the number of the first row, for messages. Raises Unfit."""
    fits = [(column.name, _fit(column.type)) for column in columns]
    found = []
    for number, row in enumerate(rows, first):
        values: dict[str, Any] = {}
        for (name, fit), value in zip(fits, row, strict=True):
            try:
                values[name] = None if value is None else fit(value)
            except (ValueError, ArithmeticError, TypeError):
                raise Unfit(number, name, value) from None
        found.append(values)
    return found


def _fit(kind: TypeEngine[Any]) -> Fit:
    for types, fit in _FITS:
        if isinstance(kind, types):
            return fit
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _whole(value: Any) -> int:
    number = int(value)
    if not isinstance(value, str) and number != value:
        raise ValueError
    return number


def _number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) else value


def _truth(value: Any) -> bool:
    found = {"0": False, "f": False, "false": False, "1": True, "t": True, "true": True}
    return found[str(value).lower()] if str(value).lower() in found else _no(value)


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value if isinstance(value, datetime) else _no(value)


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(value) if isinstance(value, str) else value


def _clock(value: Any) -> Any:
    return time.fromisoformat(value) if isinstance(value, str) else value


def _octets(value: Any) -> bytes:
    return (
        value.encode()
        if isinstance(value, str)
        else bytes(value)
        if not isinstance(value, int)
        else _no(value)
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _unique(value: Any) -> Any:
    return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))


def _words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode()
    return str(value)


def _loose(value: Any) -> Any:
    """For columns without a type: what every driver takes."""
    if isinstance(value, Decimal | uuid.UUID | timedelta | datetime | date | time | dict | list):
        return _words(value)
    return value


def _no(value: Any) -> Any:
    raise ValueError(value)


_FITS: tuple[tuple[Any, Fit], ...] = (
    (sa.Uuid, _unique),
    (sa.JSON, _json),
    (sa.Enum, _as_it_is),
    (sa.Boolean, _truth),
    (sa.Integer, _whole),
    (sa.Numeric, _number),
    (sa.DateTime, _moment),
    (sa.Date, _day),
    (sa.Time, _clock),
    (sa.LargeBinary, _octets),
    (sa.String, _words),
    (NullType, _loose),
)
