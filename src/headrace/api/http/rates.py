"""How often something may be done: a bucket for each key that fills up evenly."""

from collections import OrderedDict
from dataclasses import dataclass, field
from math import ceil

from headrace.core.refusal import Refused

MOST_KEYS = 10_000


@dataclass(slots=True)
class Rates:
    """At most ``a_minute`` at once, and as many in the long run. Belongs to one event loop."""

    a_minute: int
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    """What is left, and when that was so (monotonic seconds)."""

    def take(self, key: str, now: float) -> None:
        """One more; Refused (throttled) with the seconds to wait where that is too many."""
        left, since = self._buckets.pop(key, (float(self.a_minute), now))
        left = min(left + (now - since) * self.a_minute / 60, float(self.a_minute))
        taken = left >= 1
        self._buckets[key] = (left - 1 if taken else left, now)
        while len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if not taken:
            wait = ceil((1 - left) * 60 / self.a_minute)
            raise Refused("throttled", "invocation_too_often", {"seconds": wait})
