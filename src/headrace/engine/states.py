"""Runs in memory: those that are RUNNING stay, the rest is loaded when somebody asks for it."""

from collections import OrderedDict

import structlog

from headrace.core.run.state import OperationRecord, RunState
from headrace.core.run.state_of import rebuild
from headrace.core.words import Operation, RunStatus
from headrace.ports.errors import Gone, Refused
from headrace.ports.store import Reader
from headrace.usecases.plans import Plans

log = structlog.get_logger()

KEPT_STEPS = 500_000  # steps in memory at the most, of whole runs; about 300 bytes each
RUNNING = RunStatus.RUNNING


class States:
    """A bounded cache of aggregates; what is not in it is in the store, and equal."""

    def __init__(self, plans: Plans, kept_steps: int = KEPT_STEPS) -> None:
        self._plans = plans
        self._limit = kept_steps
        self._kept: OrderedDict[int, tuple[RunState, int]] = OrderedDict()  # the longest unused first
        self._steps = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, reader: Reader, run_id: int) -> RunState | None:
        """The run as it is stored. None where there is none, or where this version of the program cannot
        read its definition: that must not hold up the others."""
        kept = self._kept.get(run_id)
        if kept is not None:
            return kept[0]
        try:
            return self._load(reader, run_id)
        except (Refused, Gone) as error:
            log.error("a run cannot be loaded", run=run_id, exc_info=error)
            return None

    def _load(self, reader: Reader, run_id: int) -> RunState | None:
        seq = reader.sequence(run_id)  # first: whatever is written after that is a conflict
        run = reader.run(None, run_id)
        if run is None:
            return None
        plan = self._plans.by_id(reader, run.version_id).plan
        operations = {record.id: record for record in reader.operations(run_id)}
        current = operations.get(run.operation_id)
        if current is None:
            current = OperationRecord(run.operation_id, Operation.EXECUTE, run.creator, run.created_at)
        return rebuild(run, reader.steps(run_id), plan, current, seq)

    def keep(self, state: RunState) -> None:
        """After a commit: keep what is RUNNING, let go of the rest."""
        run = state.run
        if run.status is not RUNNING:
            self.drop(run.id)
            return
        size = len(state.steps)
        _, before = self._kept.pop(run.id, (state, 0))
        self._kept[run.id] = (state, size)
        self._steps += size - before
        while self._steps > self._limit and len(self._kept) > 1:
            self._steps -= self._kept.popitem(last=False)[1][1]

    def drop(self, run_id: int) -> None:
        """It has ended, or its memory is not to be trusted any more."""
        kept = self._kept.pop(run_id, None)
        if kept is not None:
            self._steps -= kept[1]
