"""Time as an argument: only edges hold a Clock; everything below them is told the time."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

NEAR = 1.0  # seconds; so far the system's clock is followed as it runs
HOLD = 60.0  # seconds for which a clock that has jumped is not believed


class Clock(Protocol):
    def now(self) -> float:
        """Epoch seconds, UTC. Goes back only where the system's clock was set back, and stays so."""
        ...

    def monotonic(self) -> float:
        """Seconds since some instant, which no setting of clocks changes."""
        ...


def _steady() -> float:
    """Counts on while the machine is suspended, so that waking up is no jump; not so on every system."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class SystemClock:
    """The system's wall time, held by monotonic time against jumps. The rule:

    - While the system's clock runs as it should, ``now`` is what it shows; where it is corrected backwards
      by up to ``NEAR``, ``now`` waits for it.
    - When it jumps, in either direction, ``now`` goes on by monotonic time, and never stands still: timers
      that are waited for come when they should. A jump that is undone within ``HOLD`` is never seen.
    - A clock that is still elsewhere after ``HOLD`` was set on purpose: ``now`` follows it from then on,
      ahead or back, whatever it did before. Being back, it starts no slot of a schedule again: what has
      become of a slot is in the database.
    """

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _steady) -> None:
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._ahead = wall() - steady()  # of monotonic time
        self._off_since: float | None = None  # steady instant since when the system's clock is elsewhere
        self._last = wall()

    def now(self) -> float:
        with self._lock:
            found = self._believed(self._wall(), self._steady())
            if not 0 < self._last - found <= NEAR:
                self._last = found
            return self._last

    def monotonic(self) -> float:
        return self._steady()

    def _believed(self, wall: float, steady: float) -> float:
        own = steady + self._ahead
        if abs(wall - own) > NEAR and not self._for_long(steady):
            return own
        self._ahead, self._off_since = wall - steady, None
        return wall

    def _for_long(self, steady: float) -> bool:
        if self._off_since is None:
            self._off_since = steady
        return steady - self._off_since >= HOLD
