"""Quartz's dialect of cron: seconds first, weekday 1 is Sunday, ``?``, ``L``, ``W``, ``#``, years.

After the documentation of Quartz's CronTrigger. Ranges may wrap around (``FRI-MON``, ``22-2``).
"""

from headrace.core.schedule.clock import FIRST_YEAR, LAST_YEAR, Cron
from headrace.core.schedule.days import day_rule, weekday_rule
from headrace.core.schedule.faults import CronError
from headrace.core.schedule.parts import MONTHS, values_of


def read_quartz(fields: tuple[str, ...]) -> Cron:
    """Six or seven fields. Raises CronError."""
    second, minute, hour, day, month, weekday = fields[:6]
    year = fields[6] if len(fields) == 7 else "*"
    if (day == "?") == (weekday == "?"):
        raise CronError("cron_question_quartz", day=day, weekday=weekday)
    years = values_of("year", year, FIRST_YEAR, LAST_YEAR)
    return Cron(
        fields=fields,
        seconds=values_of("second", second, 0, 59),
        minutes=values_of("minute", minute, 0, 59),
        hours=values_of("hour", hour, 0, 23),
        months=frozenset(values_of("month", month, 1, 12, MONTHS)),
        years=frozenset(years),
        day=weekday_rule(weekday) if day == "?" else day_rule(day),
        fixed=not minute.startswith("*") and not hour.startswith("*"),
        dialect="quartz",
    )
