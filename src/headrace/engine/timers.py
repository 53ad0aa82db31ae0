"""When to wake: one heap over all steps and runs. Entries are hints; the core knows which still hold."""

import heapq
from collections.abc import Iterable

from headrace.core.run.events import RunDue, StepDue
from headrace.core.run.state import Run, Step
from headrace.core.words import RunStatus
from headrace.engine.items import Post

SLACK = 1_000  # void entries the heap may hold beside as many as there are valid ones


class Timers:
    """Re-derived from the stored state at start; never stored itself."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, int]] = []  # instant, running number, key
        self._waits: dict[int, tuple[float, int, Post]] = {}  # by step id, by minus run id for a run
        self._count = 0

    def __len__(self) -> int:
        return len(self._waits)

    def follow(self, run: Run, steps: Iterable[Step]) -> None:
        """Note what this run, and these of its steps, wait for now."""
        for step in steps:
            at, due = step.due_at, step.due
            if at is not None and due is not None:
                known = self._waits.get(step.id)
                if known is None or known[0] != at or known[2].event.due is not due:  # type: ignore[union-attr]
                    self._push(step.id, at, Post(run.id, StepDue(step.id, due, at)))
            elif self._waits:
                self._waits.pop(step.id, None)
        if run.deadline is None or run.status is not RunStatus.RUNNING:
            if self._waits:
                self._waits.pop(-run.id, None)
        elif -run.id not in self._waits or self._waits[-run.id][0] != run.deadline:
            self._push(-run.id, run.deadline, Post(run.id, RunDue()))

    def forget(self, step_ids: Iterable[int]) -> None:
        """These steps are no more."""
        for step_id in step_ids:
            self._waits.pop(step_id, None)

    def _push(self, key: int, at: float, post: Post) -> None:
        self._count += 1  # keeps equal instants in order, and tells the valid entry from older ones
        self._waits[key] = (at, self._count, post)
        heapq.heappush(self._heap, (at, self._count, key))
        if len(self._heap) > 2 * len(self._waits) + SLACK:
            self._heap = [(at, count, key) for key, (at, count, _) in self._waits.items()]
            heapq.heapify(self._heap)

    def due(self, now: float, limit: int) -> list[Post]:
        """What has come due, oldest first, each once."""
        found: list[Post] = []
        while self._heap and self._heap[0][0] <= now and len(found) < limit:
            _, count, key = heapq.heappop(self._heap)
            wait = self._waits.get(key)
            if wait is not None and wait[1] == count:
                found.append(wait[2])
                del self._waits[key]
        return found

    def next_at(self) -> float | None:
        """The earliest instant, if any."""
        while self._heap:
            at, count, key = self._heap[0]
            wait = self._waits.get(key)
            if wait is not None and wait[1] == count:
                return at
            heapq.heappop(self._heap)
        return None
