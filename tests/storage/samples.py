"""Runs, steps and decisions to store; and all that a store knows, to compare."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from headrace.core.run.state import Attempt, Decision, OperationRecord, Run, Step, Target
from headrace.core.words import Act, Due, Operation, Phase, Reason, RunStatus, StepStatus, Trigger, Wait
from headrace.ports.records import RunFilter
from headrace.ports.store import Reader, Store

NOW = 1_700_000_000.25
MINE, OTHERS = 1, 2
HOST = Target(7, "host", "web-1", root=True)


def a_run(run_id: int = 1, **changes: Any) -> Run:
    values: dict[str, Any] = {
        "tenant": MINE,
        "workflow": "Restart 数据库",
        "version_id": 11,
        "version": 3,
        "operation_id": run_id,
        "params": {"text": "é\u0000\n", "n": [1, 2.5, None, True]},
        "targets": (HOST,),
        "creator_id": 5,
        "creator": "ada",
        "created_at": NOW + run_id,
    }
    return Run(run_id, **(values | changes))


def full_run(run_id: int = 1) -> Run:
    """Every field set to something that is not its default."""
    return a_run(
        run_id,
        status=RunStatus.FAILED,
        operation=Operation.ROLLBACK,
        paused=True,
        mock=True,
        debug=True,
        closing=RunStatus.EXPIRED,
        bindings={"host": [1, 2]},
        target={"type": "host", "id": 7, "attributes": {"a": "b"}},
        targets=(HOST, Target(8, "host", "web-2"), Target(7, "cluster", "c%_'")),
        trigger=Trigger.SCHEDULED,
        parent_run=90,
        parent_step=91,
        parent_attempt=2,
        started_at=NOW + 1,
        finished_at=NOW + 2,
        deadline=NOW + 3,
        message="出错了",
        planned_at=NOW - 60,
    )


def full_step(step_id: int = 1) -> Step:
    return Step(
        id=step_id,
        node=2,
        parallel_idx=3,
        item={"item": [1]},
        status=StepStatus.RUNNING,
        operation=Operation.RETRY,
        phase=Phase.MONITOR_BEGIN,
        act=Act.ROLLBACK,
        wait=Wait.APPROVAL,
        reason=Reason.TIMEOUT,
        message="消息",
        progress=0.5,
        attempt=4,
        tries=2,
        losses=1,
        executed=True,
        worker="worker-1",
        inputs={"inputs": "i"},
        outputs={"outputs": ["o"]},
        votes=[{"user": 1, "approved": True}],
        children=[31, 32],
        created_at=NOW,
        started_at=NOW + 1,
        attempt_at=NOW + 2,
        finished_at=NOW + 3,
        due_at=NOW + 4,
        due=Due.EXPIRY,
    )


def an_operation(operation_id: int = 1, **changes: Any) -> OperationRecord:
    return replace(OperationRecord(operation_id, Operation.EXECUTE, "ada", NOW), **changes)


def an_attempt(step: int = 1, number: int = 1, **changes: Any) -> Attempt:
    made = Attempt(
        step,
        number,
        Operation.EXECUTE,
        Act.START,
        Phase.START_FAILED,
        StepStatus.FAILED,
        "worker-1",
        Reason.ERROR,
        "no",
        {"code": 1},
        NOW,
        NOW + 5,
    )
    return replace(made, **changes)


def add_run(store: Store, run: Run, steps: Iterable[Step] = ()) -> Run:
    with store.write() as writer:
        writer.create_run(run, steps, an_operation(run.operation_id))
    return run


def a_decision(run: Run, seq: int = 1, **changes: Any) -> Decision:
    """What the core would hand over: the head as it becomes."""
    steps: Sequence[Step] = changes.pop("steps", ())
    rest = {name: changes.pop(name) for name in list(changes) if name in Decision.__struct_fields__}
    return Decision(
        replace(run, **changes),
        seq,
        NOW,
        run.status,
        steps={step.id: step for step in steps},
        changed=True,
        turned=bool(changes),
        **{"history": [{"step": step.id, "status": step.status} for step in steps], **rest},
    )


def save(store: Store, *decisions: Decision) -> None:
    with store.write() as writer:
        writer.save(decisions)


def everything(reader: Reader, tenants: Iterable[int] = (MINE, OTHERS)) -> dict[str, Any]:
    """All that can be asked about runs; two stores with the same past give the same."""
    found: dict[str, Any] = {"open": list(reader.open_runs()), "due": list(reader.due_runs())}
    for tenant in tenants:
        page = reader.runs_with_steps(tenant, RunFilter(), [], 1, 10_000)
        assert page.total == len(page.items)
        for row in page.items:
            run = row.run
            found[f"run {run.id}"] = (
                run,
                list(row.steps),
                list(reader.operations(run.id)),
                list(reader.history(run.id, 0, 10_000)),
                {step.id: (list(reader.attempts(step.id)), reader.step_run(step.id)) for step in row.steps},
                [child.id for child in reader.children(run.id)],
            )
    return found


def undone(store: Store, work: Any) -> None:
    """Do it with the pen, then change one's mind."""

    class Enough(Exception):
        pass

    def attempt() -> None:
        with store.write() as writer:
            work(writer)
            raise Enough

    try:
        attempt()
    except Enough:
        return
    raise AssertionError("the error was swallowed")
