"""Who wants to know when a run changes."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import structlog

log = structlog.get_logger()
Ring = Callable[[], None]
RingAll = Callable[[Sequence[int]], None]


class Watchers:
    """``ports.watch.Watch``; costs nothing for runs nobody looks at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rings: dict[int, list[Ring]] = {}
        self._all: list[RingAll] = []

    @contextmanager
    def run(self, run_id: int, ring: Ring) -> Iterator[None]:
        with self._lock:
            self._rings.setdefault(run_id, []).append(ring)
        try:
            yield
        finally:
            with self._lock:
                rings = self._rings[run_id]
                rings.remove(ring)
                if not rings:
                    del self._rings[run_id]

    @contextmanager
    def all_runs(self, ring: RingAll) -> Iterator[None]:
        with self._lock:
            self._all.append(ring)
        try:
            yield
        finally:
            with self._lock:
                self._all.remove(ring)

    def changed(self, run_ids: Iterable[int]) -> None:
        """Ring for these runs."""
        if not self._rings and not self._all:
            return
        ids = list(run_ids)
        with self._lock:
            wanted = [ring for run_id in ids for ring in self._rings.get(run_id, ())]
            wanted += [partial(ring, ids) for ring in self._all]
        for each in wanted:
            try:
                each()
            except Exception as error:
                log.warning("a watcher could not be woken", exc_info=error)
