"""Values of one database as columns of another take them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from headrace.executors.transfer_values import Unfit, fitted

ID = UUID("12345678-1234-5678-1234-567812345678")


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        (sa.Integer(), "12", 12),
        (sa.Integer(), True, 1),
        (sa.Integer(), Decimal("7"), 7),
        (sa.BigInteger(), 3.0, 3),
        (sa.Numeric(), "1.50", Decimal("1.50")),
        (sa.Numeric(), 1.5, 1.5),
        (sa.Float(), 2, 2),
        (sa.Boolean(), 1, True),
        (sa.Boolean(), "f", False),
        (sa.Boolean(), True, True),
        (sa.DateTime(), "2026-01-02 03:04:05", datetime(2026, 1, 2, 3, 4, 5)),  # noqa: DTZ001
        (sa.DateTime(), date(2026, 1, 2), datetime(2026, 1, 2)),  # noqa: DTZ001
        (sa.DateTime(), datetime(2026, 1, 2), datetime(2026, 1, 2)),  # noqa: DTZ001
        (sa.Date(), datetime(2026, 1, 2, 3), date(2026, 1, 2)),  # noqa: DTZ001
        (sa.Date(), "2026-01-02", date(2026, 1, 2)),
        (sa.Date(), date(2026, 1, 2), date(2026, 1, 2)),
        (sa.Time(), "03:04", time(3, 4)),
        (sa.Time(), time(3, 4), time(3, 4)),
        (sa.LargeBinary(), "名", "名".encode()),
        (sa.LargeBinary(), memoryview(b"a"), b"a"),
        (sa.JSON(), '{"a": 1}', {"a": 1}),
        (sa.JSON(), {"a": 1}, {"a": 1}),
        (sa.Uuid(), str(ID), ID),
        (sa.Uuid(), ID, ID),
        (sa.Text(), "x", "x"),
        (sa.Text(), Decimal("1.5"), "1.5"),
        (sa.Text(), ID, str(ID)),
        (sa.Text(), {"名": [1]}, '{"名": [1]}'),
        (sa.Text(), date(2026, 1, 2), "2026-01-02"),
        (sa.Text(), b"abc", "abc"),
        (sa.Enum("a", "b"), "a", "a"),
        (sa.types.NullType(), Decimal("1.5"), "1.5"),
        (sa.types.NullType(), timedelta(minutes=1), "0:01:00"),
        (sa.types.NullType(), 5, 5),
        (sa.ARRAY(sa.Integer), [1], [1]),
        (sa.Integer(), None, None),
    ],
)
def test_what_fits(kind: Any, value: Any, wanted: Any) -> None:
    (found,) = fitted([(value,)], [sa.Column("c", kind)], 1)
    assert found == {"c": wanted}
    assert type(found["c"]) is type(wanted)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (sa.Integer(), "x"),
        (sa.Integer(), 1.5),
        (sa.Integer(), b"x"),
        (sa.Numeric(), "x"),
        (sa.Boolean(), "maybe"),
        (sa.DateTime(), "yesterday"),
        (sa.DateTime(), 5),
        (sa.LargeBinary(), 5),
        (sa.JSON(), "{"),
        (sa.Uuid(), "x"),
        (sa.Text(), b"\xff"),
    ],
)
def test_what_does_not(kind: Any, value: Any) -> None:
    with pytest.raises(Unfit, match=r"^row 8, column c: "):
        fitted([(None,), (value,)], [sa.Column("c", kind)], 7)
