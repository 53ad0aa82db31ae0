from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.engine.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """An engine over an empty store."""
    return Desk()


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What the engine writes into its log."""
    with capture_logs() as entries:
        yield entries
