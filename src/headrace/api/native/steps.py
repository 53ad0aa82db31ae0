"""Steps of a run: list, read, attempts; and the verbs for one step."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import TaskManager, TaskViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX, RunId, StepId
from headrace.api.http.language import reader_language
from headrace.api.http.paging import MOST, PageNumber, whole
from headrace.api.http.system import System
from headrace.api.http.tickets import Once
from headrace.api.http.views import RunView, step_of, view_of
from headrace.api.http.waiting import Sys, reading, told
from headrace.api.native.bodies import (
    ChooseBody,
    CommentBody,
    NothingBody,
    RerunStepBody,
    RetryStepBody,
    SkipBody,
)
from headrace.api.native.details import StepDetail, step_detail
from headrace.api.native.shapes import AttemptPage, AttemptShape, StepPage, attempts_of, step_shape
from headrace.core.access.caller import Caller
from headrace.core.run.events import (
    Actor,
    Approve,
    BreakStep,
    CancelStep,
    Choose,
    Reject,
    RerunStep,
    RetryStep,
    SkipStep,
    StepVerb,
)
from headrace.ports.inbox import Ticket
from headrace.ports.store import Reader

router = APIRouter(prefix=PREFIX, tags=["steps"])
ONE = shows(StepDetail)
STEP = "/runs/{runId}/steps/{stepId}"

Size = Annotated[int | None, Query(ge=1, le=2**53 - 1, description="items a page; all where left out")]


@router.get("/runs/{runId}/steps", responses=shows(StepPage))
async def list_steps(
    request: Request, caller: TaskViewer, system: Sys, run_id: RunId, page: PageNumber = 1, size: Size = None
) -> Response:
    """The steps of a run in id order: all of them, or a page."""
    view = await _view(request, system, caller, run_id)
    width = min(size, MOST) if size else max(len(view.steps), 1)
    shown = view.steps[(page - 1) * width : page * width]
    language = reader_language(request)
    items = [step_shape(run_id, view.workflow, step, view.links, language) for step in shown]
    return answer({"items": items, "page": page, "size": width, "total": len(view.steps)})


@router.get(STEP, responses=ONE)
async def read_step(
    request: Request, caller: TaskViewer, system: Sys, run_id: RunId, step_id: StepId
) -> Response:
    """One step, and the verbs for it that are legal now."""
    return await _shown(request, system, caller, run_id, step_id)


@router.get(STEP + "/attempts", responses=shows(AttemptPage))
async def list_attempts(
    request: Request, caller: TaskViewer, system: Sys, run_id: RunId, step_id: StepId
) -> Response:
    """The step's attempts, oldest first, the current one included."""

    language = reader_language(request)

    def look(reader: Reader) -> list[AttemptShape]:
        step = step_of(reader, caller.tenant, run_id, step_id)
        sizes = [system.logs.size(run_id, step_id, number + 1) for number in range(step.attempt)]
        return attempts_of(step, reader.attempts(step_id), sizes, language)

    return answer(whole(await reading(system, look)))


async def _view(request: Request, system: Sys, caller: Caller, run_id: int) -> RunView:
    definitions = request.app.state.definitions
    return await reading(system, lambda reader: view_of(reader, definitions, caller.tenant, run_id))


async def _shown(request: Request, system: Sys, caller: Caller, run_id: int, step_id: int) -> Response:
    view = await _view(request, system, caller, run_id)
    return answer(step_detail(view, caller, view.step(step_id), reader_language(request)))


class OnStep:
    """A verb for one step: everything its request says but the verb's own body."""

    def __init__(
        self,
        request: Request,
        caller: Caller,
        system: System,
        ticket: Ticket | None,
        run_id: int,
        step_id: int,
    ) -> None:
        self.actor: Actor = caller.actor
        self.step = step_id
        self._context = (request, system, caller, run_id, step_id)
        self._ticket = ticket

    async def tell(self, event: StepVerb) -> Response:
        """Commit the verb, then answer the step as it stands."""
        _, system, caller, run_id, _ = self._context
        await told(system.inbox.tell(caller.tenant, run_id, event, self._ticket, caller))
        return await _shown(*self._context)


async def _on_step(
    request: Request, caller: TaskManager, system: Sys, once: Once, run_id: RunId, step_id: StepId
) -> OnStep:
    return OnStep(request, caller, system, once.ticket(caller), run_id, step_id)


Verb = Annotated[OnStep, Depends(_on_step)]


@router.post(STEP + "/retry", responses=ONE)
async def retry_step(on: Verb, body: RetryStepBody | None = None) -> Response:
    """Start a failed step again."""
    return await on.tell(RetryStep(on.step, on.actor, body.inputs if body else None))


@router.post(STEP + "/skip", responses=ONE)
async def skip_step(on: Verb, body: SkipBody | None = None) -> Response:
    """Let a failed step count as successful without running it, or end a timer that allows it."""
    return await on.tell(SkipStep(on.step, on.actor, body.outputs if body else None))


@router.post(STEP + "/cancel", responses=ONE)
async def cancel_step(on: Verb, body: NothingBody | None = None) -> Response:
    """End a step's work; it has failed once its work is verified gone."""
    return await on.tell(CancelStep(on.step, on.actor))


@router.post(STEP + "/break", responses=ONE)
async def break_step(on: Verb, body: NothingBody | None = None) -> Response:
    """Bypass a pending step and everything after it."""
    return await on.tell(BreakStep(on.step, on.actor))


@router.post(STEP + "/choose", responses=ONE)
async def choose(on: Verb, body: ChooseBody) -> Response:
    """Take a decision that waits for a person."""
    return await on.tell(Choose(on.step, body.case, on.actor))


@router.post(STEP + "/approve", responses=ONE)
async def approve(on: Verb, body: CommentBody | None = None) -> Response:
    """Approve an approval step."""
    return await on.tell(Approve(on.step, on.actor, body.comment if body else ""))


@router.post(STEP + "/reject", responses=ONE)
async def reject(on: Verb, body: CommentBody | None = None) -> Response:
    """Reject an approval step."""
    return await on.tell(Reject(on.step, on.actor, body.comment if body else ""))


@router.post(STEP + "/rerun", responses=ONE)
async def rerun_step(on: Verb, body: RerunStepBody | None = None) -> Response:
    """Run a step again, alone or with everything after it."""
    return await on.tell(RerunStep(on.step, body is not None and body.scope == "downstream", on.actor))
