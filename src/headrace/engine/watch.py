"""Who wants to know when a run changes."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

import structlog

from headrace.core.run.state import Run

log = structlog.get_logger()
Ring = Callable[[], None]
RingMany = Callable[[Sequence[int]], None]
Kind = TypeVar("Kind", Ring, RingMany)


class Watchers:
    """``ports.watch.Watch``; costs nothing for runs nobody looks at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[int, list[Ring]] = {}
        self._tenants: dict[int, list[RingMany]] = {}

    @contextmanager
    def run(self, run_id: int, ring: Ring) -> Iterator[None]:
        with self._kept(self._runs, run_id, ring):
            yield

    @contextmanager
    def tenant(self, tenant: int, ring: RingMany) -> Iterator[None]:
        with self._kept(self._tenants, tenant, ring):
            yield

    @contextmanager
    def _kept(self, known: dict[int, list[Kind]], key: int, ring: Kind) -> Iterator[None]:
        with self._lock:
            known.setdefault(key, []).append(ring)
        try:
            yield
        finally:
            with self._lock:
                known[key].remove(ring)
                if not known[key]:
                    del known[key]

    def changed(self, runs: Iterable[Run]) -> None:
        """Ring for these runs."""
        if not self._runs and not self._tenants:
            return
        for ring in self._wanted(runs):
            try:
                ring()
            except Exception as error:
                log.warning("a watcher could not be woken", exc_info=error)

    def _wanted(self, runs: Iterable[Run]) -> list[Ring]:
        wanted: list[Ring] = []
        ids: dict[int, list[int]] = {}
        with self._lock:
            for run in runs:
                wanted += self._runs.get(run.id, ())
                if run.tenant in self._tenants:
                    ids.setdefault(run.tenant, []).append(run.id)
            wanted += [partial(ring, ids[tenant]) for tenant in ids for ring in self._tenants[tenant]]
        return wanted
