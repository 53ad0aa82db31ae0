"""Who wants to know when a run changes."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()
Ring = Callable[[], None]


class Watchers:
    """``ports.watch.Watch``; costs nothing for runs nobody looks at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rings: dict[int, list[Ring]] = {}

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

    def changed(self, run_ids: Iterable[int]) -> None:
        """Ring for these runs."""
        if not self._rings:
            return
        with self._lock:
            wanted = [ring for run_id in run_ids for ring in self._rings.get(run_id, ())]
        for ring in wanted:
            try:
                ring()
            except Exception as error:
                log.warning("a watcher could not be woken", exc_info=error)
