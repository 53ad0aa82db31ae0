"""The physical limit B5 is held against: how many processes this machine starts in a second."""

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor

COUNT = 1_000
TRUE = ["/bin/true"]
SHELL = ["/bin/sh", "-c", "true"]  # what a step of B5 starts


def process_starts(program: list[str], parents: int = 1) -> float:
    """Starts a second by so many parents at once: the best of one to four in flight."""
    return max(_rate(program, parents, flight) for flight in (1, 2, 4))


def _rate(program: list[str], parents: int, flight: int) -> float:
    with ProcessPoolExecutor(parents, multiprocessing.get_context("forkserver")) as pool:
        list(pool.map(_start, [program] * parents, [1] * parents, [1] * parents))  # the parents are up
        started = time.perf_counter()
        list(pool.map(_start, [program] * parents, [COUNT // parents] * parents, [flight] * parents))
        return COUNT / (time.perf_counter() - started)


def _start(program: list[str], count: int, flight: int) -> None:
    for number in range(count):
        os.posix_spawn(program[0], program, {})
        if number >= flight:
            os.wait()
    for _ in range(min(flight, count)):
        os.wait()
