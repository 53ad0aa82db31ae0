"""When to wake: one heap over all steps and runs. Entries are hints; the core knows which still hold."""

import heapq
from collections.abc import Iterable

from headrace.core.run.events import RunDue, StepDue
from headrace.core.run.state import Run, Step
from headrace.core.words import RunStatus
from headrace.engine.items import Post


class Timers:
    """Re-derived from the stored state at start; never stored itself."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, int, StepDue | RunDue]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._heap)

    def follow(self, run: Run, steps: Iterable[Step], deadline_before: float | None = None) -> None:
        """Note what these steps, and the run, wait for now."""
        for step in steps:
            if step.due_at is not None and step.due is not None:
                self._push(step.due_at, run.id, StepDue(step.id, step.due, step.due_at))
        if run.deadline is not None and run.deadline != deadline_before and run.status is RunStatus.RUNNING:
            self._push(run.deadline, run.id, RunDue())

    def _push(self, at: float, run_id: int, event: StepDue | RunDue) -> None:
        self._count += 1  # keeps equal instants in order and events out of the comparison
        heapq.heappush(self._heap, (at, self._count, run_id, event))

    def due(self, now: float, limit: int) -> list[Post]:
        """What has come due, oldest first."""
        found: list[Post] = []
        while self._heap and self._heap[0][0] <= now and len(found) < limit:
            _, _, run_id, event = heapq.heappop(self._heap)
            found.append(Post(run_id, event))
        return found

    def next_at(self) -> float | None:
        """The earliest instant, if any."""
        return self._heap[0][0] if self._heap else None
