"""How steps reach executors. One suite (tests/contract) holds every implementation to this page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import CancelWork, HandOver, Proceed
from headrace.core.run.events import Fact

Deliver = Callable[[Sequence[tuple[int, Fact]]], None]
"""Takes facts as (run id, fact) into the engine's inbox; from any thread; never blocks."""


class Dispatch(Protocol):
    """Delivers hand-overs to executors and their facts back to the inbox."""

    @property
    def capabilities(self) -> Mapping[str, Capabilities]:
        """By executor name; the set of executors a definition may use."""
        ...

    def start(self, deliver: Deliver) -> None: ...

    def hand_over(self, effects: Sequence[HandOver]) -> Sequence[tuple[int, Fact]]:
        """Queue attempts. Facts of inline executors are returned, the rest is delivered later."""
        ...

    def proceed(self, effects: Sequence[Proceed]) -> None:
        """The attempts' starts are durable: begin the work. Unknown ones are ignored."""
        ...

    def cancel(self, effects: Sequence[CancelWork]) -> None:
        """End work. Where ``answer``, deliver Vanished once it is gone; an unknown attempt is gone."""
        ...

    def drain(self, grace: float) -> None:
        """Accept nothing new, wait up to ``grace`` seconds for running work, then kill what is left.

        Facts of work that ended are delivered; killed work is delivered as Lost.
        """
        ...

    def stop(self) -> None:
        """End at once; every process tree is gone when it returns."""
        ...
