"""Holds golden.json's expressions against libraries of other people, in UTC, where these are installed.

``python -m tests.core.schedule.compare_golden`` with ``croniter`` (Unix) and ``aws-croniter`` (its fields are
Quartz's without seconds; it reads no ranges over the end and no ``L`` alone). Last time: croniter 7.0.0
agreed on 300 of 300, aws-croniter 2.1.1 on all of the 216 that it reads.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from headrace.core.schedule import read_cron

FIRES = 20


def ours(text: str, after: datetime) -> list[datetime]:
    times = islice(read_cron(text).times(after.timestamp(), ZoneInfo("UTC")), FIRES)
    return [datetime.fromtimestamp(at, UTC) for at in times]


def unix(text: str, after: datetime) -> list[datetime] | None:
    from croniter import croniter  # type: ignore[import-not-found, import-untyped]

    found = croniter(text, after, implement_cron_bug=True)  # its name for Debian's rule of the star
    return [found.get_next(datetime) for _ in range(FIRES)]


def quartz(text: str, after: datetime) -> list[datetime] | None:
    from aws_croniter import AwsCroniter  # type: ignore[import-not-found, import-untyped]

    minute, hour, day, month, weekday, year = [*text.split()[1:], "*"][:6]
    if weekday == "L":
        return None
    try:
        found = AwsCroniter(f"{minute} {hour} {day} {month} {weekday} {year}")
        return [each for each in found.get_next(after, n=FIRES, inclusive=False) if each]
    except Exception:  # noqa: BLE001 - many kinds, for what it does not read
        return None


def main() -> None:
    cases = json.loads(Path(__file__).with_name("golden.json").read_text())
    for name, read, is_ours in (("croniter", unix, 5), ("aws-croniter", quartz, 6)):
        same = different = 0
        for case in cases:
            fields = case["cron"].split()
            if (len(fields) == 5) != (is_ours == 5):
                continue
            text = case["cron"] if is_ours == 5 else " ".join(["0", *fields[1:]])
            after = datetime.fromisoformat(case["after"]).replace(tzinfo=UTC)
            theirs = read(text, after)
            same += theirs == ours(text, after)
            if theirs is not None and theirs != ours(text, after):
                different += 1
                print(f"{name}: {text} after {after}")
        print(f"{name}: {same} the same, {different} different")


if __name__ == "__main__":
    main()
