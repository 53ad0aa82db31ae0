"""Brute-force limit: failures counted per account and address, and per address alone.

The account alone is never locked: that would let anybody lock the administrator out. Nor does one account
count against its address for ever: a robot with an old password would lock out all who share the address.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from math import ceil

from headrace.core.refusal import Refused

PER_ACCOUNT = 10  # failures of one account from one address before it has to wait
PER_ADDRESS = 50  # failures of one address, whatever the account
FIRST_WAIT = 2.0  # seconds; doubles with every further failure
LONGEST_WAIT = 300.0
FORGET_AFTER = 900.0  # seconds without a failure
MOST_DOUBLED = 20  # times; by far beyond the longest wait, and a number still
MOST_KEYS = 10_000
HOST_BITS = 64  # of an IPv6 address: whoever has one has all that differ in these alone


@dataclass(slots=True)
class _Count:
    failures: int = 0
    last: float = 0.0


@dataclass(slots=True)
class Throttle:
    """Counts failures; times are monotonic seconds."""

    _counts: OrderedDict[tuple[str, str], _Count] = field(default_factory=OrderedDict)

    def check(self, account: str, address: str, now: float) -> None:
        """Raise Refused (throttled) while this account or address has to wait."""
        place = place_of(address)
        wait = max(self._wait((account, place), PER_ACCOUNT, now), self._wait(("", place), PER_ADDRESS, now))
        if wait > 0:
            raise Refused("throttled", "too_many_failures", {"seconds": ceil(wait)})

    def failed(self, account: str, address: str, now: float) -> None:
        place = place_of(address)
        if self._counted((account, place), now) <= PER_ACCOUNT:
            self._counted(("", place), now)
        while len(self._counts) > MOST_KEYS:
            self._counts.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        self._counts.pop((account, place_of(address)), None)

    def _counted(self, key: tuple[str, str], now: float) -> int:
        count = self._counts.setdefault(key, _Count())
        if now - count.last > FORGET_AFTER:
            count.failures = 0
        count.failures += 1
        count.last = now
        self._counts.move_to_end(key)
        return count.failures

    def _wait(self, key: tuple[str, str], allowed: int, now: float) -> float:
        count = self._counts.get(key)
        if count is None or count.failures < allowed or now - count.last > FORGET_AFTER:
            return 0.0
        pause = min(FIRST_WAIT * 2.0 ** min(count.failures - allowed, MOST_DOUBLED), LONGEST_WAIT)
        return count.last + pause - now


def place_of(address: str) -> str:
    """What one caller cannot change at will: of an IPv6 address its network."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or IPv6Address(int(found) >> HOST_BITS << HOST_BITS))
