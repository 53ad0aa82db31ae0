"""A cron text in words, for people who check what they have written."""

from collections.abc import Callable

from headrace.core.schedule.cron import Cron

Words = tuple[str, str]
NAMES_EN = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
NAMES_ZH = ("星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六")
SHORT = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
FREE = ("*", "?")


def wording(cron: Cron) -> Words:
    """In English and in Chinese. What is unusual is given field by field."""
    quartz = cron.dialect == "quartz"
    second, minute, hour, day, month, weekday = cron.fields[:6] if quartz else ("0", *cron.fields)
    year = cron.fields[6] if len(cron.fields) == 7 else "*"
    if second == "0" and month == "*" and year == "*":
        when = _time(minute, hour)
        which = _days(day, weekday, quartz)
        if when and which:
            return _joined(which, when)
    return _by_field(cron)


def _joined(which: Words, when: Words) -> Words:
    if which[0]:
        return f"{which[0]}, {when[0]}", f"{which[1]}{when[1]}"
    return _capital(when[0]), when[1] if when[1].startswith("每") else f"每天 {when[1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _time(minute: str, hour: str) -> Words | None:
    if minute.isdecimal() and hour.isdecimal():
        clock = f"{int(hour):02}:{int(minute):02}"
        return f"at {clock}", clock
    step = _step(minute)
    if step and hour == "*":
        return (f"every {step} minutes" if step > 1 else "every minute"), f"每 {step} 分钟"
    if minute.isdecimal():
        hours = _step(hour)
        if hours:
            every = f"every {hours} hours" if hours > 1 else "every hour"
            return f"{every} at minute {int(minute)}", f"每 {hours} 小时的第 {int(minute)} 分钟"
    return None


def _step(text: str) -> int | None:
    """N of ``*/N`` and ``0/N``; 1 of ``*``."""
    if text == "*":
        return 1
    start, _, step = text.partition("/")
    return int(step) if start in ("*", "0") and step.isdecimal() else None


def _days(day: str, weekday: str, quartz: bool) -> Words | None:
    if day in FREE and weekday in FREE:
        return "", ""
    if day in FREE:
        return _listed(weekday, lambda part: _weekday(part, quartz))
    if weekday in FREE:
        return _listed(day, _day_of_month)
    return None


def _listed(text: str, name: Callable[[str], Words | None]) -> Words | None:
    found = [name(part) for part in text.split(",")]
    named = [each for each in found if each is not None]
    if len(named) < len(found):
        return None
    return "On " + ", ".join(each[0] for each in named), "、".join(each[1] for each in named) + " "


def _weekday(part: str, quartz: bool) -> Words | None:
    first, dash, last = part.partition("-")
    start, end = _weekday_number(first, quartz), _weekday_number(last, quartz) if dash else None
    if start is None or (dash and end is None):
        return None
    if end is None:
        return NAMES_EN[start], f"每{NAMES_ZH[start]}"
    return f"{NAMES_EN[start]} to {NAMES_EN[end]}", f"每{NAMES_ZH[start]}至{NAMES_ZH[end]}"


def _weekday_number(word: str, quartz: bool) -> int | None:
    """0 is Sunday."""
    if word in SHORT:
        return SHORT.index(word)
    if not word.isdecimal():
        return None
    return (int(word) - 1 if quartz else int(word)) % 7


def _day_of_month(part: str) -> Words | None:
    if part == "L":
        return "the last day of the month", "每月最后一天"
    if part == "LW":
        return "the last weekday of the month", "每月最后一个工作日"
    return (f"day {int(part)} of the month", f"每月 {int(part)} 日") if part.isdecimal() else None


FIELDS: tuple[Words, ...] = (
    ("second", "秒"),
    ("minute", "分"),
    ("hour", "时"),
    ("day of the month", "日"),
    ("month", "月"),
    ("weekday", "星期"),
    ("year", "年"),
)


def _by_field(cron: Cron) -> Words:
    names = FIELDS if cron.dialect == "quartz" else FIELDS[1:]
    pairs = [(name, value) for name, value in zip(names, cron.fields, strict=False) if value not in FREE]
    english = "; ".join(f"{name[0]} {value}" for name, value in pairs)
    chinese = ";".join(f"{name[1]} {value}" for name, value in pairs)
    return _capital(english) or "Every minute", chinese or "每分钟"
