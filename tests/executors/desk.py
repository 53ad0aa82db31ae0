"""A dispatch with its crew, seen from the engine's chair: hands over, gives leave, collects facts."""

import os
import select
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headrace.core.run.effects import CancelWork, HandOver, Proceed
from headrace.core.run.events import Accepted, Fact, Finished, Lost, Progressed, Resisted, Vanished
from headrace.core.words import Act
from headrace.dispatch.local import LocalDispatch
from headrace.executors.catalogue import builtin
from headrace.executors.crew import LocalCrew
from headrace.executors.executor import Executor
from headrace.executors.logs import FileLogs

PATIENCE = 30.0
RUN = 7


class Desk:
    """The engine's side. Work is told to proceed as soon as it is accepted, unless ``hold``."""

    def __init__(self, dispatch: LocalDispatch, crew: LocalCrew, logs: FileLogs) -> None:
        self.dispatch = dispatch
        self.crew = crew
        self.logs = logs
        self.hold = False
        self.facts: list[Fact] = []
        self._new = threading.Condition()
        self._steps = 0

    def deliver(self, facts: Sequence[tuple[int, Fact]]) -> None:
        with self._new:
            self.facts += [fact for _, fact in facts]
            self._new.notify_all()
        accepted = [fact for _, fact in facts if isinstance(fact, Accepted)]
        if accepted and not self.hold:
            self.dispatch.proceed([Proceed(RUN, fact.step, fact.attempt) for fact in accepted])

    def hand(self, executor: str, inputs: Mapping[str, Any] | None = None, **more: Any) -> int:
        """Hand one step over; its id."""
        self._steps += 1
        step = more.pop("step", self._steps)
        attempt, act = more.pop("attempt", 1), more.pop("act", Act.START)
        operation = more.pop("operation", "EXECUTE")
        payload = {"with": inputs or {}, "params": {}, "target": None, "item": None, "steps": {}, **more}
        effect = HandOver(RUN, step, attempt, act, executor, payload, None, operation)
        self.deliver(self.dispatch.hand_over([effect]))
        return int(step)

    def cancel(self, step: int, answer: bool = True) -> None:
        self.dispatch.cancel([CancelWork(RUN, step, 1, answer)])

    def wait(self, holds: Callable[[list[Fact]], Any], seconds: float = PATIENCE) -> Any:
        """Until the facts satisfy ``holds``; what it gave."""
        with self._new:
            if not self._new.wait_for(lambda: holds(self.facts), seconds):
                raise AssertionError(f"it did not come; the last facts: {self.facts[-12:]}")
            return holds(self.facts)

    def end(self, step: int, seconds: float = PATIENCE) -> Finished | Lost | Vanished:
        """The fact that ends a step."""

        def last(facts: list[Fact]) -> Any:
            ends = (Finished, Lost, Vanished)
            return next((fact for fact in facts if isinstance(fact, ends) and fact.step == step), None)

        return self.wait(last, seconds)  # type: ignore[no-any-return]

    def finished(self, step: int, seconds: float = PATIENCE) -> Finished:
        fact = self.end(step, seconds)
        assert isinstance(fact, Finished), fact
        return fact

    def shell(self, script: str, **more: Any) -> int:
        inputs = {"script": script, **more.pop("inputs", {})}
        return self.hand("shell", inputs, **more)

    def ran(self, script: str, **more: Any) -> tuple[Finished, str]:
        """Run a script to its end: how it ended, and what it printed."""
        step = self.shell(script, **more)
        return self.finished(step), self.log(step)

    def log(self, step: int, attempt: int = 1) -> str:
        """The log without its first line."""
        raw = self.logs.read(RUN, step, attempt, 0, 10_000_000)
        return raw.partition(b"\n")[2].decode("utf-8", "surrogateescape")

    def heading(self, step: int, attempt: int = 1) -> str:
        return self.logs.read(RUN, step, attempt, 0, 1000).partition(b"\n")[0].decode()

    def progress(self, step: int) -> list[tuple[float | None, str | None]]:
        of_step = [fact for fact in self.facts if isinstance(fact, Progressed) and fact.step == step]
        return [(fact.percent, fact.message) for fact in of_step if fact.phase is None]

    def resisted(self, step: int) -> Resisted:
        def found(facts: list[Fact]) -> Any:
            return next((fact for fact in facts if isinstance(fact, Resisted) and fact.step == step), None)

        return self.wait(found)  # type: ignore[no-any-return]


@contextmanager
def desk(
    folder: Path,
    executors: Mapping[str, Executor] | None = None,
    workers: int = 4,
    kill_grace: float = 0.2,
    **crew: Any,
) -> Iterator[Desk]:
    """A desk at work; nothing of it is left afterwards."""
    logs = FileLogs(folder / "logs")
    scratch = folder / "scratch"
    scratch.mkdir()
    local = LocalCrew({**builtin(), **(executors or {})}, logs, scratch=scratch, **crew)
    dispatch = LocalDispatch(local, workers=workers, kill_grace=kill_grace)
    own = Desk(dispatch, local, logs)
    dispatch.start(own.deliver)
    try:
        yield own
    finally:
        dispatch.stop()
    assert list(scratch.iterdir()) == []


def marked(mark: str) -> set[int]:
    """Processes that have ``mark`` on their command line."""
    found = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                line = Path(f"/proc/{entry}/cmdline").read_bytes()
            except OSError:
                continue
            if mark.encode() in line:
                found.add(int(entry))
    return found


def await_exit(pids: set[int], seconds: float = PATIENCE) -> None:
    """Wait until the processes have ended; never by pid alone."""
    limit = time.monotonic() + seconds
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            ready, _, _ = select.select([handle], [], [], max(limit - time.monotonic(), 0))
            assert ready, f"process {pid} is still there"
        finally:
            os.close(handle)


def fifo_line(path: Path, seconds: float = PATIENCE) -> str:
    """What a process writes into a named pipe, once it has: how scripts tell a test that they are there."""
    fd = os.open(path, os.O_RDWR)
    try:
        ready, _, _ = select.select([fd], [], [], seconds)
        assert ready, f"nothing came through {path}"
        return os.read(fd, 4096).decode()
    finally:
        os.close(fd)
