"""Runs in memory: those that are RUNNING stay, the rest is loaded when somebody asks for it."""

from collections import OrderedDict

from headrace.core.run.state import OperationRecord, RunState
from headrace.core.run.state_of import rebuild
from headrace.core.words import Operation, RunStatus
from headrace.ports.store import Reader
from headrace.usecases.plans import Plans

KEPT = 20_000  # runs in memory at the most


class States:
    """A bounded cache of aggregates; what is not in it is in the store, and equal."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._kept: OrderedDict[int, RunState] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, reader: Reader, run_id: int) -> RunState | None:
        """The run as it is stored; None where there is none."""
        state = self._kept.get(run_id)
        return state if state is not None else self._load(reader, run_id)

    def _load(self, reader: Reader, run_id: int) -> RunState | None:
        run = reader.run(None, run_id)
        if run is None:
            return None
        plan = self._plans.by_id(reader, run.version_id).plan
        operations = {record.id: record for record in reader.operations(run_id)}
        current = operations.get(run.operation_id)
        if current is None:
            current = OperationRecord(run.operation_id, Operation.EXECUTE, run.creator, run.created_at)
        return rebuild(run, reader.steps(run_id), plan, current)

    def keep(self, state: RunState) -> None:
        """After a commit: keep what is RUNNING, let go of the rest."""
        run = state.run
        if run.status is not RunStatus.RUNNING:
            self._kept.pop(run.id, None)
            return
        self._kept[run.id] = state
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def drop(self, run_id: int) -> None:
        """Its memory is not to be trusted any more."""
        self._kept.pop(run_id, None)
