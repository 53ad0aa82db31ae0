"""Executors whose work is a program of its own, run by a keeper."""

import json
import os
import signal
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from msgspec import Struct, field

from headrace.core.messages import text
from headrace.executors.environment import Surroundings
from headrace.executors.executor import AnyExecutor, Failed, Task, refuse
from headrace.executors.inputs import texts
from headrace.executors.jsontext import json_fault, json_type
from headrace.executors.logs import outputs_reference

Json = Any


class Command(Struct, frozen=True):
    """What to run. ``argv`` items that are one-element lists name a file of ``files``."""

    argv: list[str | list[str]]
    files: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None


class Exit(Struct, frozen=True):
    """How a program ended; exactly one of ``code`` and ``signal`` is given."""

    code: int | None
    signal: int | None
    last_error: str  # the last line it wrote to standard error
    outputs: str | None  # what it wrote to $HEADRACE_OUTPUTS
    outputs_bytes: int
    outputs_refused: str | None  # message code
    oom: bool  # the kernel has been killing for want of memory


class ProgramExecutor(AnyExecutor):
    """Subclasses say what to run; the crew runs it without a thread of its own."""

    rollback_by_node = True

    @abstractmethod
    def command(self, task: Task) -> Command:
        """Called in the engine's thread: build, do not wait. For ``task.act`` ROLLBACK, too."""

    def finish(self, task: Task, exit: Exit) -> None:
        """Raise Failed or take the outputs."""
        settle(task, exit, OUTPUTS_LIMIT)


# what a program gets for faults of its own
CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGSYS)
OUTPUTS_LIMIT = 64_000_000  # bytes


def settle(task: Task, exit: Exit, limit: int) -> None:
    """Raise Failed or take the outputs; ``limit`` is what they may have in bytes.

    What a failed program has written is taken too, where it can be: the next attempt sees it.
    """
    if exit.signal is not None or exit.code:
        with suppress(Failed):
            task.outputs.update(read_outputs(exit, task))
    if exit.signal is not None:
        crashed = "work_crash" if exit.signal in CRASHES else "work_signal"
        raise refuse("work_oom" if exit.oom else crashed, signal=_signal_name(exit.signal))
    if exit.code and exit.oom:
        raise refuse("work_oom_within", number=exit.code)
    if exit.code:
        if exit.last_error:
            raise refuse("work_exit_code_said", number=exit.code, last=exit.last_error)
        raise refuse("work_exit_code", number=exit.code)
    if exit.outputs_refused:
        raise refuse(exit.outputs_refused, bytes=exit.outputs_bytes, limit=limit)
    task.outputs.clear()
    task.outputs.update(read_outputs(exit, task))


def read_outputs(exit: Exit, task: Task) -> Mapping[str, Json]:
    """The outputs as an object; a reference where they are too large to be inline, nothing where refused."""
    if exit.outputs is None:
        if exit.outputs_bytes and not exit.outputs_refused:
            return outputs_reference(task.step, task.attempt, exit.outputs_bytes)
        return {}
    if not exit.outputs.strip():
        return {}
    try:
        value = json.loads(exit.outputs, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise refuse("work_outputs_json", why=json_fault(error)) from None
    if not isinstance(value, dict):
        raise refuse("work_outputs_object", found=json_type(value))
    return value


def _no_constant(word: str) -> Json:
    raise ValueError(text("said_json_constant", {"found": word}))


def _signal_name(number: int) -> str:
    try:
        return f"{number} ({signal.Signals(number).name})"
    except ValueError:
        return str(number)


@cache
def _base() -> Mapping[str, str]:
    """What every program gets of the server's environment: where things are and which language."""
    known = {
        name: os.environ.get(name, "") for name in ("PATH", "HOME", "LANG", "TZ", "USER", "LC_ALL", "TMPDIR")
    }
    defaults = {"PATH": os.defpath, "HOME": "/", "LANG": "C.UTF-8"}
    return {**defaults, **{name: value for name, value in known.items() if value}}


def clean_environment(surroundings: Surroundings, extra: Mapping[str, str]) -> dict[str, str]:
    """The variables of a program; none of the server's secrets is among them."""
    return {**_base(), **surroundings.variables, **extra}


def arguments(task: Task) -> list[str]:
    """The input ``args`` of a program. Every user of a machine can read those: none may be a secret."""
    words = texts(task.inputs, "args")
    if any(task.masks.is_one(word) for word in words):
        raise refuse("work_secret_argument")
    return words
