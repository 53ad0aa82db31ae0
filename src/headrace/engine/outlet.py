"""Letting effects out, once they are committed."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import structlog

from headrace.core.run.effects import CancelWork, Effect, HandOver, Proceed, StartChild, TellChild, TellParent
from headrace.core.run.events import Fact, Finished
from headrace.core.words import Act, Phase, Reason
from headrace.engine.items import Errand, Family, Post
from headrace.ports.dispatch import Dispatch

log = structlog.get_logger()
T = TypeVar("T", bound=Effect)


class Outlet:
    """To dispatch, and back into the engine's own inbox through ``put``.

    A dispatch that raises is at fault; the engine goes on, and what could not be handed over fails.
    """

    def __init__(self, dispatch: Dispatch, put: Callable[[Iterable[Errand]], None]) -> None:
        self._dispatch = dispatch
        self._put = put
        self.closed = False  # nothing new is handed over: what is READY waits for the next start

    def send(self, effects: Iterable[Effect]) -> None:
        """Cancels first: what they end frees a place."""
        hand_overs: list[HandOver] = []
        proceeds: list[Proceed] = []
        cancels: list[CancelWork] = []
        family: list[Errand] = []
        for effect in effects:
            if isinstance(effect, HandOver):
                hand_overs.append(effect)
            elif isinstance(effect, Proceed):
                proceeds.append(effect)
            elif isinstance(effect, CancelWork):
                cancels.append(effect)
            else:
                family.append(_errand(effect))
        if cancels:
            _attempted(self._dispatch.cancel, cancels)
        if hand_overs and not self.closed:
            self._hand_over(hand_overs)
        if proceeds:
            _attempted(self._dispatch.proceed, proceeds)
        if family:
            self._put(family)

    def _hand_over(self, effects: list[HandOver]) -> None:
        facts: Sequence[tuple[int, Fact]] | None = _attempted(self._dispatch.hand_over, effects)
        if facts is None:
            facts = [(effect.run, _not_handed_over(effect)) for effect in effects]
        if facts:
            self._put([Post(run_id, fact) for run_id, fact in facts])


R = TypeVar("R")


def _attempted(call: Callable[[list[T]], R], effects: list[T]) -> R | None:
    try:
        return call(effects)
    except Exception as error:
        log.error("dispatch failed", call=call.__name__, effects=len(effects), exc_info=error)
        return None


def _errand(effect: StartChild | TellChild | TellParent) -> Family:
    return Family(effect)


def _not_handed_over(effect: HandOver) -> Finished:
    phase = Phase.ROLLBACK_FAILED if effect.act is Act.ROLLBACK else Phase.START_FAILED
    return Finished(
        effect.step, effect.attempt, effect.act, False, phase, None, Reason.ERROR, "dispatch failed"
    )
