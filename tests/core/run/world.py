"""A run driven by hand: events in, decisions checked, hand-overs answered. No engine, no store."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from headrace.core.definition.model import After, Node, Workflow
from headrace.core.refusal import Refused
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.create import create_run
from headrace.core.run.decide import decide
from headrace.core.run.effects import CancelWork, Effect, HandOver, Proceed, StartChild, TellChild
from headrace.core.run.events import Accepted, Begin, Event, Finished, StepDue, Vanished
from headrace.core.run.plan import Plan, compile_plan
from headrace.core.run.state import Attempt, Decision, Run, RunState, Step
from headrace.core.run.state_of import absorb, rebuild
from headrace.core.run.table import Move, RunMove
from headrace.core.words import Act, NodeKind, Phase, RunStatus, StepStatus

CAPABILITIES = {
    "noop": Capabilities(inline=True, context=False, idempotent=True),
    "work": Capabilities(rollback_by_node=True),
    "undoable": Capabilities(rollback=True, mock=True),
    "safe": Capabilities(idempotent=True),
}

TAKEN: set[tuple[StepStatus, Move]] = set()
RUN_TAKEN: set[tuple[RunStatus, RunMove]] = set()
"""Rows of the tables that any test has taken."""


def task(name: str, *after: str | After, executor: str = "work", **more: Any) -> Node:
    return Node(name, executor=executor, after=edges(after), **more)


def edges(after: Iterable[str | After]) -> tuple[After, ...]:
    return tuple(edge if isinstance(edge, After) else After(edge) for edge in after)


def node(kind: NodeKind, name: str, *after: str | After, **more: Any) -> Node:
    return Node(name, kind=kind, after=edges(after), **more)


def flow(*nodes: Node, **more: Any) -> Workflow:
    return Workflow("test", nodes=nodes, **more)


class Counter:
    """Ids for decisions."""

    def __init__(self) -> None:
        self._steps = itertools.count(1)
        self._operations = itertools.count(1)

    def step(self) -> int:
        return next(self._steps)

    def operation(self) -> int:
        return next(self._operations)


class World:
    """One run of a workflow; the state is current after every call."""

    def __init__(
        self, *nodes: Node, begin: bool = True, run: dict[str, Any] | None = None, **more: Any
    ) -> None:
        self.plan: Plan = compile_plan(flow(*nodes, **more), CAPABILITIES)
        self.ids = Counter()
        self.now = 1000.0
        head = Run(1, 1, "test", 1, 1, creator_id=7, creator="ada", **(run or {}))
        self.state: RunState = create_run(head, self.plan, self.now, self.ids)
        self.effects: list[Effect] = []
        self.attempts: list[Attempt] = []
        self.history: list[dict[str, Any]] = []
        if begin:
            self.tell(Begin())

    # -- events

    def decide(self, *events: Event) -> Decision:
        """Decide, check, absorb."""
        frozen = _fingerprint(self.state)
        decision = decide(self.state, events, self.now, self.ids)
        assert _fingerprint(self.state) == frozen, "decide changed its input"
        if not decision.changed:
            assert decision.run == self.state.run, "a change that nobody is told of, and that is not kept"
        self._record(decision)
        absorb(self.state, decision)
        self._check_tally()
        self.effects += decision.effects
        self.attempts += decision.attempts
        self.history += decision.history
        return decision

    def tell(self, *events: Event) -> Decision:
        """The same; none may be refused."""
        decision = self.decide(*events)
        for answer in decision.answers:
            if answer is not None:
                raise answer
        return decision

    def refused(self, event: Event) -> Refused:
        """The refusal; nothing was changed."""
        decision = self.decide(event)
        (answer,) = decision.answers
        assert isinstance(answer, Refused), f"{event} was not refused"
        return answer

    def _record(self, decision: Decision) -> None:
        statuses = {step.id: step.status for step in self.state.steps.values()}
        run_status = self.state.run.status
        for entry in decision.history:
            if "move" in entry:
                before = statuses.get(entry["step"], StepStatus.PENDING)
                TAKEN.add((before, Move(entry["move"])))
                statuses[entry["step"]] = entry["status"]
            elif entry.get("run") in set(RunMove):
                RUN_TAKEN.add((run_status, RunMove(entry["run"])))
                run_status = entry["status"]

    def _check_tally(self) -> None:
        again = rebuild(self.state.run, self.state.steps.values(), self.plan, self.state.operation, 0)
        assert again.by_node == self.state.by_node
        now, fresh = self.state.tally, again.tally
        now = now.copy()
        now.cursor = fresh.cursor
        assert now == fresh, "the running counts differ from a recount"

    # -- what is asked of executors

    def take(self, kind: type) -> list[Any]:
        """Effects of one kind, taken off the list."""
        found = [effect for effect in self.effects if isinstance(effect, kind)]
        self.effects = [effect for effect in self.effects if not isinstance(effect, kind)]
        return found

    def accept(self, name: str, index: int = 0) -> None:
        step = self.step(name, index)
        self.tell(Accepted(step.id, step.attempt, "w1"))
        assert any(effect.step == step.id for effect in self.take(Proceed))

    def finish(self, name: str, ok: bool = True, index: int = 0, **more: Any) -> Decision:
        """Accept where needed, then end the attempt's work."""
        step = self.step(name, index)
        if step.status is StepStatus.READY:
            self.accept(name, index)
            step = self.step(name, index)
        return self.tell(finished(step, ok, **more))

    def vanish(self, name: str, index: int = 0) -> None:
        step = self.step(name, index)
        self.tell(Vanished(step.id, step.attempt))

    def due(self, name: str, index: int = 0) -> None:
        """Let the time come that the step waits for."""
        step = self.step(name, index)
        assert step.due is not None
        assert step.due_at is not None
        self.now = max(self.now, step.due_at)
        self.tell(StepDue(step.id, step.due, step.due_at))

    # -- looking

    @property
    def run(self) -> Run:
        return self.state.run

    def steps(self, name: str) -> list[Step]:
        return [self.state.steps[i] for i in self.state.by_node[self.plan.index[name]]]

    def step(self, name: str, index: int = 0) -> Step:
        return self.steps(name)[index]

    def statuses(self, *names: str) -> str:
        """``a:SUCCESSFUL b:PENDING`` of the named nodes, or of all; fan-outs as a comma list."""
        wanted = names or [node.id for node in self.plan.nodes]
        return " ".join(f"{name}:{','.join(step.status for step in self.steps(name))}" for name in wanted)

    def handed(self) -> list[str]:
        """Names of nodes handed over since the last look; a rollback as ``-name``."""
        return [
            ("-" if effect.act is Act.ROLLBACK else "~" if effect.act is Act.MOCK else "")
            + self.plan.nodes[self.state.steps[effect.step].node].id
            for effect in self.take(HandOver)
        ]

    def cancels(self) -> list[int]:
        return [effect.step for effect in self.take(CancelWork)]

    def told_children(self) -> list[tuple[int, str]]:
        return [(effect.child, effect.verb) for effect in self.take(TellChild)]

    def started_children(self) -> list[StartChild]:
        return self.take(StartChild)


def finished(step: Step, ok: bool = True, **more: Any) -> Finished:
    """The fact that ends the step's current attempt."""
    verb = "monitor" if step.act is Act.START else str(step.act)
    phase = more.pop("phase", Phase(f"{verb}.{'success' if ok else 'failed'}"))
    message = more.pop("message", None if ok else "it broke")
    return Finished(step.id, step.attempt, step.act, ok, phase, message=message, **more)


def _fingerprint(state: RunState) -> str:
    return repr((state.run, sorted(state.steps.items()), state.tally, state.by_node, state.operation))
