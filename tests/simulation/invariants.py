"""What must hold when a life is over: about attempts, their order, and the work outside."""

from __future__ import annotations

from typing import Any

from headrace.core.words import CLOSED, Act, Operation, Phase, RunStatus, StepStatus
from headrace.engine import Engine
from headrace.storage import MemoryStore
from tests.simulation.workers import Outside


class Invariants:
    """``strict``: nobody has meddled, so that more can be held."""

    def __init__(self, store: MemoryStore, engine: Engine, outside: Outside, *, strict: bool) -> None:
        self._store = store
        self._engine = engine
        self._outside = outside
        self._strict = strict

    def check(self, runs: list[int]) -> None:
        assert not self._outside.overlaps, self._outside.overlaps
        assert not self._outside.alive, f"work left behind: {self._outside.alive}"
        for run_id, step_id, _, act in self._outside.begun:
            rehearsed = self._store._runs[run_id].mock
            assert not rehearsed or act is Act.MOCK, f"step {step_id} was carried out in a rehearsal"
        for run_id in runs:
            self._check_family(run_id)
            self._check_history(run_id)
            for step in self._store.steps(run_id):
                self._check_attempts(step)

    def _check_family(self, run_id: int) -> None:
        """A child nobody waits for is over, and a step has succeeded only with its own."""
        run = self._store._runs[run_id]
        if run.parent_run is None or run.parent_step is None or not self._strict:
            return
        parent = self._store._runs[run.parent_run]
        step = self._store._steps[parent.id][run.parent_step]
        waits = step.status is StepStatus.FAILED and parent.status is RunStatus.FAILED
        assert run.status in CLOSED or waits, f"child {run_id} is {run.status}, its step {step.status}"
        assert run_id in step.children, f"step {step.id} does not know its child {run_id}"
        if step.status is StepStatus.SUCCESSFUL and step.children[-1] == run_id:
            assert (run.status, run.operation) == (RunStatus.SUCCESSFUL, Operation.EXECUTE), f"child {run_id}"
        if parent.operation is Operation.ROLLBACK and parent.status is RunStatus.SUCCESSFUL:
            undone = (run.status, run.operation) == (RunStatus.SUCCESSFUL, Operation.ROLLBACK)
            assert undone, f"child {run_id} of a rolled-back run is {run.status} {run.operation}"

    def _check_attempts(self, step: Any) -> None:
        """Exactly one end for each attempt, in order; successes are backed by work that succeeded."""
        numbers = [attempt.number for attempt in self._store.attempts(step.id)]
        assert len(set(numbers)) == len(numbers), f"step {step.id}: attempts {numbers}"
        assert numbers == sorted(numbers), f"step {step.id}: attempts {numbers}"
        assert step.status in (
            StepStatus.PENDING,
            StepStatus.SUCCESSFUL,
            StepStatus.FAILED,
            StepStatus.BYPASSED,
        ), f"step {step.id} is {step.status} in a run that has ended"
        self._check_tries(step)
        really = self._outside.successes.get((self._store.step_run(step.id), step.id), [])
        for attempt in self._store.attempts(step.id):
            done = attempt.status is StepStatus.SUCCESSFUL and attempt.act is Act.START
            if done and attempt.worker == "w":
                assert Act.START in really, f"step {step.id} succeeded without work"

    def _check_tries(self, step: Any) -> None:
        """No more automatic attempts than the node allows; lost ones and rollbacks do not count."""
        run = self._store.run(None, self._store.step_run(step.id))
        node = self._engine._plans.by_id(self._store, run.version_id).plan.nodes[step.node]
        errors = sum(a.reason == "error" and a.act is Act.START for a in self._store.attempts(step.id))
        most = node.spec.retry.max + 1
        assert not self._strict or errors <= most, f"step {step.id}: {errors} errors, at most {most} wanted"

    def _check_history(self, run_id: int) -> None:
        """The recorded changes, in order: no gap, no step before its upstreams, undone in reverse."""
        rows = self._store.history(run_id, 0, 1_000_000)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        run = self._store.run(None, run_id)
        plan = self._engine._plans.by_id(self._store, run.version_id).plan
        node_of = {step.id: step.node for step in self._store.steps(run_id)}
        status: dict[int, str] = {step: "PENDING" for step in node_of}
        rolling = paused = False
        for at, change in ((row.at, change) for row in rows for change in row.changes):
            if "run" in change:
                rolling = change["operation"] == Operation.ROLLBACK
                paused = change["paused"]
            if "move" not in change or change["step"] not in node_of:
                continue
            step, before = change["step"], status[change["step"]]
            status[step] = change["status"]
            handed = change["phase"] == Phase.PRODUCE_SUCCESS
            assert not (paused and handed), f"step {step} was handed over in a pause"
            if change["move"] in ("hand_over", "wait", "settle") and before == "PENDING" and self._strict:
                self._check_upstreams(plan, node_of, status, step)
                self._check_places(plan.nodes[node_of[step]], node_of, status, step)
                if change["move"] == "hand_over":
                    planned = None if run.mock else run.planned_at  # a rehearsal waits for nothing
                    self._check_time(plan.nodes[node_of[step]], planned, at, step)
            if change["move"] in ("roll_back", "undo") and rolling:
                self._check_downstreams(plan, node_of, status, step)

    def _check_upstreams(self, plan: Any, node_of: Any, status: Any, step: int) -> None:
        node = plan.nodes[node_of[step]]
        ups = [[status[s] for s, n in node_of.items() if n == up] for up in node.ups]
        done = [all(each in ("SUCCESSFUL", "BYPASSED") for each in found) for found in ups]
        ready = any(done) if node.spec.join_any else all(done)
        assert ready or not node.ups, f"step {step} was handed over before its upstreams were done"

    def _check_time(self, node: Any, planned: float | None, at: float, step: int) -> None:
        """In a discrete schedule nothing starts before its own time."""
        if node.gate is not None and planned is not None:
            assert at >= node.gate.next(planned - 1), f"step {step} started before its own time"

    def _check_places(self, node: Any, node_of: Any, status: Any, step: int) -> None:
        """No more steps of a fan-out at once than its node allows, a serial one in order."""
        beside = [other for other, n in node_of.items() if n == node.index and other != step]
        active = sum(status[other] in ("READY", "RUNNING", "CANCELING") for other in beside)
        assert not node.limit or active < node.limit, f"{active + 1} steps of {node.spec.id} at once"
        if node.spec.serial:
            place = {each.id: each.parallel_idx for each in self._store.steps(self._store.step_run(step))}
            early = [other for other in beside if place[other] < place[step]]
            assert all(status[other] in ("SUCCESSFUL", "BYPASSED") for other in early), f"{step} overtook"

    def _check_downstreams(self, plan: Any, node_of: Any, status: Any, step: int) -> None:
        later = plan.descendants(node_of[step])
        for other, n in node_of.items():
            assert n not in later or status[other] in ("PENDING", "BYPASSED"), (
                f"step {step} was rolled back before {other}"
            )
