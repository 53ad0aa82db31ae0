"""What the engine has done, for /metrics and /readyz."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from headrace.engine.batch import Changed


@dataclass(slots=True)
class Counters:
    """Plain sums; read from other threads, written by the engine's only."""

    batches: int = 0
    items: int = 0
    attempts: dict[str, int] = field(default_factory=dict)  # ended, by status
    runs_left_running: int = 0
    fired: int = 0  # runs that schedules have started
    progress_at: float = 0.0  # monotonic instant of the last look into the inbox

    def batch(self, items: int, changed: Iterable[Changed]) -> None:
        """One more commit."""
        self.batches += 1
        self.items += items
        for one in changed:
            self.runs_left_running += one.left_running
            for attempt in one.decision.attempts:
                status = attempt.status
                self.attempts[status] = self.attempts.get(status, 0) + 1

    def figures(self) -> Mapping[str, float]:
        """By metric name; names ending in ``_total`` only grow."""
        return {
            "engine_commits_total": self.batches,
            "engine_items_total": self.items,
            "engine_runs_ended_total": self.runs_left_running,
            "engine_schedule_runs_total": self.fired,
            **{f"engine_attempts_{status.lower()}_total": n for status, n in dict(self.attempts).items()},
        }
