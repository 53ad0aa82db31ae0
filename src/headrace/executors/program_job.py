"""An attempt that is a program under a keeper, from command to answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from headrace.core.messages import text
from headrace.core.run.effects import HandOver
from headrace.core.run.events import Finished
from headrace.core.words import Act, Phase, Reason
from headrace.executors.environment import Surroundings, context_file, surroundings
from headrace.executors.executor import FAILURE, SUCCESS, Failed, Task, refuse
from headrace.executors.keeper.wire import Message
from headrace.executors.logs import outputs_path
from headrace.executors.program import (
    OUTPUTS_LIMIT,
    Command,
    Exit,
    ProgramExecutor,
    clean_environment,
)
from headrace.executors.secrets import Secrets
from headrace.executors.supervisor import Order, Program, Supervisor
from headrace.ports.crew import Report


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes."""

    log: int
    outputs: int


class ProgramJob:
    """Listens to the supervisor and translates for the report."""

    def __init__(
        self,
        executor: ProgramExecutor,
        work: HandOver,
        report: Report,
        log: str,
        heading: str,
        limits: Limits,
        secrets: Secrets,
    ) -> None:
        self._executor = executor
        self._work = work
        self._report = report
        self._log = log
        self._heading = heading
        self._limits = limits
        self._secrets = secrets
        self._notes: list[str] = []
        self._task = Task(work, self._notes.append, report.progressed, secrets)
        self._program: Program | None = None

    def begin(self, supervisor: Supervisor) -> None:
        try:
            order = self._order(self._executor.command(self._task))
        except Failed as failure:
            self._fail(failure, FAILURE[self._work.act])
            return
        self._program = supervisor.run(order, self)

    def _order(self, command: Command) -> Order:
        around = surroundings(self._task)
        return Order(
            argv=command.argv,
            env=clean_environment(around, command.env),
            log=self._log,
            heading=self._heading + self._secrets.masks.text("".join(self._notes)) + _left_out(around),
            files={**command.files, "context.json": context_file(self._task)},
            cwd=command.cwd,
            log_cap=self._limits.log,
            outputs_inline=self._limits.outputs,
            outputs_limit=OUTPUTS_LIMIT,
            outputs_file=outputs_path(self._log),
            masks=self._secrets.values,
        )

    def cancel(self, grace: float) -> None:
        if self._program is not None:
            self._program.end(grace)

    # -- told by the supervisor ------------------------------------------------------------------------

    def started(self, pid: int) -> None:
        if self._work.act is Act.START:
            self._report.progressed(None, None, Phase.MONITOR_BEGIN)

    def progressed(self, percent: float, message: str) -> None:
        self._report.progressed(percent, message, None)

    def exited(self, exit: Message) -> None:
        work = self._work
        told = Exit(
            exit["code"],
            exit["signal"],
            exit["last_error"],
            exit["outputs"],
            exit["outputs_bytes"],
            exit["outputs_refused"],
            exit["oom"],
        )
        failed = Phase.MONITOR_FAILED if work.act is Act.START else FAILURE[work.act]
        try:
            self._executor.finish(self._task, told)
        except Failed as failure:
            self._fail(failure, failed)
            return
        note = text("work_log_cut", {"why": exit["log_trouble"]}) if exit["log_trouble"] else None
        self._report.ended(
            Finished(
                work.step,
                work.attempt,
                work.act,
                True,
                SUCCESS[work.act],
                self._task.outputs or None,
                None,
                note,
            )
        )

    def refused(self, code: str, values: Mapping[str, object]) -> None:
        self._fail(refuse(code, **values), FAILURE[self._work.act])

    def lost(self, message: str) -> None:
        self._report.lost(message)

    def resisted(self, why: str) -> None:
        self._report.resisted(why)

    def _fail(self, failure: Failed, phase: Phase) -> None:
        work, left = self._work, self._task.outputs or None
        message = failure.told(self._secrets.masks)
        self._report.ended(
            Finished(work.step, work.attempt, work.act, False, phase, left, Reason.ERROR, message)
        )


def _left_out(around: Surroundings) -> str:
    """Notes for the log on values that do not fit into the environment."""
    return "".join(
        text("work_env_large", {"name": name, "bytes": size}) + "\n" for name, size in around.left_out
    )
