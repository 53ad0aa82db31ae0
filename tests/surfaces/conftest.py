"""One real server for all tests of a file; small ones for tests that need every slot taken."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.api.conftest import ADMIN_TOKEN, Running, running
from tests.surfaces.desk import Desk, Gate, Trace


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("home"), workers=32) as live:
        yield live


@pytest.fixture
def desk(house: Running) -> Desk:
    return Desk(house, house.client(ADMIN_TOKEN))


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Desk]:
    """A server that carries out one step at a time."""
    with running(tmp_path / "narrow", workers=1) as live:
        yield Desk(live, live.client(ADMIN_TOKEN))


@pytest.fixture
def new_gate(tmp_path: Path) -> Iterator[Callable[[], Gate]]:
    with ExitStack() as stack:

        def make() -> Gate:
            gate = Gate(tmp_path)
            stack.callback(gate.close)
            return gate

        yield make


@pytest.fixture
def gate(new_gate: Callable[[], Gate]) -> Gate:
    return new_gate()


@pytest.fixture
def trace(tmp_path: Path) -> Trace:
    return Trace(tmp_path)
