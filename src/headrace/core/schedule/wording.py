"""A cron text in words, English and Chinese, for people who check what they have written."""

from collections.abc import Sequence

from headrace.core.schedule.clock import Cron
from headrace.core.schedule.reading import LAST, Days, Reading, read_days, runs, step_of

Words = tuple[str, str]
EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ZH_DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
EN_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
EN_NTH = ("first", "second", "third", "fourth", "fifth")
ZH_NTH = ("第一个", "第二个", "第三个", "第四个", "第五个")
CLOCKS_MOST = 6  # times of day that are listed one by one


def wording(cron: Cron) -> Words:
    """In English and in Chinese."""
    english, chinese = _time(cron)
    reading = read_days(cron)
    days = _english_days(reading)
    text = f"{english} {days}" if days else english
    return text[:1].upper() + text[1:], _chinese(reading, chinese)


# -- the time of day ---------------------------------------------------------------------------------


def _time(cron: Cron) -> Words:
    clocks = len(cron.hours) * len(cron.minutes) * len(cron.seconds)
    if clocks <= CLOCKS_MOST:
        listed = [_clock(h, m, s) for h in cron.hours for m in cron.minutes for s in cron.seconds]
        return f"at {_and(listed)}", "、".join(listed)
    parts = [_seconds(cron.seconds), _minutes(cron), _hours(cron)]
    told = [part for part in parts if part is not None]
    return ", ".join(part[0] for part in told), "，".join(part[1] for part in reversed(told))


def _clock(hour: int, minute: int, second: int) -> str:
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def _seconds(seconds: Sequence[int]) -> Words | None:
    if tuple(seconds) == (0,):
        return None
    step = step_of(seconds, 60)
    if step:
        return _every(step, "second", "秒")
    return f"at second {_and(_spans(seconds))}", f"第 {_zh_spans(seconds)} 秒"


def _minutes(cron: Cron) -> Words | None:
    seconds, minutes = cron.seconds, cron.minutes
    step = step_of(minutes, 60)
    if step == 1:
        return None if step_of(seconds, 60) else _every(1, "minute", "分钟")
    if step:
        return _every(step, "minute", "分钟")
    if tuple(minutes) == (0,) and tuple(seconds) == (0,):
        return None
    return f"at minute {_and(_spans(minutes))}", f"第 {_zh_spans(minutes)} 分钟"


def _hours(cron: Cron) -> Words | None:
    """Every hour goes without saying where minutes or seconds have been told."""
    hours, full = cron.hours, tuple(cron.minutes) == (0,) and tuple(cron.seconds) == (0,)
    step = step_of(hours, 24)
    if step == 1:
        return None if step_of(cron.minutes, 60) else _every(1, "hour", "小时")
    if step:
        return _every(step, "hour", "小时")
    word = "on the hour, " if full else ""
    return f"{word}in hour {_and(_spans(hours))}", f"{_zh_spans(hours)} 点" + ("整" if full else "")


def _every(count: int, english: str, chinese: str) -> Words:
    return (f"every {count} {english}s" if count > 1 else f"every {english}"), (
        f"每 {count} {chinese}" if count > 1 else f"每{chinese}"
    )


# -- days, English -----------------------------------------------------------------------------------


def _english_days(reading: Reading) -> str:
    days = _and([_en_month_days(each) for each in reading.days])
    weekdays = _and([_en_weekdays(each) for each in reading.weekdays])
    told = [f"on {each}" for each in (days, weekdays) if each]
    parts = [(" or " if reading.either else " that is also ").join(told).replace("also on", "also")]
    if reading.days and not reading.months:
        parts[0] = parts[0].replace(days, f"{days} of the month", 1)
    if reading.months:
        parts.append(f"in {_and([_en_span(span, EN_MONTHS) for span in runs(reading.months)])}")
    if reading.years:
        parts.append(f"in {_and(_spans(reading.years))}")
    return " ".join(part for part in parts if part)


def _en_month_days(days: Days) -> str:
    if days.kind == "near":
        return f"the working day nearest to day {days.numbers[0]}"
    if days.kind == "last":
        (before,) = days.numbers
        if days.work:
            return (
                "the last working day" if not before else f"the working day nearest to {_en_before(before)}"
            )
        return _en_before(before)
    return f"day {_and(_spans(days.numbers))}"


def _en_before(days: int) -> str:
    if days == 0:
        return "the last day"
    return f"the day {days} day{'s' if days > 1 else ''} before the last"


def _en_weekdays(days: Days) -> str:
    if days.kind == "nth":
        weekday, nth = days.numbers
        return f"the {'last' if nth == LAST else EN_NTH[nth - 1]} {EN_DAYS[weekday - 1]} of the month"
    return _and([_en_span(span, EN_DAYS) for span in runs(days.numbers)])


def _en_span(span: tuple[int, int], names: Sequence[str]) -> str:
    first, last = names[span[0] - 1], names[span[1] - 1]
    return first if first == last else f"{first} to {last}"


def _spans(numbers: Sequence[int]) -> list[str]:
    return [str(a) if a == b else f"{a} to {b}" for a, b in runs(numbers)]


def _and(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


# -- days, Chinese -----------------------------------------------------------------------------------


def _chinese(reading: Reading, time: str) -> str:
    years = f"{_zh_spans(reading.years)} 年" if reading.years else ""
    months = f"{_zh_spans(reading.months)} 月" if reading.months else ""
    when = " ".join(part for part in (years, months) if part)
    days = "、".join(_zh_month_days(each) for each in reading.days)
    weekdays = "、".join(_zh_weekdays(each) for each in reading.weekdays)
    days = f"每月{_apart(days)}" if days and not months else days
    told = [each for each in (days, weekdays) if each]
    which = ("或" if reading.either else "且为").join(told)
    if not which and not when:
        return time if time.startswith("每") else f"每天 {time}"
    return f"{when}的{_apart(which or '每天')} {time}" if when else f"{which} {time}"


def _apart(text: str) -> str:
    """Chinese and digits are set apart by a space."""
    return f" {text}" if text[:1].isdecimal() else text


def _zh_month_days(days: Days) -> str:
    if days.kind == "near":
        return f"最接近 {days.numbers[0]} 日的工作日"
    if days.kind == "last":
        (before,) = days.numbers
        day = "最后一天" if before == 0 else f"倒数第 {before + 1} 天"
        if days.work:
            return "最后一个工作日" if not before else f"最接近{day}的工作日"
        return day
    return f"{_zh_spans(days.numbers)} 日"


def _zh_weekdays(days: Days) -> str:
    if days.kind == "nth":
        weekday, nth = days.numbers
        return f"每月{'最后一个' if nth == LAST else ZH_NTH[nth - 1]}{ZH_DAYS[weekday - 1]}"
    spans = [(ZH_DAYS[a - 1], ZH_DAYS[b - 1]) for a, b in runs(days.numbers)]
    return "每" + "、".join(a if a == b else f"{a}至{b}" for a, b in spans)


def _zh_spans(numbers: Sequence[int]) -> str:
    return "、".join(str(a) if a == b else f"{a} 至 {b}" for a, b in runs(numbers))
