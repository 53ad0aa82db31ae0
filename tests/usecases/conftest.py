"""A store in memory."""

from collections.abc import Iterator

import pytest

from headrace.identity.bootstrap import bootstrap
from headrace.ports.store import Writer
from headrace.storage import MemoryStore


@pytest.fixture
def writer() -> Iterator[Writer]:
    """The pen of a store after its first start."""
    store = MemoryStore()
    assert bootstrap(store, 1.0, None, None) is not None
    with store.write() as pen:
        yield pen
