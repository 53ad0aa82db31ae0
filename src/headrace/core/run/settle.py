"""After every event: follow the graph until nothing moves, then see whether the run has ended."""

from __future__ import annotations

from headrace.core.messages import text
from headrace.core.refusal import Refused
from headrace.core.run import backward, forward, gates
from headrace.core.run.draft import Draft
from headrace.core.run.effects import TellParent
from headrace.core.run.events import SYSTEM
from headrace.core.run.table import RunMove
from headrace.core.words import CLOSED, OnFailure, RunStatus


def advance(d: Draft) -> None:
    """Look at every node something happened around."""
    queue = d.queue
    while queue:
        if d.backward:
            backward.consider(d, queue.popleft())
        else:
            forward.consider(d, queue.popleft())


def settle(d: Draft) -> None:
    """Advance, and end the run where nothing is left to do."""
    advance(d)
    if d.plan.gated and d.tally.failed and d.plan.stops_on_failure and not d.backward:
        gates.hold(d)
    t, run = d.tally, d.run
    if t.active or run.started_at is None or run.status is not RunStatus.RUNNING:
        return
    if run.closing is not None:
        _end(d, RunMove.CANCEL if run.closing is RunStatus.CANCELED else RunMove.EXPIRE)
    elif t.unresolved == 0:
        _end(d, RunMove.SUCCEED)
    elif t.failed and not run.paused:
        _fail(d)


def _fail(d: Draft) -> None:
    """Nothing is active and something failed: roll back where the workflow says so, else stay open."""
    wanted = d.plan.workflow.on_failure is OnFailure.ROLLBACK
    if wanted and not d.run.debug and not d.backward:
        try:
            backward.start_rollback(d, SYSTEM)
        except Refused as refused:
            d.run.message = text(refused.code, refused.values)
        else:
            settle(d)
            return
    _end(d, RunMove.FAIL)


def _end(d: Draft, move: RunMove) -> None:
    run = d.run
    run.closing = None
    d.move_run(move)
    d.close_operation(run.status)
    run.deadline = None
    if run.status in CLOSED:
        run.paused = False
    if run.parent_run is not None and run.parent_step is not None:
        d.effects.append(TellParent(run.id, run.parent_run, run.parent_step))
