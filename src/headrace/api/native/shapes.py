"""The stable JSON shapes of the native API, and how values become them.

They are typed dictionaries: checked by the type checker, described in OpenAPI, and encoded as they are.
"""

from collections.abc import Collection, Sequence
from typing import Any, NotRequired

from typing_extensions import TypedDict

from headrace.api.http.paging import Listed
from headrace.core.definition.model import Workflow
from headrace.core.instants import instant
from headrace.core.messages import Language
from headrace.core.retold import retold
from headrace.core.run.links import Links
from headrace.core.run.state import Attempt, OperationRecord, Run, Step
from headrace.core.words import BY_PEOPLE, NodeKind, RunStatus, Wait
from headrace.ports.store import Reader

Json = Any


class TargetRef(TypedDict):
    type: str
    id: int
    name: str


class Creator(TypedDict):
    id: int
    name: str


class RunShape(TypedDict):
    id: int
    workflow: str
    version: int
    status: str
    operation: str
    paused: bool
    wait: str | None  # what people are asked for, where nothing else of the run goes on
    mock: bool
    debug: bool
    params: dict[str, Json]
    targets: list[TargetRef]
    creator: Creator
    trigger: str
    createdAt: str | None
    plannedAt: str | None  # the slot of the schedule that started it
    startedAt: str | None
    finishedAt: str | None
    message: str | None


class OperationShape(TypedDict):
    id: int
    verb: str
    actor: str
    status: str
    startedAt: str | None
    finishedAt: str | None


class StepShape(TypedDict):
    id: int
    runId: int
    node: str
    name: str
    kind: str
    executor: str | None
    status: str
    operation: str
    phase: str | None
    wait: str | None
    reason: str | None
    message: str | None
    progress: float | None
    attempt: int
    parallelIdx: int
    upstreams: Sequence[int]
    downstreams: Sequence[int]
    outputs: Json
    createdAt: str | None
    startedAt: str | None
    finishedAt: str | None


class AttemptShape(TypedDict):
    number: int
    operation: str
    phase: str | None
    status: str
    worker: str | None
    reason: str | None
    message: str | None
    startedAt: str | None
    finishedAt: str | None
    logBytes: int


class RunPage(TypedDict):
    """Either a page (``page, size, total``) or, with a cursor, ``next``."""

    items: list[RunShape]
    page: NotRequired[int]
    size: NotRequired[int]
    total: NotRequired[int]
    next: NotRequired[str | None]


class StepPage(Listed):
    items: list[StepShape]


class AttemptPage(Listed):
    items: list[AttemptShape]


class OperationPage(Listed):
    items: list[OperationShape]


def run_shapes(reader: Reader, runs: Sequence[Run], language: Language) -> list[RunShape]:
    """Several runs; what they wait for is asked for at once."""
    going = [run.id for run in runs if run.status is RunStatus.RUNNING and run.closing is None]
    active: dict[int, list[Wait | None]] = {run_id: [] for run_id in going}
    for run_id, wait in reader.active_waits(going) if going else ():
        active[run_id].append(wait)
    return [run_shape(run, language, asked_of_people(active.get(run.id, ()))) for run in runs]


def asked_of_people(waits: Collection[Wait | None]) -> Wait | None:
    """What people have to do before anything goes on, given the waits of all active steps; the first kind."""
    if not waits or any(wait not in BY_PEOPLE for wait in waits):
        return None
    return min((wait for wait in waits if wait), key=list(Wait).index)


def run_shape(run: Run, language: Language, wait: Wait | None = None) -> RunShape:
    return {
        "id": run.id,
        "workflow": run.workflow,
        "version": run.version,
        "status": run.status,
        "operation": run.operation,
        "paused": run.paused,
        "wait": wait,
        "mock": run.mock,
        "debug": run.debug,
        "params": run.params,
        "targets": [{"type": each.type, "id": each.id, "name": each.name} for each in run.targets],
        "creator": {"id": run.creator_id, "name": run.creator},
        "trigger": run.trigger,
        "createdAt": instant(run.created_at),
        "plannedAt": instant(run.planned_at),
        "startedAt": instant(run.started_at),
        "finishedAt": instant(run.finished_at),
        "message": retold(run.message, language),
    }


def operation_shape(operation: OperationRecord) -> OperationShape:
    return {
        "id": operation.id,
        "verb": operation.verb,
        "actor": operation.actor,
        "status": operation.status,
        "startedAt": instant(operation.started_at),
        "finishedAt": instant(operation.finished_at),
    }


def step_shape(run_id: int, workflow: Workflow, step: Step, links: Links, language: Language) -> StepShape:
    node = workflow.nodes[step.node]
    return {
        "id": step.id,
        "runId": run_id,
        "node": node.id,
        "name": node.name or node.id,
        "kind": node.kind,
        "executor": node.executor if node.kind is NodeKind.TASK else None,
        "status": step.status,
        "operation": step.operation,
        "phase": step.phase,
        "wait": step.wait,
        "reason": step.reason,
        "message": retold(step.message, language),
        "progress": step.progress,
        "attempt": step.attempt,
        "parallelIdx": step.parallel_idx,
        "upstreams": links.upstreams[step.id],
        "downstreams": links.downstreams[step.id],
        "outputs": step.outputs,
        "createdAt": instant(step.created_at),
        "startedAt": instant(step.started_at),
        "finishedAt": instant(step.finished_at),
    }


def attempts_of(
    step: Step, ended: Sequence[Attempt], sizes: Sequence[int], language: Language
) -> list[AttemptShape]:
    """All attempts, oldest first: the ended ones, and the current one as the step shows it.

    ``sizes[n - 1]`` are the bytes of attempt n's log.
    """
    shapes = [_attempt_shape(each, sizes, language) for each in ended]
    if step.attempt > 0 and all(each.number != step.attempt for each in ended):
        shapes.append(_attempt_shape(current_attempt(step), sizes, language))
    return shapes


def current_attempt(step: Step) -> Attempt:
    """The attempt at work, in the form of an ended one."""
    return Attempt(
        step=step.id,
        number=step.attempt,
        operation=step.operation,
        act=step.act,
        phase=step.phase,
        status=step.status,
        worker=step.worker,
        reason=step.reason,
        message=step.message,
        outputs=step.outputs,
        started_at=step.attempt_at,
        finished_at=step.finished_at,  # type: ignore[arg-type]
    )


def _attempt_shape(attempt: Attempt, sizes: Sequence[int], language: Language) -> AttemptShape:
    return {
        "number": attempt.number,
        "operation": attempt.operation,
        "phase": attempt.phase,
        "status": attempt.status,
        "worker": attempt.worker,
        "reason": attempt.reason,
        "message": retold(attempt.message, language),
        "startedAt": instant(attempt.started_at),
        "finishedAt": instant(attempt.finished_at),
        "logBytes": sizes[attempt.number - 1],
    }
