"""Nothing lost, nothing doubled, nothing stuck: read from what is stored and from the marks left outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from headrace.core.run.table import STEP_MOVES, Move
from headrace.core.words import Reason, RunStatus, StepStatus
from headrace.ports.records import RunFilter
from headrace.ports.store import Reader, Store
from tests.chaos.flows import CHILD_STEPS, RUNS, STEPS

PROGRAMS = ("s0", "s1", "flaky")  # of twenty; "b" of child


class Checker:
    """Everything that must hold once all lives are over."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    def check(self) -> Counter[str]:
        """Raises AssertionError; answers what there was: runs, attempts lost, …"""
        with self._store.read() as reader:
            return self._check(reader)

    def _check(self, reader: Reader) -> Counter[str]:
        found: Counter[str] = Counter()
        runs = reader.runs(1, RunFilter(), (("id", True),), 1, 2_000).items
        tops = Counter(run.workflow for run in runs if run.parent_run is None)
        assert tops == RUNS, f"runs lost or doubled: {tops}"
        children = [run for run in runs if run.parent_run is not None]
        places = {(run.parent_step, run.parent_attempt) for run in children}
        assert len(places) == len(children) == sum(RUNS.values()), f"children lost or doubled: {children}"
        marks = self._marks()
        for run in runs:
            assert run.status is RunStatus.SUCCESSFUL, f"run {run.id} is {run.status}"
            steps = reader.steps(run.id)
            assert len(steps) == (STEPS if run.parent_run is None else CHILD_STEPS)
            found["runs"] += 1
            self._check_history(reader, run.id)
            for step in steps:
                found += self._check_attempts(reader, step, marks.pop((run.id, step.id), []))
        assert not marks, f"work for steps that there are not: {list(marks)[:5]}"
        self._check_processes()
        return found

    def _check_attempts(self, reader: Reader, step: Any, marks: Sequence[tuple[str, int]]) -> Counter[str]:
        """One end for each attempt, one success for each step that ran, and the work behind it."""
        attempts = reader.attempts(step.id)
        numbers = [attempt.number for attempt in attempts]
        assert numbers == list(range(1, step.attempt + 1)), f"step {step.id}: attempts {numbers}"
        successes = [a.number for a in attempts if a.status is StepStatus.SUCCESSFUL]
        assert step.status is StepStatus.SUCCESSFUL, f"step {step.id} is {step.status}"
        assert successes == [step.attempt], f"step {step.id} succeeded in {successes}"
        begun = [number for word, number in marks if word == "begin"]
        ended = [number for word, number in marks if word == "end"]
        assert len(set(begun)) == len(begun), f"step {step.id}: an attempt began twice: {marks}"
        assert [number for _, number in marks] == sorted(number for _, number in marks), (
            f"step {step.id}: work of an attempt went on under the next: {marks}"
        )
        if marks:
            assert step.attempt in ended, f"step {step.id} succeeded without its work: {marks}"
            assert ended.count(step.attempt) == 1
        lost = sum(attempt.reason is Reason.LOST for attempt in attempts)
        failed = sum(attempt.reason is Reason.ERROR for attempt in attempts)
        repeated = len(set(ended)) - 1 if ended else 0
        return Counter({"steps": 1, "lost": lost, "failed": failed, "done again": repeated})

    def _check_history(self, reader: Reader, run_id: int) -> None:
        """No gap, and each change a legal move from where the one before left the step."""
        rows = reader.history(run_id, 0, 1_000_000)
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1)), f"run {run_id} has gaps"
        status: dict[int, StepStatus] = defaultdict(lambda: StepStatus.PENDING)
        for change in (change for row in rows for change in row.changes):
            if "move" in change:
                step, before = change["step"], status[change["step"]]
                after = STEP_MOVES[before, Move(change["move"])]
                assert after == change["status"], f"step {step}: {before} {change}"
                status[step] = after
        ends = [change for row in rows for change in row.changes if change.get("run") == "succeed"]
        assert len(ends) == 1, f"run {run_id} ended {len(ends)} times"

    def _marks(self) -> dict[tuple[int, int], list[tuple[str, int]]]:
        marks: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
        for line in (self._folder / "marks").read_text().splitlines():
            word, run, step, attempt = line.split()
            marks[int(run), int(step)].append((word, int(attempt)))
        return marks

    def _check_processes(self) -> None:
        """Nothing that a step started is left."""
        for process in psutil.process_iter():
            try:
                environment = process.environ()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            assert environment.get("PARAM_MARKS") != str(self._folder / "marks"), f"left over: {process}"
