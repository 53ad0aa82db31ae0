"""Counts that make readiness cheap: what each node still waits for, in the run's direction.

Forward, an edge is resolved when its upstream node is done or bypassed. Backward (a rollback), when its
downstream node is rolled back. Everything here is derived from the steps; ``recount`` makes it anew
and a property test holds the running counts to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from headrace.core.run.plan import Plan, PlanNode
from headrace.core.run.state import Run, Step
from headrace.core.run.table import ACTIVE, NOTHING_TO_UNDO, RESOLVED
from headrace.core.words import NodeKind, Operation, Reason, StepStatus

BYPASSED, NOT_TAKEN = StepStatus.BYPASSED, Reason.NOT_TAKEN


class Tally(Struct):
    """One entry per node, and four sums."""

    waiting: list[int]  # unresolved edges: incoming, in a rollback outgoing
    taken: list[int]  # incoming edges resolved as taken
    left: list[int]  # steps not done yet; in a rollback: not undone yet
    succeeded: list[int]  # steps SUCCESSFUL
    busy: list[int]  # steps at work
    cursor: list[int]  # where to look for the next step to start
    resolved: list[bool]
    unresolved: int = 0  # nodes not resolved
    active: int = 0  # steps READY, RUNNING or CANCELING
    failed: int = 0  # steps FAILED; in a rollback: whose rollback failed

    @classmethod
    def empty(cls, size: int) -> Tally:
        return cls([0] * size, [0] * size, [0] * size, [0] * size, [0] * size, [0] * size, [False] * size)

    def copy(self) -> Tally:
        return Tally(
            self.waiting.copy(),
            self.taken.copy(),
            self.left.copy(),
            self.succeeded.copy(),
            self.busy.copy(),
            self.cursor.copy(),
            self.resolved.copy(),
            self.unresolved,
            self.active,
            self.failed,
        )


Change = tuple[int, int, int, int]
"""What a step's move adds to ``active``, ``succeeded``, ``left`` and ``failed``."""


def _change(before: StepStatus, after: StepStatus, done: frozenset[StepStatus]) -> Change:
    good, bad = StepStatus.SUCCESSFUL, StepStatus.FAILED
    return (
        (after in ACTIVE) - (before in ACTIVE),
        (after is good) - (before is good),
        (before in done) - (after in done),
        (after is bad) - (before is bad),
    )


def _changes(done: frozenset[StepStatus]) -> dict[tuple[StepStatus, StepStatus], Change]:
    """By status before and after; looked up for every move."""
    return {(before, after): _change(before, after, done) for before in StepStatus for after in StepStatus}


FORWARD = _changes(RESOLVED)
BACKWARD = _changes(NOTHING_TO_UNDO)


def chosen_case(node: PlanNode, steps: Sequence[Step]) -> str | None:
    """The branch a resolved decision took."""
    if node.kind is not NodeKind.DECISION or not steps:
        return None
    outputs = steps[0].outputs
    return outputs.get("case") if isinstance(outputs, dict) else None


def has_nothing(node: PlanNode, steps: Sequence[Step]) -> bool:
    """Whether the list a node works through is empty: it has no step, or, where it had elements in an earlier
    operation, only steps that were passed over for want of one."""
    if not steps:
        return True
    if not node.dynamic or node.when is not None:
        return False
    return all(step.status is BYPASSED and step.attempt and step.reason is NOT_TAKEN for step in steps)


def recount(run: Run, plan: Plan, by_node: Sequence[Sequence[Step]]) -> Tally:
    """All counts from the steps, in O(steps + edges)."""
    if run.operation is Operation.ROLLBACK:
        return _recount_backward(plan, by_node)
    return _recount_forward(plan, by_node)


def _recount_forward(plan: Plan, by_node: Sequence[Sequence[Step]]) -> Tally:
    t = Tally.empty(len(plan.nodes))
    for i in plan.order:
        node, steps = plan.nodes[i], by_node[i]
        t.waiting[i] += len(node.ups)
        for step in steps:
            _count(t, i, step)
            t.left[i] += step.status not in RESOLVED
            t.failed += step.status is StepStatus.FAILED
        if has_nothing(node, steps):
            taken = not node.ups or t.taken[i] > 0
            resolved = t.waiting[i] == 0 or (node.spec.join_any and t.taken[i] > 0)
        else:
            resolved = t.left[i] == 0
            taken = t.succeeded[i] > 0
        t.resolved[i] = resolved
        t.unresolved += not resolved
        if resolved:
            case = chosen_case(node, steps)
            for down, edge_case in node.downs:
                t.waiting[down] -= 1
                t.taken[down] += taken and (edge_case is None or edge_case == case)
    return t


def _recount_backward(plan: Plan, by_node: Sequence[Sequence[Step]]) -> Tally:
    t = Tally.empty(len(plan.nodes))
    for i in reversed(plan.order):
        node = plan.nodes[i]
        t.waiting[i] += len(node.downs)
        for step in by_node[i]:
            _count(t, i, step)
            t.left[i] += step.status not in NOTHING_TO_UNDO
            t.failed += step.status is StepStatus.FAILED and step.operation is Operation.ROLLBACK
        resolved = t.left[i] == 0 and t.waiting[i] == 0
        t.resolved[i] = resolved
        t.unresolved += not resolved
        if resolved:
            for up in node.ups:
                t.waiting[up] -= 1
    return t


def _count(t: Tally, i: int, step: Step) -> None:
    t.succeeded[i] += step.status is StepStatus.SUCCESSFUL
    if step.status in ACTIVE:
        t.busy[i] += 1
        t.active += 1


@lru_cache(maxsize=256)
def untouched(plan: Plan) -> Tally:
    """The counts of a run of which every node has one PENDING step; to be copied."""
    step = Step(0, 0)
    return _recount_forward(plan, [[step]] * len(plan.nodes))


def by_node_of(plan: Plan, steps: Mapping[int, Step]) -> list[list[int]]:
    """Step ids of each node, in parallel order."""
    lists: list[list[int]] = [[] for _ in plan.nodes]
    for step in sorted(steps.values(), key=lambda step: (step.node, step.parallel_idx, step.id)):
        lists[step.node].append(step.id)
    return lists
