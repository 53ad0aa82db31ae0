"""One program run for one attempt: started, listened to, ended with everything it started."""

import os
import signal
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headrace.executors.keeper import folder, tree
from headrace.executors.keeper.capture import LastLine, Lines, Log, Pipe, Progress

if TYPE_CHECKING:
    from headrace.executors.keeper.masks import Masks

Order = Mapping[str, Any]
# Python ignores some, and nohup or a shell's `&` others: a program starts with none ignored.
DEFAULTS = tuple(number for number in range(1, 32) if number not in (signal.SIGKILL, signal.SIGSTOP))


FAULTS = (OSError, ValueError)
"""The latter of a text that cannot be a path, a variable or a file: a lone surrogate, a NUL."""


class NotStarted(Exception):
    """The program could not be started; ``code`` is a message of the area ``run``."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Attempt:
    """A started program. ``order`` is what the supervisor sent (see ``supervisor.Order``)."""

    def __init__(self, order: Order, work: folder.Folder, null: int, progress: Progress) -> None:
        self.order = order
        self.job: int = order["job"]
        self.status: int | None = None  # of the leader, once it has ended
        self.alone = False  # it has ended, and nothing it started is left
        self.ending = False  # somebody asked for its end
        self.kill_at: float | None = None
        self._work = work
        self._last = LastLine()
        self._log = open_log(order)
        self._masks = masks_of(order)
        self.out = Pipe(self._log, Lines(progress).feed, self._masks)
        self.err = Pipe(self._log, self._last.feed, self._masks)
        try:
            self.pid = self._spawn(null)
        except NotStarted:
            self.close()
            raise
        self.out.started()
        self.err.started()
        self.started = time.monotonic()

    def _spawn(self, null: int) -> int:
        order = self.order
        env = dict(order["env"])
        work = self._work.path
        env["HEADRACE_CONTEXT"] = f"{work}/{folder.CONTEXT}"
        env["HEADRACE_OUTPUTS"] = f"{work}/{folder.OUTPUTS}"
        try:
            self._work.fill(order["files"])
        except FAULTS as error:
            raise NotStarted("work_folder", why=reason(error)) from None
        argv = [item if isinstance(item, str) else f"{work}/{item[0]}" for item in order["argv"]]
        if order["cwd"] is None:  # the keeper itself is where programs are by default
            return self._execute(argv, env, null)
        try:
            os.chdir(order["cwd"])
        except FAULTS as error:
            raise NotStarted("work_cwd", cwd=order["cwd"], why=reason(error)) from None
        try:
            return self._execute(argv, env, null)
        finally:
            os.chdir(work)

    def _execute(self, argv: list[str], env: dict[str, str], null: int) -> int:
        actions = [
            (os.POSIX_SPAWN_DUP2, null, 0),
            (os.POSIX_SPAWN_DUP2, self.out.outer, 1),
            (os.POSIX_SPAWN_DUP2, self.err.outer, 2),
        ]
        try:
            return os.posix_spawn(
                found(argv[0], env),
                argv,
                env,
                file_actions=actions,
                setsid=True,
                setsigmask=(),
                setsigdef=DEFAULTS,
            )
        except FAULTS as error:
            raise NotStarted("work_program", program=argv[0], why=reason(error)) from None

    def ended(self, pid: int, status: int) -> None:
        """Told of every process that was reaped."""
        if pid == self.pid:
            self.status = status

    def end(self, grace: float) -> None:
        """TERM to the leader alone, so that it can tidy up; everything else follows after ``grace``."""
        kill_at = time.monotonic() + grace
        self.kill_at = kill_at if self.kill_at is None else min(kill_at, self.kill_at)
        if not self.ending and self.status is None:
            tree.signal_child(self.pid, signal.SIGTERM)
            tree.signal_child(self.pid, signal.SIGCONT)
        self.ending = True

    def lasts(self) -> None:
        """It runs for longer than a moment: its log is there to be looked at."""
        self.started = 0.0
        self._log.write(b"")

    def result(self) -> dict[str, object]:
        """What became of it, once nothing of it is left."""
        order = self.order
        if self.status:
            self._log.write(b"")
        self.close()
        text, size, refusal = None, 0, None
        try:
            text, size, refusal = folder.outputs(
                self._work.path,
                order["outputs_inline"],
                order["outputs_limit"],
                order["outputs_file"],
                self._masks,
            )
        except OSError as error:
            refusal = "work_outputs_file"
            self._log.trouble = os.strerror(error.errno or 0)
        code = os.waitstatus_to_exitcode(self.status or 0)
        return {
            "op": "exit",
            "job": self.job,
            "code": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "last_error": self._last.text.replace(f"{self._work.path}/", ""),  # gone when it is read
            "outputs": text,
            "outputs_bytes": size,
            "outputs_refused": refusal,
            "log_trouble": self._log.trouble,
        }

    def close(self) -> None:
        self.out.close()
        self.err.close()
        self._log.close()


def reason(error: OSError | ValueError) -> str:
    return os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)


def masks_of(order: Order) -> "Masks | None":
    """What hides the values of secrets; None where the work has none."""
    if not order["masks"]:
        return None
    from headrace.executors.keeper.masks import Masks  # it loads much that most work does without

    return Masks(order["masks"])


def open_log(order: Order) -> Log:
    """The log; its first lines are written at once only if they tell more than that it began. Where what
    is there already is no log the attempt is not started."""
    try:
        head = order["heading"].encode("utf-8", "surrogateescape")
        log = Log(order["log"], order["log_cap"], head)
    except FAULTS as error:
        raise NotStarted("work_log", why=reason(error)) from None
    if head.count(b"\n") > 1:
        log.write(b"")
    return log


def found(program: str, env: Mapping[str, str]) -> str:
    """The program's path: as it is written, or looked up in the PATH the program itself will have."""
    if "/" in program:
        return program
    for path in os.get_exec_path(env):
        candidate = f"{path}/{program}"
        if os.access(candidate, os.X_OK) and not os.path.isdir(candidate):
            return candidate
    code = "work_program_words" if " " in program else "work_program_none"
    raise NotStarted(code, program=program)
