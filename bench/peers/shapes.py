"""The shapes of work that every subject runs, and how a subject answers. Standard library only: it is
imported inside each peer's own environment.

A subject is a script that is called with the names of shapes (``wide chain many``) and a folder for its
state, runs a small warm-up and then each shape, the first half second of it unmeasured, and prints one line
of JSON: seconds by shape, and its memory before and after. All steps do nothing; what is measured is the
engine around them.
"""

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

WIDE = 500  # one step, then this many, then one
CHAIN = 100  # steps in sequence
MANY = 100  # runs at once ...
LENGTH = 5  # ... of a chain of so many steps
LARGE = 9_998  # the wide shape with 10,000 steps in all
WARM_UP = 20
WARMING = 0.5  # seconds of each shape before it is measured

SHELL = 500  # steps of `true`

STEPS = {"wide": WIDE + 2, "chain": CHAIN, "many": MANY * LENGTH, "large": LARGE + 2, "shell": SHELL}

Check = Callable[[], None]
Shape = Callable[[], Awaitable[Check | None]]
"""Does the work and returns when it is done. What it gives back is called when the clock has stopped, and
raises where not all of it succeeded."""


async def measure(shapes: dict[str, Shape], warm_up: Shape, wanted: list[str]) -> None:
    """Run the wanted shapes after the warm-up and print the answer."""
    rest = memory()
    await _timed(warm_up)
    seconds = {}
    for name in wanted:
        if name in shapes:
            seconds[name] = await _median(shapes[name])
    print(json.dumps({"seconds": seconds, "rest_mb": rest, "after_mb": memory()}), flush=True)


async def _median(shape: Shape) -> float:
    """Of up to five repetitions, as many as fit into a second; after half a second of others, so that what
    grows at first (caches, a write-ahead log) has grown, as it has in a server that runs for long."""
    begun = time.perf_counter()
    while time.perf_counter() < begun + WARMING:
        await _timed(shape)
    found: list[float] = []
    while len(found) < 5 and sum(found) < 1.0:
        found.append(await _timed(shape))
    return statistics.median(found)


async def _timed(shape: Shape) -> float:
    started = time.perf_counter()
    check = await shape()
    seconds = time.perf_counter() - started
    if check is not None:
        check()
    return seconds


def run(shapes: dict[str, Shape], warm_up: Shape, wanted: list[str]) -> None:
    asyncio.run(measure(shapes, warm_up, wanted))


def arguments() -> tuple[Path, list[str]]:
    """The folder for state, and the wanted shapes."""
    return Path(sys.argv[1]), sys.argv[2:]


def memory() -> float:
    """Resident memory in MB of this process and everything under it; pages they share count once."""
    return round(sum(_proportional(pid) for pid in _family(os.getpid())) / 1000, 1)


def memory_of(pid: int) -> float:
    """The same for another process."""
    return round(sum(_proportional(each) for each in _family(pid)) / 1000, 1)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return float(line.split()[1]) * 1.024
    return 0.0
