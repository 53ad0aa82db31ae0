"""Time as an argument: only edges hold a Clock; everything below them is told the time."""

import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Epoch seconds, UTC. Never goes back within one process."""
        ...

    def monotonic(self) -> float: ...


class SystemClock:
    """The machine's clock, held from going back: a wall clock set back stands still until it catches up."""

    def __init__(self) -> None:
        self._last = 0.0

    def now(self) -> float:
        self._last = max(self._last, time.time())
        return self._last

    def monotonic(self) -> float:
        return time.monotonic()
