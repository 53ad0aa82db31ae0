"""An attempt whose executor is called in this process: a thread a call, none while it waits."""

import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from headrace.core.messages import text
from headrace.core.run.effects import HandOver
from headrace.core.run.events import Finished
from headrace.core.words import Act, Phase, Reason
from headrace.executors.executor import (
    FAILURE,
    LONGEST_MESSAGE,
    SUCCESS,
    Executor,
    Failed,
    Task,
    refuse,
    words_of,
)
from headrace.executors.keeper.capture import Log
from headrace.executors.loop import Loop, Timer
from headrace.executors.outputs import kept
from headrace.executors.program_job import Limits
from headrace.executors.secrets import Secrets
from headrace.ports.crew import Report

Json = Any


class CallJob:
    """Calls ``start`` and ``monitor`` (or the verb's method) and reports how it ended, once."""

    def __init__(
        self,
        executor: Executor,
        work: HandOver,
        report: Report,
        log: str,
        heading: str,
        limits: Limits,
        loop: Loop,
        secrets: Secrets,
    ) -> None:
        self._executor = executor
        self._work = work
        self._report = report
        self._loop = loop
        self._lock = threading.RLock()
        self._log = Log(log, limits.log)
        self._path = log
        self._inline = limits.outputs
        self._log.write(heading.encode())
        self._secrets = secrets
        self._task = Task(work, self._write, self._progressed, secrets)
        self._busy = False  # a call is in progress
        self._over = False
        self._next: Timer | None = None
        self._alarm: Timer | None = None

    def begin(self) -> None:
        self._call(self._first)

    def _progressed(self, percent: float | None, message: str | None, phase: Phase | None) -> None:
        short = message and self._secrets.masks.text(message)[:LONGEST_MESSAGE]
        self._report.progressed(percent, short, phase)

    def cancel(self, grace: float) -> None:
        with self._lock:
            if self._over:
                return
            if self._next:
                self._next.cancel()
            if not self._busy:
                self._end(self._failure(refuse("work_cancelled"), Phase.MONITOR_FAILED))
                return
            again = self._task.cancelled.is_set()
            if self._alarm:
                self._alarm.cancel()
            self._alarm = self._loop.later(grace, self._resisted)
        if not again:
            threading.Thread(target=self._ask_to_stop, name=self._name("cancel"), daemon=True).start()

    def _ask_to_stop(self) -> None:
        try:
            self._task.cancel()
            self._executor.cancel(self._task)
        except Exception:  # noqa: BLE001 - an executor may raise anything; its thread may still return
            self._write(traceback.format_exc())

    def _resisted(self) -> None:
        with self._lock:
            if self._over:
                return
        self._report.resisted(text("work_thread_resists", {"executor": self._work.executor}))

    # -- the calls -------------------------------------------------------------------------------------

    def _call(self, step: Callable[[], float | None]) -> None:
        with self._lock:
            if self._over:
                return
            self._busy = True
        if self._executor.light:
            self._loop.soon(lambda: self._run(step))
        else:
            threading.Thread(target=self._run, args=(step,), name=self._name("work"), daemon=True).start()

    def _run(self, step: Callable[[], float | None]) -> None:
        phase = FAILURE[self._work.act] if step == self._first else Phase.MONITOR_FAILED
        try:
            delay = step()
        except Failed as failure:
            self._end(self._failure(failure, phase))
        except BaseException as error:  # noqa: BLE001 - SystemExit too: the attempt must end
            self._write(traceback.format_exc())
            self._end(self._failure(Failed(words_of(error)), phase))
        else:
            self._go_on(delay)

    def _go_on(self, delay: float | None) -> None:
        with self._lock:
            self._busy = False
            if delay is None or self._task.cancelled.is_set():
                self._end(self._success())
            else:
                self._next = self._loop.later(delay, lambda: self._call(self._look))

    def _first(self) -> float | None:
        act, executor = self._work.act, self._executor
        if act is not Act.START:
            {Act.ROLLBACK: executor.rollback, Act.DELETE: executor.delete, Act.MOCK: executor.mock}[act](
                self._task
            )
            return None
        executor.start(self._task)
        if not executor.monitors:
            return None
        self._report.progressed(None, None, Phase.MONITOR_BEGIN)
        return 0.0

    def _look(self) -> float | None:
        return self._executor.monitor(self._task)

    # -- the end ---------------------------------------------------------------------------------------

    def _success(self) -> Finished:
        work = self._work
        try:
            outputs = self._outputs()
        except Failed as failure:
            self._task.outputs.clear()
            phase = Phase.MONITOR_FAILED if work.act is Act.START else FAILURE[work.act]
            return self._failure(failure, phase)
        return Finished(work.step, work.attempt, work.act, True, SUCCESS[work.act], outputs)

    def _failure(self, failure: Failed, phase: Phase) -> Finished:
        work, left = self._work, None
        with suppress(Failed):
            left = self._outputs()
        message = failure.told(self._secrets.masks)
        return Finished(work.step, work.attempt, work.act, False, phase, left, Reason.ERROR, message)

    def _outputs(self) -> Json:
        found = self._task.outputs
        masks = self._secrets.masks
        return kept(masks.json(found) if masks else found, self._work, self._path, self._inline)

    def _end(self, finished: Finished) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
            if self._alarm:
                self._alarm.cancel()
            self._log.close()
        self._report.ended(finished)

    def _write(self, words: str) -> None:
        with self._lock:
            if not self._over:
                data = words.encode("utf-8", "surrogateescape")
                self._log.write(self._secrets.masks.masked(data))

    def _name(self, what: str) -> str:
        return f"headrace-{what}-{self._work.step}-{self._work.attempt}"
