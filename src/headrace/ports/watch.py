"""Being woken when a run changes: what live pages and streams wait for."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol


class Watch(Protocol):
    """Rings after a commit that changed a run. What changed is read from the store's history."""

    def run(self, run_id: int, ring: Callable[[], None]) -> AbstractContextManager[None]:
        """While the ``with`` block lasts, ``ring()`` is called after every commit that touches the run.

        It is called from the engine's thread and must only wake somebody, never block or raise.
        """
        ...

    def tenant(self, tenant: int, ring: Callable[[Sequence[int]], None]) -> AbstractContextManager[None]:
        """The same for every run of the tenant: ``ring`` is given the ids of those that changed."""
        ...
