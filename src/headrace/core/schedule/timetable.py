"""A schedule block as times: its cron text in its zone, between its dates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headrace.core.schedule.clock import FIRST_YEAR, LAST_YEAR
from headrace.core.schedule.cron import Cron, CronError, read_cron

Json = Any
DEFAULT_ZONE = "UTC"
FIRST_WINDOW = 60.0  # seconds; how far back ``latest`` looks at first


@dataclass(frozen=True)
class Timetable:
    """``since`` and ``until`` are epoch seconds, both included; None: no bound."""

    cron: Cron
    zone: ZoneInfo
    since: float | None
    until: float | None

    def after(self, instant: float) -> Iterator[float]:
        """Slots later than ``instant``, growing."""
        if self.since is not None:
            instant = max(instant, self.since - 1)
        for at in self.cron.times(instant, self.zone):
            if self.until is not None and at > self.until:
                return
            if self.since is None or at >= self.since:
                yield at

    def first(self, instant: float, count: int) -> list[float]:
        """So many slots later than ``instant``; fewer where there are no more."""
        return list(islice(self.after(instant), count))

    def next(self, instant: float) -> float | None:
        """The first slot later than ``instant``; None where there is none."""
        return next(self.after(instant), None)

    def latest(self, after: float, until: float, most: int) -> list[float]:
        """The newest slots in ``(after, until]``, at most ``most``, growing.

        Costs about as much as there are slots in the answer, however long the span.
        """
        window = FIRST_WINDOW
        while True:
            start = max(after, until - window)
            found = list(self._between(start, until))
            if len(found) >= most or start <= after:
                return found[-most:]
            window *= 4

    def _between(self, after: float, until: float) -> Iterator[float]:
        for at in self.after(after):
            if at > until:
                return
            yield at


def timetable(block: Mapping[str, Json], zone: str | None = None) -> Timetable:
    """Of a ``schedule`` block that has a ``cron``. ``zone`` counts where the block names none.

    Raises CronError: cron_…, schedule_zone, schedule_order, schedule_instant, schedule_never.
    """
    named = zone_of(str(block.get("timezone") or zone or DEFAULT_ZONE))
    cron = read_cron(str(block["cron"]), str(block.get("dialect") or "auto"))
    since = instant_of(block, "from", named)
    until = instant_of(block, "until", named)
    if since is not None and until is not None and until < since:
        raise CronError("schedule_order", "until", since=block["from"], until=block["until"])
    table = Timetable(cron, named, since, until)
    if table.next(since - 1 if since is not None else 0.0) is None:
        raise CronError("schedule_never", text=block["cron"])
    return table


def zone_of(name: str) -> ZoneInfo:
    """Raises CronError (schedule_zone) for a zone that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CronError("schedule_zone", "timezone", found=name) from None


def instant_of(block: Mapping[str, Json], key: str, zone: ZoneInfo) -> float | None:
    """Epoch seconds of an ISO instant, or of a date: its start, of ``until`` its last second."""
    value, end = block.get(key), key == "until"
    if value is None:
        return None
    try:
        if isinstance(value, str) and len(value) > 10:
            moment = datetime.fromisoformat(value)
            moment = moment.replace(year=_year(moment))
            return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
        day = date.fromisoformat(str(value))
        day = day.replace(year=_year(day)) + timedelta(days=1 if end else 0)
        return datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() - (1 if end else 0)
    except ValueError:
        raise CronError("schedule_instant", key, found=str(value)) from None


def _year(day: date) -> int:
    """Nothing is computed beyond these; ``until: 9999-12-31`` means for ever."""
    return min(max(day.year, FIRST_YEAR), LAST_YEAR)
