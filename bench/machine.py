"""What the numbers were measured on, without saying whose machine it is."""

import os
import platform
import statistics
import time
from pathlib import Path
from typing import Any

from bench.subjects import state_folder
from headrace.storage import sqlite

Json = Any


def describe() -> Json:
    """Processor, memory, kernel, versions, and how long a flushed write takes on the disk used."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "kernel": platform.system() + " " + platform.release().split("-")[0],
        "python": platform.python_version(),
        "sqlite": sqlite.version(),
        "fsync_ms": _fsync(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _fsync(times: int = 200) -> float:
    """Median milliseconds of a 4 KB append with its flush."""
    found = []
    with state_folder() as folder, (Path(folder) / "probe").open("wb", buffering=0) as file:
        for _ in range(times):
            started = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            found.append(time.perf_counter() - started)
    return round(statistics.median(found) * 1000, 3)
