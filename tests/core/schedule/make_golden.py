"""Writes golden.json: expressions of both dialects, and their first fires by the plain walk of ``walk.py``.

``python -m tests.core.schedule.make_golden``. ``compare_golden.py`` holds the expressions against libraries
of other people as well.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.core.schedule.walk import fires

PATH = Path(__file__).with_name("golden.json")
ZONES = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Africa/Casablanca",
]
STARTS = ["2026-01-01T00:00:00", "2026-03-07T12:30:00", "2026-10-24T23:59:59", "2027-02-27T00:00:01"]
FIRES = 20


def unix(rng: random.Random) -> str:
    minute = rng.choice(["*", "*/5", "*/15", "0", "30", "0,30", "5-10", "7", "10-50/20", "59"])
    hour = rng.choice(["*", "*/2", "*/6", "0", "2", "8-18", "9", "1,13", "22-23", "3"])
    day = rng.choice(["*", "*", "*", "1", "15", "31", "1,15", "10-12", "*/10", "29"])
    month = rng.choice(["*", "*", "*", "1", "JAN,JUL", "2-4", "*/3", "DEC", "10"])
    weekday = rng.choice(["*", "*", "*", "1", "0", "7", "MON-FRI", "6,0", "SUN", "1-5/2", "5"])
    return " ".join((minute, hour, day, month, weekday))


def quartz(rng: random.Random) -> str:
    second = rng.choice(["0", "0", "0", "30", "*/20", "15,45"])
    minute = rng.choice(["*", "0/5", "*/15", "0", "30", "0,30", "5-10", "0/20", "59"])
    hour = rng.choice(["*", "*/2", "0/6", "0", "2", "8-18", "9", "22-2", "8-18/5", "3"])
    month = rng.choice(["*", "*", "*", "1", "JAN,JUL", "2-4", "NOV-FEB", "*/3", "10"])
    if rng.random() < 0.5:
        day, weekday = (
            rng.choice(["*", "1", "15", "L", "LW", "L-3", "15W", "1W", "31W", "1,15,L", "10-12"]),
            "?",
        )
    else:
        picks = [
            "*",
            "2",
            "1",
            "MON-FRI",
            "FRI-MON",
            "2#1",
            "6#3",
            "6L",
            "SUN",
            "L",
            "2,4,6",
            "THUL",
            "WED#5",
        ]
        day, weekday = "?", rng.choice(picks)
    year = rng.choice(["", "", "", " *", " 2027", " 2026-2030/2", " 2028,2032"])
    return " ".join((second, minute, hour, day, month, weekday)) + year


def cases() -> list[dict[str, object]]:
    rng = random.Random(2026)
    found: dict[tuple[str, str, str], list[str]] = {}
    while len(found) < 600:
        text = unix(rng) if len(found) % 2 else quartz(rng)
        key = (text, rng.choice(ZONES), rng.choice(STARTS))
        zone = ZoneInfo(key[1])
        after = datetime.fromisoformat(key[2]).replace(tzinfo=zone)
        times = list(islice(fires(text, after, zone), FIRES))
        if len(times) == FIRES or (times and len(text.split()) == 7):
            found[key] = [datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for t in times]
    return [
        {"cron": text, "zone": zone, "after": after, "fires": times}
        for (text, zone, after), times in found.items()
    ]


def main() -> None:
    lines = [json.dumps(case, separators=(",", ":")) for case in cases()]
    PATH.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
