"""What an executor is: a name, what it can do, and methods that do it. Subclass ``Executor`` to add one."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Protocol

from headrace.core.messages import text
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import HandOver
from headrace.core.run.events import Finished
from headrace.core.words import Act, Phase
from headrace.executors.keeper.masks import Masks
from headrace.ports.vault import ConnectionRecord

Json = Any
PROGRESS_EVERY = 0.2  # seconds between two progress reports of one attempt
LONGEST_MESSAGE = 2000  # characters of a failure or progress message


class Quoted(str):
    """Somebody else's words within a message, of which the first ``most`` characters are shown."""

    __slots__ = ("most",)
    most: int

    def __new__(cls, words: str, most: int) -> "Quoted":
        made = super().__new__(cls, words)
        made.most = most
        return made


class Failed(Exception):
    """The attempt failed, with a sentence fit for a person."""

    def __init__(self, message: str, code: str = "", values: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self._code = code
        self._values = values or {}

    def told(self, masks: Masks) -> str:
        """The sentence, masked and then cut: the masks would not know what is left of a secret."""
        words = str(self)
        if self._code:
            words = text(self._code, {name: _cut(value, masks) for name, value in self._values.items()})
        return masks.text(words)[:LONGEST_MESSAGE]


def _cut(value: object, masks: Masks) -> object:
    return masks.text(value)[: value.most] if isinstance(value, Quoted) else value


def refuse(code: str, **values: object) -> Failed:
    """A failure with a text of the message catalogue."""
    return Failed(text(code, values), code, values)


def words_of(error: BaseException) -> str:
    """An exception's own words, of a group those of the first; its type where it has none."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__


class Vault(Protocol):
    """Where a task asks for connections, and what must not be shown."""

    @property
    def masks(self) -> Masks: ...

    def connection(self, name: str) -> tuple[ConnectionRecord, str | None]: ...


class Task:
    """One attempt as its executor sees it.

    ``inputs`` is the node's ``with``, for a rollback the node's ``rollback`` block where it has one;
    ``steps`` are the outputs and states of the direct upstreams; ``outputs`` what this step has so far.
    """

    def __init__(
        self,
        work: HandOver,
        log: Callable[[str], None],
        progressed: Callable[[float | None, str | None, Phase | None], None],
        vault: Vault | None = None,
    ) -> None:
        given: Mapping[str, Json] = work.payload or {}
        block = given.get("rollback") if work.act is Act.ROLLBACK else None
        self.run = work.run
        self.step = work.step
        self.attempt = work.attempt
        self.act = work.act
        self.operation = work.operation
        self.inputs: Mapping[str, Json] = (given.get("with") if block is None else block) or {}
        self.params: Mapping[str, Json] = given.get("params") or {}
        self.target: Json = given.get("target")
        self.item: Json = given.get("item")
        self.steps: Mapping[str, Json] = given.get("steps") or {}
        self.outputs: dict[str, Json] = dict(given.get("outputs") or {})
        self.context: Mapping[str, Json] = given
        self.wake_at = 0.0  # for executors that wait: a monotonic time
        self._vault = vault
        self._log = log
        self._progressed = progressed
        self._told = 0.0
        self._on_cancel: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    @cached_property
    def cancelled(self) -> threading.Event:
        """Set when the attempt is to end."""
        return threading.Event()

    def log(self, text: str) -> None:
        """Write to the attempt's log; a newline is added where there is none."""
        self._log(text if text.endswith("\n") else text + "\n")

    def progress(self, percent: float | None = None, message: str | None = None) -> None:
        """Tell how far the work is (0..100); calls in quick succession are thinned out."""
        now = time.monotonic()
        if now - self._told >= PROGRESS_EVERY or percent == 100:
            self._told = now
            self._progressed(percent, message, None)

    def add_output(self, name: str, value: Json) -> None:
        """One of the step's outputs, as a JSON value."""
        self.outputs[name] = value

    def fail(self, message: str) -> None:
        """End the attempt as failed."""
        raise Failed(message)

    def connection(self, name: str) -> tuple[ConnectionRecord, str | None]:
        """A connection of the run's tenant, and its password; masked from then on in all that this work
        says. Raises Failed where there is none."""
        if self._vault is None:
            raise refuse("work_connection_unknown", name=name)
        return self._vault.connection(name)

    @property
    def masks(self) -> Masks:
        """What hides the values of secrets that this work was given."""
        return Masks() if self._vault is None else self._vault.masks

    def on_cancel(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the attempt is cancelled; at once where it already is."""
        with self._lock:
            self._on_cancel.append(call)
            late = self.cancelled.is_set()
        if late:
            call()

    def cancel(self) -> None:
        """Set ``cancelled`` and make the calls that were asked for; the crew does this."""
        with self._lock:
            self.cancelled.set()
            calls = list(self._on_cancel)
        for call in calls:
            call()


class AnyExecutor(ABC):
    """What is known of every executor, whichever of the three ways it works in: see the subclasses."""

    name: ClassVar[str]
    idempotent: ClassVar[bool] = False  # may be started again after its worker died
    rollback_by_node: ClassVar[bool] = False  # a node's ``rollback`` block is a rollback
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ()  # what ``with`` must hold: of each group, one
    takes: ClassVar[tuple[str, ...] | None] = None  # all that ``with`` may hold, a.b within a; None: anything
    light: ClassVar[bool] = False  # methods return at once and waiting costs nothing: takes no slot

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            rollback_by_node=self.rollback_by_node,
            idempotent=self.idempotent,
            needs=self.needs,
            takes=self.takes,
        )


class Executor(AnyExecutor):
    """Carries steps out. Returning is success, raising is failure with the exception's text.

    ``start`` begins the work; then ``monitor`` is asked, first at once, later after as many seconds as
    it answered, until it answers None: done. Each call has a thread of its own. What a subclass
    overrides (``rollback``, ``delete``, ``mock``) is what it declares itself able to do.
    """

    @property
    def capabilities(self) -> Capabilities:
        own = type(self)
        return replace(
            super().capabilities,
            rollback=own.rollback is not Executor.rollback,
            delete=own.delete is not Executor.delete,
            mock=own.mock is not Executor.mock,
        )

    @property
    def monitors(self) -> bool:
        return type(self).monitor is not Executor.monitor

    @abstractmethod
    def start(self, task: Task) -> None:
        """Begin the work; all of it, where there is no ``monitor``."""

    def monitor(self, task: Task) -> float | None:
        """Seconds until the next look, or None when the work is done."""
        return None

    def rollback(self, task: Task) -> None:
        """Undo what ``start`` did, as far as it got. Not overridden it is asked for only where a node has
        a ``rollback`` block, and carries that out as ``start`` would."""
        self.start(task)

    def delete(self, task: Task) -> None:
        """Remove what the step left behind, for good."""

    def mock(self, task: Task) -> None:
        """Pretend: check what can be checked and give plausible outputs, without changing anything."""

    def cancel(self, task: Task) -> None:
        """Make a running call return soon. ``task.cancelled`` is set and ``on_cancel`` calls are made."""


class InlineExecutor(AnyExecutor):
    """Ends in the engine's own thread, so it must take microseconds."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            inline=True,
            context=False,
            rollback=True,
            delete=True,
            mock=True,
            idempotent=True,
            takes=self.takes,
        )

    @abstractmethod
    def at_once(self, work: HandOver) -> Finished:
        """Carry out whichever act it is, and say how it ended."""


SUCCESS = {
    Act.START: Phase.MONITOR_SUCCESS,
    Act.ROLLBACK: Phase.ROLLBACK_SUCCESS,
    Act.DELETE: Phase.DELETE_SUCCESS,
    Act.MOCK: Phase.MOCK_SUCCESS,
}
FAILURE = {
    Act.START: Phase.START_FAILED,
    Act.ROLLBACK: Phase.ROLLBACK_FAILED,
    Act.DELETE: Phase.DELETE_FAILED,
    Act.MOCK: Phase.MOCK_FAILED,
}
