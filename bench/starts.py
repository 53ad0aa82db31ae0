"""B5: shell steps a second against the process starts this machine can do, measured in turn."""

import os
from typing import Any

from bench.figures import summary
from bench.limits import SHELL, TRUE, process_starts
from bench.peers.shapes import STEPS
from bench.subjects import HEADRACE, play

Json = Any

ROUNDS = 5


def measure() -> Json:
    """``limit``: shells by one parent process, as one server has; ``limit_all``: by one parent a core;
    ``limit_true``: of a program without a shell."""
    found: dict[str, list[float]] = {"limit": [], "limit_all": [], "limit_true": [], "rate": []}
    for _ in range(ROUNDS):
        found["limit"].append(process_starts(SHELL))
        found["limit_all"].append(process_starts(SHELL, len(os.sched_getaffinity(0))))
        found["limit_true"].append(process_starts(TRUE))
        found["rate"].append(STEPS["shell"] / play(HEADRACE, ["shell"])["seconds"]["shell"])
    return {"B5": {name: summary(values, 0) for name, values in found.items()}}
