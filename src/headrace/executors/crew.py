"""Carries work out: at once, in threads, on timers, or as programs. Implements ``ports.crew.Crew``."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import time

from headrace.core.refusal import Refused
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import HandOver
from headrace.core.run.events import Finished
from headrace.core.words import Act, Phase, Reason
from headrace.executors.call_job import CallJob
from headrace.executors.executor import FAILURE, SUCCESS, AnyExecutor, Executor, Failed, InlineExecutor
from headrace.executors.loop import Loop
from headrace.executors.outputs import kept
from headrace.executors.program import ProgramExecutor
from headrace.executors.program_job import Limits, ProgramJob
from headrace.executors.secrets import NO_MASKS, Secrets
from headrace.executors.supervisor import Supervisor
from headrace.ports.crew import Job, Report
from headrace.ports.logs import Logs
from headrace.ports.vault import ConnectionRecord, Resolver


class LocalCrew:
    """The executors of this process. ``scratch`` is where programs get their folders (default: /tmp)."""

    def __init__(
        self,
        executors: Mapping[str, AnyExecutor],
        logs: Logs,
        *,
        max_log_bytes: int = 1_000_000_000,
        max_outputs_bytes: int = 256_000,
        scratch: Path | None = None,
        cgroups: bool = True,
        resolver: Resolver | None = None,
    ) -> None:
        self._executors = dict(executors)
        self._logs = logs
        self._resolver = resolver or NoVault()
        self._limits = Limits(max_log_bytes, max_outputs_bytes)
        self.loop = Loop()
        self.supervisor = Supervisor(self.loop, scratch, cgroups)
        self._capabilities = {name: executor.capabilities for name, executor in self._executors.items()}
        self._light = frozenset(name for name, executor in self._executors.items() if executor.light)
        self._inline = {
            name: executor
            for name, executor in self._executors.items()
            if isinstance(executor, InlineExecutor)
        }

    @property
    def capabilities(self) -> Mapping[str, Capabilities]:
        return self._capabilities

    @property
    def light(self) -> frozenset[str]:
        return self._light

    def start(self) -> None:
        self.loop.start()
        self.supervisor.start()

    def at_once(self, work: HandOver) -> Finished | None:
        inline = self._inline.get(work.executor)
        if inline is not None:
            finished = inline.at_once(work)
            return finished if finished.outputs is None else self._kept(work, finished)
        able = self._capabilities[work.executor]
        if work.act is Act.MOCK and not able.mock:
            return Finished(work.step, work.attempt, work.act, True, Phase.MOCK_PASSED)
        undone = able.rollback or (able.rollback_by_node and (work.payload or {}).get("rollback") is not None)
        if (work.act is Act.DELETE and not able.delete) or (work.act is Act.ROLLBACK and not undone):
            return Finished(work.step, work.attempt, work.act, True, SUCCESS[work.act])
        return None

    def _kept(self, work: HandOver, finished: Finished) -> Finished:
        path = self._logs.path(work.run, work.step, work.attempt)
        try:
            finished.outputs = kept(finished.outputs, work, path, self._limits.outputs)
        except Failed as failure:
            return _failed(work, failure.told(NO_MASKS))
        return finished

    def begin(self, work: HandOver, report: Report) -> Job:
        executor = self._executors[work.executor]
        path = self._logs.path(work.run, work.step, work.attempt)
        secrets = Secrets(self._resolver, work)
        try:
            work = secrets.filled(work)
        except Failed as failure:
            return NotBegun(work, report, failure.told(secrets.masks))
        if isinstance(executor, ProgramExecutor):
            job = ProgramJob(executor, work, report, path, heading(work.operation), self._limits, secrets)
            job.begin(self.supervisor)
            return job
        assert isinstance(executor, Executor)  # inline work has ended at once
        call = CallJob(
            executor, work, report, path, heading(work.operation), self._limits, self.loop, secrets
        )
        call.begin()
        return call

    def soon(self, call: Callable[[], None], after: float = 0.0) -> None:
        if after > 0:
            self.loop.later(after, call)
        else:
            self.loop.soon(call)

    def stop(self) -> None:
        self.supervisor.stop()
        self.loop.stop()


class NotBegun:
    """Work that could not begin: it has failed already."""

    def __init__(self, work: HandOver, report: Report, message: str) -> None:
        report.ended(_failed(work, message))

    def cancel(self, grace: float) -> None:
        """There is nothing to end."""


def _failed(work: HandOver, message: str) -> Finished:
    phase = FAILURE[work.act]
    return Finished(work.step, work.attempt, work.act, False, phase, None, Reason.ERROR, message)


class NoVault:
    """``ports.vault.Resolver`` where there is no vault."""

    def secret(self, tenant: int, name: str) -> str:
        raise Refused("invalid", "work_secret_unknown", {"name": name})

    def connection(self, tenant: int, name: str) -> tuple[ConnectionRecord, str | None]:
        raise Refused("invalid", "work_connection_unknown", {"name": name})


def heading(operation: str) -> str:
    """The line every attempt's log starts with."""
    now = time()
    return f"{'#' * 12} {operation} {_second(int(now))}.{int(now % 1 * 1000):03}+00:00 {'#' * 12}\n"


@lru_cache(2)
def _second(instant: int) -> str:
    """The same for all that begins within it."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S")
