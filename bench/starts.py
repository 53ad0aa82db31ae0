"""B5: shell steps a second against the process starts this machine can do, measured in turn."""

import os
from typing import Any

from bench.figures import summary
from bench.limits import process_starts
from bench.peers.shapes import STEPS
from bench.subjects import HEADRACE, play

Json = Any

ROUNDS = 5


def measure() -> Json:
    """``limit``: by one parent process, as one server has; ``limit_all``: by one parent a core."""
    limits, all_cores, rates = [], [], []
    for _ in range(ROUNDS):
        limits.append(process_starts())
        all_cores.append(process_starts(len(os.sched_getaffinity(0))))
        rates.append(STEPS["shell"] / play(HEADRACE, ["shell"])["seconds"]["shell"])
    return {
        "B5": {"limit": summary(limits, 0), "limit_all": summary(all_cores, 0), "rate": summary(rates, 0)}
    }
