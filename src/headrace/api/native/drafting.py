"""What an editor of definitions asks while a person types: is it right, and what can be chosen."""

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import WorkflowViewer
from headrace.api.http.answers import answer, shows
from headrace.api.http.ids import PREFIX
from headrace.api.http.language import reader_language
from headrace.api.http.paging import Listed, whole
from headrace.api.http.problems import SHOWN, error_of
from headrace.api.http.waiting import Sys
from headrace.ports.errors import Problem, Refused
from headrace.usecases import definitions

router = APIRouter(prefix=PREFIX, tags=["workflows"])


class ProblemShape(TypedDict):
    path: str
    code: str
    message: str


class CheckShape(TypedDict):
    """``count`` is the number of problems; at most 200 are listed."""

    valid: bool
    count: int
    problems: list[ProblemShape]


class ExecutorShape(TypedDict):
    name: str
    rollback: bool  # has a rollback of its own
    rollbackByNode: bool  # takes a node's ``rollback`` block
    mock: bool
    idempotent: bool


class ExecutorPage(Listed):
    items: list[ExecutorShape]


@router.post(
    "/workflows:check",
    responses=shows(CheckShape),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/yaml": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object"}},
            },
        }
    },
)
async def check_workflow(
    request: Request,
    caller: WorkflowViewer,
    system: Sys,
    name: Annotated[str | None, Query(max_length=200, description="the name it has to have")] = None,
) -> Response:
    """Whether a definition could be stored, and everything that is wrong with it; nothing is changed."""
    content = await request.body()

    def look() -> list[Problem]:
        try:
            definitions.check(content, system.capabilities, name)
        except Refused as refused:
            return list(refused.problems) or [Problem("", refused.code, refused.values)]
        return []

    problems = await anyio.to_thread.run_sync(look)
    language = reader_language(request)
    shown: list[Any] = [error_of(problem, language) for problem in problems[:SHOWN]]
    return answer({"valid": not problems, "count": len(problems), "problems": shown})


@router.get("/executors", responses=shows(ExecutorPage))
async def list_executors(caller: WorkflowViewer, system: Sys) -> Response:
    """Who can carry out tasks here, by name."""
    items: list[ExecutorShape] = [
        {
            "name": name,
            "rollback": each.rollback,
            "rollbackByNode": each.rollback_by_node,
            "mock": each.mock,
            "idempotent": each.idempotent,
        }
        for name, each in sorted(system.capabilities.items())
    ]
    return answer(whole(items))
