"""The eight calls."""

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import TaskManager, TaskViewer
from headrace.api.http.answers import encode
from headrace.api.http.language import reader_language
from headrace.api.http.tickets import Once
from headrace.api.http.views import RunView, step_of, view_of
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.surfaces.tasks.envelope import success
from headrace.api.surfaces.tasks.logs import whole_log
from headrace.api.surfaces.tasks.query import asked_of
from headrace.api.surfaces.tasks.shapes import SubtaskLog, page_shape, subtask_shape, target_ids, task_shape
from headrace.core.run.events import (
    Actor,
    CancelStep,
    RetryRun,
    RetryStep,
    RollbackRun,
    RunVerb,
    SkipStep,
    StepVerb,
)
from headrace.ports.errors import Gone
from headrace.ports.store import Reader

PREFIX = "/api/v2/tasks"
TASK = "/instances/{taskInstanceId}"
SUBTASK = TASK + "/subtasks/{subtaskInstanceId}"

router = APIRouter(prefix=PREFIX, tags=["tasks"], include_in_schema=False)

LONG = {"ge": -(2**63), "le": 2**63 - 1}  # OCP's ids are Longs: one that we never give is not found
TaskId = Annotated[int, Path(alias="taskInstanceId", **LONG)]
SubtaskId = Annotated[int, Path(alias="subtaskInstanceId", **LONG)]


@router.get("/instances")
async def list_tasks(request: Request, caller: TaskViewer, system: Sys) -> Response:
    """A page of tasks, newest first."""
    asked = asked_of(request.query_params)
    definitions = request.app.state.definitions

    def look(reader: Reader) -> msgspec.Raw:
        found = reader.runs_with_steps(caller.tenant, asked.which, asked.order, asked.page, asked.size)
        runs = [row.run for row in found.items]
        workflows = {version: definitions.of(reader, version) for version in {run.version_id for run in runs}}
        ids = target_ids(runs)
        records = reader.targets_by_id(caller.tenant, ids) if ids else {}
        return _raw(page_shape(found, workflows, records))

    return success(request, await reading(system, look))


@router.get(TASK)
async def read_task(request: Request, caller: TaskViewer, system: Sys, task: TaskId) -> Response:
    """One task with its subtasks."""
    return success(request, await reading(system, _task(request, caller.tenant, task)))


@router.get(SUBTASK + "/log")
async def read_log(
    caller: TaskViewer, request: Request, system: Sys, task: TaskId, subtask: SubtaskId
) -> Response:
    """What all attempts of a subtask wrote."""

    language = reader_language(request)

    def look(reader: Reader) -> SubtaskLog:
        step = step_of(reader, caller.tenant, task, subtask)
        return SubtaskLog(whole_log(system.logs, task, step, reader.attempts(subtask), language))

    return success(request, await reading(system, look))


class OnTask:
    """A verb: everything its request says but what is asked."""

    def __init__(self, request: Request, caller: TaskManager, system: Sys, once: Once, task: TaskId) -> None:
        self.actor: Actor = caller.actor
        self._request = request
        self._caller = caller
        self._system = system
        self._task = task
        self._ticket = once.ticket(caller)

    async def tell(self, event: RunVerb | StepVerb, look: Callable[[Reader], Any] | None = None) -> Response:
        """Commit the verb, then answer what ``look`` sees."""
        await told(
            self._system.inbox.tell(self._caller.tenant, self._task, event, self._ticket, self._caller)
        )
        return success(self._request, await reading(self._system, look) if look else None)

    def task(self) -> Callable[[Reader], msgspec.Raw]:
        """The task as it stands."""
        return _task(self._request, self._caller.tenant, self._task)

    def subtask(self, subtask: int) -> Callable[[Reader], msgspec.Raw]:
        """One of its subtasks as it stands."""
        request, tenant, task = self._request, self._caller.tenant, self._task

        def look(reader: Reader) -> msgspec.Raw:
            view = view_of(reader, request.app.state.definitions, tenant, task)
            return _raw(subtask_shape(view, _position(view, subtask)))

        return look


Verb = Annotated[OnTask, Depends()]


@router.post(TASK + "/rollback")
async def rollback_task(on: Verb) -> Response:
    """Undo all executed subtasks of a failed task in reverse order."""
    return await on.tell(RollbackRun(on.actor), on.task())


@router.post(TASK + "/retry")
async def retry_task(on: Verb) -> Response:
    """Start all failed subtasks again."""
    return await on.tell(RetryRun(on.actor), on.task())


@router.post(SUBTASK + "/cancel")
async def cancel_subtask(on: Verb, subtask: SubtaskId) -> Response:
    """End a subtask's work; it fails once the work is gone."""
    return await on.tell(CancelStep(subtask, on.actor))


@router.post(SUBTASK + "/retry")
async def retry_subtask(on: Verb, subtask: SubtaskId) -> Response:
    """Start a failed subtask again."""
    return await on.tell(RetryStep(subtask, on.actor), on.subtask(subtask))


@router.post(SUBTASK + "/skip")
async def skip_subtask(on: Verb, subtask: SubtaskId) -> Response:
    """Let a failed subtask count as successful."""
    return await on.tell(SkipStep(subtask, on.actor))


def _task(request: Request, tenant: int, task: int) -> Callable[[Reader], msgspec.Raw]:
    def look(reader: Reader) -> msgspec.Raw:
        view = view_of(reader, request.app.state.definitions, tenant, task)
        ids = target_ids([view.run])
        return _raw(task_shape(view, reader.targets_by_id(tenant, ids) if ids else {}))

    return look


def _position(view: RunView, subtask: int) -> int:
    for position, step in enumerate(view.steps):
        if step.id == subtask:
            return position
    raise Gone("step", subtask)


def _raw(shape: msgspec.Struct) -> msgspec.Raw:
    """Encoded here, in the reading thread, so that large tasks do not hold up the event loop."""
    return msgspec.Raw(encode(shape))
