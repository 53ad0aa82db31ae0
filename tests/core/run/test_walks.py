"""Random walks: whatever happens in whatever order, the counts hold, and a run can always be ended."""

import inspect
import random

import pytest

from headrace.core.definition.model import After, Approvers, Case, Node, Retry
from headrace.core.run import events as e
from headrace.core.run.table import RUN_MOVES, STEP_MOVES
from headrace.core.words import Act, Due, NodeKind, OnFailure, OnLost, RunStatus, StepStatus, Wait
from tests.core.run import test_again, test_children, test_stories
from tests.core.run.world import RUN_TAKEN, TAKEN, World, finished, node, task

WALKS = 400
STEPS = 60
OFTEN = "15/30 * * * * ?"  # a run planned for 990 waits until 1005; worlds begin at 1000
BOB = e.Actor(8, "bob", frozenset({"lead"}))


def random_world(rng: random.Random) -> World:
    nodes: list[Node] = []
    for i in range(rng.randint(1, 7)):
        names = [n.id for n in nodes]
        after = []
        for name in rng.sample(names, min(len(names), rng.choice([0, 1, 1, 2]))):
            kind = next(n for n in nodes if n.id == name).kind
            after.append(After(name, rng.choice(["x", "y"]) if kind is NodeKind.DECISION else None))
        nodes.append(_random_node(rng, f"n{i}", after))
    return World(
        *nodes,
        on_failure=rng.choice(list(OnFailure)),
        timeout=rng.choice([None, None, 500.0]),
        run={
            "params": {"xs": [1] * rng.randint(0, 3)},
            "mock": rng.random() < 0.1,
            "debug": rng.random() < 0.2,
            "planned_at": rng.choice([None, 990.0]),
        },
        schedule={"mode": "discrete", "cron": OFTEN},
    )


def _random_node(rng, name, after):
    more = {"join_any": rng.random() < 0.2}
    if rng.random() < 0.2:
        more["schedule"] = {"cron": OFTEN}
    kind = rng.choice(["task"] * 6 + ["approval", "decision", "timer", "workflow"])
    if kind == "approval":
        return node(
            NodeKind.APPROVAL, name, *after, approvers=Approvers((("role", "lead"),)), expires=30.0, **more
        )
    if kind == "decision":
        when = rng.choice([None, "size(params.xs) > 1"])
        return node(NodeKind.DECISION, name, *after, cases=(Case("x", when), Case("y")), **more)
    if kind == "timer":
        return node(NodeKind.TIMER, name, *after, wait_for=20.0, **more)
    if rng.random() < 0.4:
        over = f"steps['{after[0].node}'].outputs.xs" if after and rng.random() < 0.4 else "params.xs"
        more |= {"foreach": over, "serial": rng.random() < 0.3}
        more |= {"max_parallel": rng.choice([None, 1, 2])}
    if kind == "workflow":
        more |= {"retry": Retry(max=rng.choice([0, 2]), delay=5.0), "timeout": rng.choice([None, 40.0])}
        return node(NodeKind.WORKFLOW, name, *after, workflow="child", **more)
    if rng.random() < 0.5:
        computed = {"$cel": f"steps['{after[0].node}'].outputs.n"} if after and rng.random() < 0.3 else "undo"
        more["rollback"] = {"script": computed}
    more |= {"retry": Retry(max=rng.choice([0, 0, 2]), delay=5.0), "timeout": rng.choice([None, 40.0])}
    more |= {
        "when": rng.choice([None, None, None, "size(params.xs) > 0"]),
        "on_lost": rng.choice([None, *OnLost]),
    }
    if after and rng.random() < 0.5:
        more["inputs"] = {"n": {"$cel": f"steps['{after[0].node}'].outputs.n"}}
    return task(name, *after, executor=rng.choice(["work", "undoable", "safe"]), **more)


def random_event(rng: random.Random, w: World):
    step = rng.choice(list(w.state.steps.values())) if w.state.steps else None
    if step is None or rng.random() < 0.1:
        verbs = [e.RetryRun, e.PauseRun, e.ResumeRun, e.ResumeRun, e.RerunRun, e.RollbackRun, e.RunDue]
        return rng.choice([*verbs, e.TerminateRun])()
    if rng.random() < 0.65:
        return _fact(rng, w, step)
    verb = rng.choice(
        [e.RetryStep, e.SkipStep, e.CancelStep, e.BreakStep, e.RerunStep, e.Choose, e.Approve, e.Reject]
    )
    if verb is e.Choose:
        return verb(step.id, rng.choice("xyz"), BOB)
    if verb is e.RerunStep:
        return verb(step.id, rng.random() < 0.5, BOB)
    return verb(step.id, BOB)


