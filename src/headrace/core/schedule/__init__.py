"""When things happen by themselves: cron texts in two dialects, time zones, effective dates."""

from headrace.core.schedule.cron import DIALECTS, Cron, CronError, read_cron
from headrace.core.schedule.timetable import Timetable, instant_of, timetable, zone_of
from headrace.core.schedule.wording import wording

__all__ = [
    "DIALECTS",
    "Cron",
    "CronError",
    "Timetable",
    "instant_of",
    "read_cron",
    "timetable",
    "wording",
    "zone_of",
]
