"""A server in a process of its own, to be killed: ``python -m tests.surfaces.server HOME FIFO``."""

import signal
import sys
from pathlib import Path

from tests.api.conftest import running

if __name__ == "__main__":
    home, where = map(Path, sys.argv[1:])
    with running(home) as live:
        where.write_text(live.url)
        signal.pause()
