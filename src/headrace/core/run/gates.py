"""Discrete schedules: a step that has its own time waits for it once its upstreams are resolved.

Only runs that a schedule has started wait, and only before the step's first attempt: what somebody
starts, retries or runs again goes at once.
"""

from __future__ import annotations

from headrace.core.expr import ExpressionError
from headrace.core.messages import text
from headrace.core.run.draft import Draft, clear
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import Due, Wait


def closed(d: Draft, node: PlanNode, step: Step) -> bool:
    """Whether the step has to wait; it does from now on. Raises ExpressionError where it would for ever."""
    planned = d.run.planned_at
    if node.gate is None or planned is None or step.attempt or d.run.mock:
        return False
    opens = node.gate.next(planned - 1)
    if opens is None:
        raise ExpressionError(text("said_gate", {"cron": " ".join(node.gate.cron.fields)}))
    if opens <= d.now:
        return False
    clear(step)
    step.wait, step.due, step.due_at = Wait.TIMER, Due.GATE, opens
    d.move(step, Move.WAIT)
    d.told(step, Move.WAIT)
    return True


def open_gate(d: Draft, step: Step) -> None:
    """The wait is over: the step is as if its turn had just come."""
    clear(step)
    d.move(step, Move.OPEN)
    d.told(step, Move.OPEN)


def hold(d: Draft) -> None:
    """Nothing new is to start: steps that wait for their own time do so no more."""
    waiting = [step.id for step in d.all_steps() if step.due is Due.GATE]
    for step_id in waiting:
        open_gate(d, d.step(step_id))
    if waiting:
        d.recount()
