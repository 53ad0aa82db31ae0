"""A server in a process of its own, to be killed: ``python life.py HOME URL RUNS``.

Publishes a workflow whose runs tell a webhook at URL of their start and end, starts RUNS of them, says
``works``, and goes on until it is killed or its input ends.
"""

import sys
from pathlib import Path

from tests.notify.house import House


def main(home: Path, url: str, runs: int) -> None:
    h = House(home, alarm_timeout=30.0)
    if runs:
        h.webhook("hook", url)
        h.publish("w", alarms=[{"on": ["start", "end"], "channel": "hook"}])
        for _ in range(runs):
            h.run("w")
    print("works", flush=True)
    sys.stdin.read()
    h.system.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
