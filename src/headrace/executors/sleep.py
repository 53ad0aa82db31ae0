"""``sleep``: lets time pass; monotonic, so a changed clock neither shortens nor prolongs it."""

import time

from headrace.executors.executor import Executor, Task
from headrace.executors.inputs import seconds

YEAR = 31_536_000.0


class Sleep(Executor):
    """Inputs: ``seconds``. Takes no slot and no thread while it waits."""

    name = "sleep"
    idempotent = True
    light = True
    takes = ("seconds",)

    def start(self, task: Task) -> None:
        task.wake_at = time.monotonic() + seconds(task.inputs, "seconds", 0.0, YEAR)

    def monitor(self, task: Task) -> float | None:
        left = task.wake_at - time.monotonic()
        return left if left > 0 else None