def _fact(rng, w, step):
    attempt = step.attempt if rng.random() < 0.95 else max(0, step.attempt - 1)
    if step.due is not None and rng.random() < 0.4:
        w.now = max(w.now, step.due_at)
        return e.StepDue(step.id, step.due, step.due_at)
    if step.wait is Wait.CHILDREN or (step.children and rng.random() < 0.2):
        if not step.children or len(step.children) < step.attempt:
            return e.ChildStarted(step.id, attempt, 1000 + step.id * 50 + step.attempt)
        end = rng.choice([RunStatus.SUCCESSFUL, RunStatus.FAILED, RunStatus.CANCELED])
        return e.ChildEnded(step.id, step.child, end, rolled_back=step.act is Act.ROLLBACK)
    kind = rng.random()
    if kind < 0.35:
        return e.Accepted(step.id, attempt, "w1")
    if kind < 0.8:
        return finished(
            step, rng.random() < 0.7, outputs=rng.choice([{"n": 1, "xs": [1, 2]}, {"n": 1, "xs": []}, {}])
        )
    if kind < 0.9:
        return e.Vanished(step.id, attempt)
    return rng.choice(
        [e.Lost(step.id, attempt), e.Resisted(step.id, attempt, "no"), e.Progressed(step.id, attempt, 5)]
    )


def drive_to_the_end(w: World) -> None:
    """Everything goes well from here: the run must end, whatever happened before."""
    for _ in range(400):
        if w.run.paused:
            w.tell(e.ResumeRun())
        if w.run.status is RunStatus.FAILED:
            for step in list(w.state.steps.values()):
                if step.status is StepStatus.FAILED and w.run.status is RunStatus.FAILED:
                    w.decide(e.SkipStep(step.id, outputs={"case": "x", "n": 1, "xs": []}))
        if w.run.status is not RunStatus.RUNNING:
            return
        for step in list(w.state.steps.values()):
            if w.run.status is RunStatus.RUNNING:
                _go_well(w, w.state.steps.get(step.id, step))
    raise AssertionError(f"stuck: {w.statuses()} {w.run}")


def _go_well(w, step) -> None:
    if step.due is Due.GATE or (step.due is not None and step.status is StepStatus.READY):
        w.now = max(w.now, step.due_at)
        w.tell(e.StepDue(step.id, step.due, step.due_at))
    elif step.wait is Wait.CHILDREN:
        if len(step.children or []) == 0:
            w.tell(e.ChildStarted(step.id, step.attempt, 7000 + step.id))
        else:
            back = step.act is Act.ROLLBACK
            w.tell(e.ChildEnded(step.id, step.child, RunStatus.SUCCESSFUL, rolled_back=back))
    elif step.wait is Wait.APPROVAL:
        w.decide(e.Approve(step.id, BOB))
    elif step.wait is Wait.CHOICE:
        w.decide(e.Choose(step.id, "x", BOB))
    elif step.wait is Wait.TIMER:
        w.tell(e.SkipStep(step.id))
    elif step.status is StepStatus.CANCELING:
        w.tell(e.Vanished(step.id, step.attempt))
    elif step.status is StepStatus.READY:
        w.tell(e.Accepted(step.id, step.attempt, "w1"))
    elif step.status is StepStatus.RUNNING:
        w.tell(finished(step, outputs={"n": 1, "xs": [1]}))


@pytest.mark.parametrize("block", range(8))
def test_walks(block):
    for seed in range(block * WALKS // 8, (block + 1) * WALKS // 8):
        rng = random.Random(seed)
        w = random_world(rng)
        try:
            for _ in range(STEPS):
                batch = [random_event(rng, w) for _ in range(rng.choice([1, 1, 2, 3]))]
                w.decide(*batch)
            drive_to_the_end(w)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


def test_every_row_of_the_tables_is_taken():
    """Tells all stories first, so that it holds in any order and on its own."""
    for name, story in (vars(test_stories) | vars(test_again) | vars(test_children)).items():
        if name.startswith("test_") and not inspect.signature(story).parameters:
            story()
    for seed in range(1000, 1000 + WALKS):
        rng = random.Random(seed)
        w = random_world(rng)
        for _ in range(STEPS):
            w.decide(random_event(rng, w))
        if STEP_MOVES.keys() <= TAKEN and RUN_MOVES.keys() <= RUN_TAKEN:
            return
    missing = sorted(str(row) for row in (STEP_MOVES.keys() - TAKEN) | (RUN_MOVES.keys() - RUN_TAKEN))
    raise AssertionError(f"never taken: {missing}")
