"""What Zhiqingyun's pages read. Times are ``YYYY-MM-DD HH:MM:SS`` on the server's clock, as there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from headrace.api.http.views import RunView
from headrace.api.surfaces.workflows.words import TYPE, flow_status, job_statuses
from headrace.core.run.state import OperationRecord
from headrace.ports.records import Page, RunRow, WorkflowRecord

Json = Any


def moment(at: float | None) -> str | None:
    """Epoch seconds as local time."""
    return None if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def page_shape(found: Page[Any], content: list[Json]) -> Json:
    """A page as their pages are."""
    pages = -(-found.total // found.size)
    return {
        "content": content,
        "totalElements": found.total,
        "totalPages": pages,
        "number": found.page - 1,
        "size": found.size,
        "numberOfElements": len(content),
        "first": found.page == 1,
        "last": found.page >= pages,
        "empty": not content,
    }


def flow_shape(record: WorkflowRecord, next_at: float | None) -> dict[str, Json]:
    """A workflow as a row of the list."""
    return {
        "id": str(record.id),
        "name": record.name,
        "remark": record.remark,
        "status": "UN_AUTO" if record.published is None else "PUBLISHED",
        "versionNumber": record.latest,
        "nextDateTime": moment(next_at),
        "createDateTime": moment(record.created_at),
        "lastModifiedDateTime": moment(record.updated_at),
        "lastModifiedBy": record.updated_by,
    }


def instance_shape(row: RunRow, flow_id: int | None, next_at: float | None) -> dict[str, Json]:
    """A run as a row of the history; ``duration`` is seconds, and ``flow_id`` None of a deleted workflow."""
    run = row.run
    took = run.finished_at - run.started_at if run.finished_at and run.started_at else None
    return {
        "workflowInstanceId": str(run.id),
        "workflowId": None if flow_id is None else str(flow_id),
        "workflowName": run.workflow,
        "versionNumber": run.version,
        "type": TYPE[run.trigger],
        "status": flow_status(run, row.steps),
        "startDateTime": moment(run.started_at),
        "endDateTime": moment(run.finished_at),
        "duration": None if took is None else round(took),
        "planStartDateTime": moment(run.planned_at),
        "nextPlanDateTime": moment(next_at),
        "createUsername": run.creator,
    }


def jobs_shape(view: RunView, operations: Sequence[OperationRecord]) -> dict[str, Json]:
    """A flow instance and all its job instances; a job that fans out has one for each element."""
    shown = job_statuses(view.run, view.steps, view.links)
    nodes = view.workflow.nodes
    jobs: list[Mapping[str, Json]] = [
        {
            "workInstanceId": str(step.id),
            "workId": nodes[step.node].id,
            "workName": nodes[step.node].name or nodes[step.node].id,
            "runStatus": shown[step.id],
            "startDateTime": moment(step.started_at),
            "endDateTime": moment(step.finished_at),
        }
        for step in view.steps
    ]
    return {
        "workflowInstanceId": str(view.run.id),
        "flowStatus": flow_status(view.run, view.steps),
        "flowRunLog": "\n".join(_line(each) for each in operations),
        "duration": _seconds(view),
        "workInstances": jobs,
    }


def _seconds(view: RunView) -> int | None:
    run = view.run
    return round(run.finished_at - run.started_at) if run.finished_at and run.started_at else None


def _line(operation: OperationRecord) -> str:
    ended = f"{moment(operation.finished_at)} {operation.status}" if operation.finished_at else "…"
    return f"{moment(operation.started_at)} {operation.verb} {operation.actor} - {ended}"
