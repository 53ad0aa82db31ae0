"""``sleep``: lets time pass; monotonic, so a changed clock neither shortens nor prolongs it."""

import time

from headrace.executors.executor import Executor, Task, refuse


class Sleep(Executor):
    """Inputs: ``seconds``. Takes no slot and no thread while it waits."""

    name = "sleep"
    idempotent = True
    light = True

    def start(self, task: Task) -> None:
        seconds = task.inputs.get("seconds", 0)
        if (
            isinstance(seconds, bool)
            or not isinstance(seconds, int | float)
            or not 0 <= seconds <= 31_536_000
        ):
            raise refuse(
                "work_input", name="seconds", found=seconds, wanted="a number of seconds, at most a year"
            )
        task.wake_at = time.monotonic() + seconds

    def monitor(self, task: Task) -> float | None:
        left = task.wake_at - time.monotonic()
        return left if left > 0 else None
