"""The verbs that are listed as legal are exactly those that are not refused."""

import random

import pytest

from headrace.core.definition.model import Approvers
from headrace.core.refusal import Refused
from headrace.core.run import events as e
from headrace.core.run.decide import decide
from headrace.core.run.legal import may_retry_run, run_verbs, step_verbs
from headrace.core.words import NodeKind
from tests.core.run.test_walks import BOB, random_event, random_world
from tests.core.run.world import World, node, task

ON_RUN = {
    "pause": e.PauseRun(BOB),
    "resume": e.ResumeRun(BOB),
    "terminate": e.TerminateRun(BOB),
    "retry": e.RetryRun(BOB),
    "rollback": e.RollbackRun(BOB, closed=True),
    "rerun": e.RerunRun(BOB),
}
BRANCH = {"case": "x"}


def on_step(step: int) -> dict[str, e.Event]:
    return {
        "retry": e.RetryStep(step, BOB),
        "skip": e.SkipStep(step, BOB, BRANCH),
        "cancel": e.CancelStep(step, BOB),
        "break": e.BreakStep(step, BOB),
        "rerun": e.RerunStep(step, False, BOB),
        "rerun_downstream": e.RerunStep(step, True, BOB),
        "choose": e.Choose(step, "x", BOB),
        "approve": e.Approve(step, BOB),
        "reject": e.Reject(step, BOB),
    }


def accepted(w: World, tries: dict[str, e.Event]) -> set[str]:
    """``decide`` leaves its state alone, so everything can be tried."""
    return {verb for verb, event in tries.items() if decide(w.state, [event], w.now, w.ids).answers == [None]}


def compare(w: World) -> None:
    nodes = w.plan.workflow.nodes
    steps = list(w.state.steps.values())
    assert set(run_verbs(w.run, nodes, steps)) == accepted(w, ON_RUN)
    for step in steps:
        if step.due_at is not None and step.due_at <= w.now:
            continue  # its time is over, and the engine is about to say so
        below = w.plan.descendants(step.node)
        after = [other for other in steps if other.node in below]
        listed = step_verbs(w.run, step, nodes[step.node], after, BOB)
        assert set(listed) == accepted(w, on_step(step.id)), w.statuses()


@pytest.mark.parametrize("seed", range(60))
def test_in_any_state(seed: int) -> None:
    rng = random.Random(seed)
    w = random_world(rng)
    for _ in range(25):
        w.decide(random_event(rng, w))
        compare(w)


def test_the_requester_and_strangers_do_not_vote() -> None:
    ask = node(NodeKind.APPROVAL, "ask", approvers=Approvers((("role", "lead"),)))
    w = World(ask)
    ada, eve = e.Actor(7, "ada", frozenset({"lead"})), e.Actor(9, "eve", frozenset({"tester"}))
    step = w.step("ask")
    verbs = {actor.name: step_verbs(w.run, step, ask, (), actor) for actor in (ada, eve, BOB)}
    assert verbs == {"ada": ["cancel"], "eve": ["cancel"], "bob": ["cancel", "approve", "reject"]}


def test_a_node_that_forbids_its_rollback() -> None:
    w = World(task("a", rollback_forbidden=True), task("b", "a"))
    w.finish("a")
    w.finish("b", ok=False)
    compare(w)
    assert "rollback" not in run_verbs(w.run, w.plan.workflow.nodes, w.state.steps.values())
    with pytest.raises(Refused):
        may_retry_run(World(task("a")).run)


def test_a_paused_run_says_so_whatever_is_asked_of_a_step() -> None:
    w = World(task("a"), task("b", "a"))
    w.finish("a")
    w.tell(e.PauseRun(BOB))
    assert {w.refused(verb).code for verb in on_step(w.step("a").id).values()} == {"run_paused"}
