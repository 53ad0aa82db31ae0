"""Whatever the text, the zone and the instant: fires grow, are what the plain walk says, and never break."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from headrace.core.schedule import CronError, read_cron, timetable, wording
from headrace.core.schedule.missed import GRACE, due_slots
from tests.core.schedule.walk import fires

ZONES = [
    *("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"),
    *("America/Santiago", "Africa/Casablanca", "America/Havana", "Pacific/Chatham", "Asia/Kathmandu"),
]
# around clock changes, where mistakes live
CHANGES = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-09-06", "2026-10-04", "2026-10-25", "2026-11-01"]
SECOND = st.sampled_from(["0", "*/20", "5,50"])
MINUTE = st.sampled_from(["*", "0", "30", "*/7", "0/25", "5-50/15", "59"])
HOUR = st.sampled_from(["*", "0", "1", "2", "3", "*/2", "0-4", "23", "22-2", "1/11"])
DAY = st.sampled_from(["*", "1", "8", "*/3", "L", "LW", "L-2", "4W", "25-31"])
MONTH = st.sampled_from(["*", "3-4", "9,10,11", "MAR", "*/2"])
WEEKDAY = st.sampled_from(["*", "1", "7", "SUN", "FRI-MON", "1#2", "6L", "L", "2-4/2"])
YEAR = st.sampled_from(["", " *", " 2026", " 2026-2028"])


@st.composite
def quartz(draw: st.DrawFn) -> str:
    parts = [draw(each) for each in (SECOND, MINUTE, HOUR)]
    day = f"{draw(DAY)} {draw(MONTH)} ?" if draw(st.booleans()) else f"? {draw(MONTH)} {draw(WEEKDAY)}"
    return " ".join(parts) + " " + day + draw(YEAR)


@st.composite
def unix(draw: st.DrawFn) -> str:
    hour = draw(HOUR.filter(lambda text: text != "22-2"))
    day = draw(st.sampled_from(["*", "1", "8", "*/3", "25-31", "4,5"]))
    weekday = draw(st.sampled_from(["*", "0", "7", "1-5", "SUN", "*/2"]))
    return f"{draw(MINUTE)} {hour} {day} {draw(MONTH)} {weekday}"


INSTANT = st.tuples(st.sampled_from(CHANGES), st.integers(-30 * 3600, 30 * 3600)).map(
    lambda pair: datetime.fromisoformat(pair[0]).replace(tzinfo=UTC) + timedelta(seconds=pair[1])
)
ANYTHING = st.lists(st.text("0123456789*/,-?LW#MONFRIJAN ", max_size=6), min_size=4, max_size=8).map(" ".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.one_of(unix(), quartz()), st.sampled_from(ZONES), INSTANT)
def test_fires_are_those_of_the_plain_walk(text: str, zone: str, after: datetime) -> None:
    here = ZoneInfo(zone)
    wanted = list(islice(fires(text, after.astimezone(here), here), 12)) if "L-" not in text else None
    found = list(islice(read_cron(text).times(after.timestamp(), here), 12))
    assert all(earlier < later for earlier, later in pairwise([after.timestamp(), *found]))
    assert wanted is None or found == wanted


@settings(max_examples=500, deadline=None)
@given(ANYTHING, st.sampled_from(["auto", "unix", "quartz"]))
def test_any_text_is_read_or_refused(text: str, dialect: str) -> None:
    try:
        cron = read_cron(text, dialect)
    except CronError:
        return
    assert all(wording(cron))
    found = list(islice(cron.times(1_790_000_000.0, ZoneInfo("Europe/Berlin")), 3))
    assert found == sorted(found)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["*/10 * * * * ?", "* * * * *", "*/7 * * * *", "0 3 * * *", "0 0 1 * *", "0 0 29 2 *"]),
    st.integers(0, 40 * 86_400),
    st.sampled_from(["skip", "last", "all"]),
    st.integers(1, 120),
)
def test_due_slots(text: str, late: int, missed: str, most: int) -> None:
    """Nothing starts that has not come; what starts and what is missed is all there was."""
    table = timetable({"cron": text})
    first = table.next(1_790_000_000.0)
    assert first is not None
    now = first + late
    due = due_slots(table, first, now, missed, most)
    assert all(first <= slot <= now for slot in due.start)
    assert list(due.start) == sorted(set(due.start))
    assert due.next_at is None or due.next_at > now
    on_time = [slot for slot in due.start if now - slot < GRACE]
    assert due.start or missed == "skip"
    if late < GRACE:
        assert due.missed is None
        assert on_time == list(due.start)
    elif missed == "last":
        assert len(due.start) == 1
    elif missed == "all":
        assert len(due.start) <= most
    else:
        assert on_time == list(due.start)
    if due.missed is not None:
        assert first == due.missed[0] <= due.missed[1] <= now
        assert not due.start or due.missed[1] < due.start[0]
        assert table.next(due.missed[1]) == (due.start[0] if due.start else due.next_at)
    else:
        assert due.start[0] == first


@settings(max_examples=100, deadline=None)
@given(unix(), st.integers(0, 400 * 86_400), st.integers(1, 30))
def test_the_latest_are_the_last_of_all(text: str, span: int, most: int) -> None:
    table = timetable({"cron": text})
    start = 1_790_000_000.0
    everything = list(islice(table.after(start), 2_000))
    assume(len(everything) == 2_000 or not everything or everything[-1] > start + span)
    wanted = [slot for slot in everything if slot <= start + span]
    assume(len(wanted) < 2_000)
    assert table.latest(start, start + span, most) == wanted[-most:]
