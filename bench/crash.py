"""B8: the server is killed in the middle of 200 jobs and started again."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench import workflows
from bench.server import Client, Server
from bench.subjects import state_folder

Json = Any

JOBS = 200
LONGEST = 75  # seconds after the kill, as with the peers of spec 6
SCRIPT = 'sleep 0.1; echo "$PARAM_JOB" >> "$PARAM_MARKS"'


def measure() -> Json:
    with state_folder() as folder:
        marks = Path(folder) / "marks"
        marks.touch()
        server = Server(Path(folder) / "home")
        server.home.mkdir()
        server.start()
        client = server.client()
        runs = _submit(client, marks)
        _wait_for_half(client)
        server.kill()
        killed = time.monotonic()
        server.start()
        client = server.client()
        finished = _finish(client, runs, killed + LONGEST)
        seconds = time.monotonic() - killed
        successes = [_successes(client, run) for run in finished]
        server.stop()
        written = Counter(marks.read_text().split())
    return {
        "B8": {
            "jobs": JOBS,
            "finished": len(finished),
            "succeeded_once": successes.count(1),
            "seconds": round(seconds, 1),
            "written": len(written),
            "written_twice": sum(1 for count in written.values() if count > 1),
        }
    }


def _submit(client: Client, marks: Path) -> list[int]:
    document = workflows.single("job", workflows.shell(SCRIPT, on_lost="retry"))
    document["spec"]["params"] = {"job": {"type": "integer"}, "marks": {"type": "string"}}
    client.publish(document)
    return [client.start("job", params={"job": number, "marks": str(marks)}) for number in range(JOBS)]


def _wait_for_half(client: Client) -> None:
    """Until half of the jobs are done, and those at work are in the midst of it."""
    end = time.monotonic() + LONGEST
    while client.call("GET", "/api/v1/runs?status=SUCCESSFUL&size=1")["total"] < JOBS // 2:
        if time.monotonic() > end:
            raise RuntimeError("the jobs do not get ahead")
        time.sleep(0.005)
    time.sleep(0.05)


def _finish(client: Client, runs: list[int], end: float) -> list[int]:
    """The runs that have succeeded by ``end``."""
    left = set(runs)
    while left and time.monotonic() < end:
        left -= {run for run in left if client.call("GET", f"/api/v1/runs/{run}")["status"] == "SUCCESSFUL"}
        time.sleep(0.05)
    return sorted(set(runs) - left)


def _successes(client: Client, run: int) -> int:
    """How many attempts of the run's only step succeeded."""
    step = client.call("GET", f"/api/v1/runs/{run}/steps")["items"][0]["id"]
    attempts = client.call("GET", f"/api/v1/runs/{run}/steps/{step}/attempts")["items"]
    return sum(1 for attempt in attempts if attempt["status"] == "SUCCESSFUL")
