"""One entrance for both dialects of cron.

Five fields are Unix cron: weekday 0 or 7 is Sunday, and where day and weekday are both restricted either
of them is enough. Six or seven fields are Quartz: seconds first, weekday 1 is Sunday, one of day and
weekday is ``?``, perhaps a year at the end.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from cronsim import CronSim, CronSimError

from headrace.core.schedule.clock import FIRST_YEAR, LAST_YEAR, Cron
from headrace.core.schedule.faults import CronError
from headrace.core.schedule.quartz import read_quartz

DIALECTS = ("auto", "unix", "quartz")
UNIX_FIELDS = ("minute", "hour", "day", "month", "weekday")
EVERYTHING = ("*", "*", "*", "*", "*")

__all__ = ["DIALECTS", "Cron", "CronError", "read_cron"]


def read_cron(text: str, dialect: str = "auto") -> Cron:
    """Read a cron text. Raises CronError, which names the field, what was found and what would be right."""
    fields = tuple(text.upper().split())
    if dialect == "auto":
        dialect = "unix" if len(fields) == 5 else "quartz"
    return _read(fields, dialect)


@lru_cache(maxsize=2_000)
def _read(fields: tuple[str, ...], dialect: str) -> Cron:
    if dialect == "quartz":
        if len(fields) not in (6, 7):
            raise CronError("cron_fields_count", found=len(fields))
        return read_quartz(fields)
    if len(fields) != 5:
        raise CronError("cron_fields_unix", found=len(fields))
    return _read_unix(fields)


def _read_unix(fields: tuple[str, ...]) -> Cron:
    for i, (name, value) in enumerate(zip(UNIX_FIELDS, fields, strict=True)):
        if "?" in value:
            raise CronError("cron_question_unix", found=value)
        if name == "day" and "L" in value and "/" in value:  # the library would pass over the step
            raise CronError("cron_day", found=value)
        alone = [*EVERYTHING[:i], value, *EVERYTHING[i + 1 :]]
        code = "cron_weekday_unix" if name == "weekday" else f"cron_{name}"
        _simulated(alone, CronError(code, found=value))
    sim = _simulated(fields, CronError("cron_never", text=" ".join(fields)))
    return Cron(
        fields=fields,
        seconds=(0,),
        minutes=tuple(sorted(sim.minutes)),
        hours=tuple(sorted(sim.hours)),
        months=frozenset(m for m in sim.months if isinstance(m, int)),
        years=frozenset(range(FIRST_YEAR, LAST_YEAR + 1)),
        day=sim.match_day,
        fixed=not fields[0].startswith("*") and not fields[1].startswith("*"),
        dialect="unix",
    )


def _simulated(fields: Sequence[str], otherwise: CronError) -> CronSim:
    """The library reads the fields and knows the days; instants are computed alike for both dialects."""
    try:
        return CronSim(" ".join(fields), datetime(2000, 1, 1))  # noqa: DTZ001 - nothing is computed from it
    except CronSimError:
        raise otherwise from None
