"""Six hundred expressions, twenty fires each, against times that an unrelated plain walk has written."""

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from headrace.core.schedule import read_cron
from tests.core.schedule.make_golden import FIRES

CASES = json.loads(Path(__file__).with_name("golden.json").read_text())


def test_there_are_enough():
    assert len(CASES) >= 500
    assert sum(len(case["fires"]) == FIRES for case in CASES) >= 500
    assert {len(case["cron"].split()) for case in CASES} == {5, 6, 7}


@pytest.mark.parametrize("block", range(6))
def test_fires(block):
    wrong = [case["cron"] + " " + case["zone"] for case in CASES[block::6] if computed(case) != case["fires"]]
    assert wrong == []


def computed(case):
    zone = ZoneInfo(case["zone"])
    after = datetime.fromisoformat(case["after"]).replace(tzinfo=zone).timestamp()
    times = islice(read_cron(case["cron"]).times(after, zone), len(case["fires"]))
    return [datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in times]
