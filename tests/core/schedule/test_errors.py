"""Cron texts that are wrong: which field, what was found, what would be right, in both languages."""

import pytest

from headrace.core.messages import text as message
from headrace.core.schedule import CronError, read_cron, timetable

WRONG = [
    ("", "auto", "cron_fields_count"),
    ("* * *", "auto", "cron_fields_count"),
    ("* * * * * * * *", "auto", "cron_fields_count"),
    ("@daily", "auto", "cron_fields_count"),
    ("0 2 * * *", "quartz", "cron_fields_count"),
    ("0 0 2 * * ?", "unix", "cron_fields_unix"),
    # Unix
    ("60 * * * *", "auto", "cron_minute"),
    ("*/0 * * * *", "auto", "cron_minute"),
    ("5-1 * * * *", "auto", "cron_minute"),
    ("1,,2 * * * *", "auto", "cron_minute"),
    ("-1 * * * *", "auto", "cron_minute"),
    ("٣ * * * *", "auto", "cron_minute"),
    ("* 24 * * *", "auto", "cron_hour"),
    ("* * 0 * *", "auto", "cron_day"),
    ("* * 32 * *", "auto", "cron_day"),
    ("* * L/2 * *", "auto", "cron_day"),
    ("* * * 13 *", "auto", "cron_month"),
    ("* * * FOO *", "auto", "cron_month"),
    ("* * * * 8", "auto", "cron_weekday_unix"),
    ("* * * * FRI-MON", "auto", "cron_weekday_unix"),
    ("* * * * MON#6", "auto", "cron_weekday_unix"),
    ("0 2 * * ?", "auto", "cron_question_unix"),
    ("0 0 31 4,6,9,11 *", "auto", "cron_never"),
    ("0 0 30 2 */2", "auto", "cron_never"),
    # Quartz
    ("60 * * * * ?", "auto", "cron_second"),
    ("0/0 * * * * ?", "auto", "cron_second"),
    ("0 a * * * ?", "auto", "cron_minute"),
    ("0 *-5 * * * ?", "auto", "cron_minute"),
    ("0 - * * * ?", "auto", "cron_minute"),
    ("0 1,,2 * * * ?", "auto", "cron_minute"),
    ("0 0/61 * * * ?", "auto", "cron_minute"),
    ("0 0 24 * * ?", "auto", "cron_hour"),
    ("0 0 0 0 * ?", "auto", "cron_day"),
    ("0 0 0 32W * ?", "auto", "cron_day"),
    ("0 0 0 0W * ?", "auto", "cron_day"),
    ("0 0 0 L-31 * ?", "auto", "cron_day"),
    ("0 0 0 1 0 ?", "auto", "cron_month"),
    ("0 0 0 ? * 0", "auto", "cron_weekday"),
    ("0 0 0 ? * 8", "auto", "cron_weekday"),
    ("0 0 0 ? * FOOL", "auto", "cron_weekday"),
    ("0 0 0 ? * FOO#1", "auto", "cron_weekday"),
    ("0 0 0 ? * 6#0", "auto", "cron_weekday"),
    ("0 0 0 1 1 ? 1969", "auto", "cron_year"),
    ("0 0 0 1 1 ? 2100", "auto", "cron_year"),
    ("0 0 0 * * *", "auto", "cron_question_quartz"),
    ("0 0 0 ? * ?", "auto", "cron_question_quartz"),
    ("0 0 0 1 * 1", "auto", "cron_question_quartz"),
]


@pytest.mark.parametrize(("text", "dialect", "code"), WRONG)
def test_what_is_wrong(text: str, dialect: str, code: str) -> None:
    with pytest.raises(CronError) as caught:
        read_cron(text, dialect)
    assert caught.value.code == code
    assert caught.value.place == "cron"
    english = message(code, caught.value.values)
    chinese = message(code, caught.value.values, "zh")
    assert "<" not in english + chinese, "every value is there"
    assert english != chinese


@pytest.mark.parametrize(
    ("block", "place", "code"),
    [
        ({"cron": "0 0 * * *", "timezone": "Asia/Beijing"}, "timezone", "schedule_zone"),
        ({"cron": "0 0 * * *", "timezone": "Asia"}, "timezone", "schedule_zone"),
        ({"cron": "0 0 * * *", "timezone": "../UTC"}, "timezone", "schedule_zone"),
        ({"cron": "0 0 * * *", "from": "soon"}, "from", "schedule_instant"),
        ({"cron": "0 0 * * *", "until": "2026-02-30"}, "until", "schedule_instant"),
        ({"cron": "0 0 * * *", "until": "2026-12-01T25:00"}, "until", "schedule_instant"),
        ({"cron": "0 0 * * *", "from": "2027-01-01", "until": "2026-12-31"}, "until", "schedule_order"),
        ({"cron": "0 0 0 30 2 ?"}, "cron", "schedule_never"),
        ({"cron": "0 0 0 29 2 ? 2027"}, "cron", "schedule_never"),
        ({"cron": "0 0 1 1 *", "from": "2027-01-02", "until": "2027-12-31"}, "cron", "schedule_never"),
        ({"cron": "0 0 1 1 *", "until": "0001-01-01"}, "cron", "schedule_never"),
        ({"cron": "0 0 1 1 *", "from": "9999-12-31"}, "cron", "schedule_never"),
    ],
)
def test_what_is_wrong_with_a_block(block: dict[str, str], place: str, code: str) -> None:
    with pytest.raises(CronError) as caught:
        timetable(block)
    assert (caught.value.place, caught.value.code) == (place, code)
    assert "<" not in message(code, caught.value.values) + message(code, caught.value.values, "zh")


@pytest.mark.parametrize(
    ("unix", "quartz"),
    [
        ("0 9 * * 1", "0 0 9 ? * 2"),  # Monday: the trap of the two dialects
        ("0 9 * * 0", "0 0 9 ? * 1"),
        ("0 9 * * 7", "0 0 9 ? * SUN"),
        ("0 9 * * sat", "0 0 9 ? * 7"),
        ("0 9 * * 1-5", "0 0 9 ? * MON-FRI"),
        ("0 9 * * 5,6,0,1", "0 0 9 ? * FRI-MON"),
        ("0 9 * * 5L", "0 0 9 ? * 6L"),
        ("0 9 * * 5#3", "0 0 9 ? * fri#3"),
        ("0 9 L * *", "0 0 9 L * ?"),
        ("0 9 LW * *", "0 0 9 LW * ?"),
        ("10-59/15 22,23,0,1,2 * * *", "0 10/15 22-2 * * ?"),
        ("0 9 1 nov,dec,jan *", "0 0 9 1 NOV-JAN ? *"),
        ("*/5 9 * * *", "0 /5 9 ? * *"),
    ],
)
def test_each_dialect_is_read_in_its_own_way(unix: str, quartz: str) -> None:
    one, other = timetable({"cron": unix}), timetable({"cron": quartz})
    assert (one.cron.dialect, other.cron.dialect) == ("unix", "quartz")
    start = 1_790_000_000.0
    assert one.first(start, 50) == other.first(start, 50)
