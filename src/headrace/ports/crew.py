"""What carries work out, as dispatch sees it: the same seam for the embedded server and for a worker.

A ``Crew`` knows the executors; dispatch knows queues, slots and answers. Work that was begun ends with
exactly one ``ended`` or ``lost``, whatever happened to it, and only when nothing of it is left.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import HandOver
from headrace.core.run.events import Finished
from headrace.core.words import Phase


class Report(Protocol):
    """Where work tells what became of it; may be called from any thread, never blocks."""

    def progressed(self, percent: float | None, message: str | None, phase: Phase | None) -> None: ...

    def ended(self, finished: Finished) -> None:
        """Nothing of the work is left."""
        ...

    def lost(self, message: str) -> None:
        """What carried the work died. What it had started is verified gone."""
        ...

    def resisted(self, message: str) -> None:
        """Still there after the grace of a ``cancel``, and why; ``ended`` or ``lost`` may follow."""
        ...


class Job(Protocol):
    """Begun work."""

    def cancel(self, grace: float) -> None:
        """Ask it to stop, after ``grace`` seconds force it. Again with a shorter grace hurries it."""
        ...


class Crew(Protocol):
    """The executors with all they need to work."""

    @property
    def capabilities(self) -> Mapping[str, Capabilities]:
        """By executor name."""
        ...

    @property
    def light(self) -> frozenset[str]:
        """Executors whose work costs next to nothing while it waits, so that it takes no slot."""
        ...

    def start(self) -> None: ...

    def at_once(self, work: HandOver) -> Finished | None:
        """The end of work that needs no waiting (inline executors, a mock that there is not), else None."""
        ...

    def begin(self, work: HandOver, report: Report) -> Job:
        """Start the work; never blocks for longer than it takes to hand it on."""
        ...

    def soon(self, call: Callable[[], None], after: float = 0.0) -> None:
        """Call it once what is being reported just now has all been reported, and not before so many
        seconds have passed; from any thread."""
        ...

    def stop(self) -> None:
        """Kill what is left; every process that was started is gone on return."""
        ...
