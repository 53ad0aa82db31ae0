"""Tasks and subtasks as OCP shows them. Fields that are None are left out of the JSON.

Both spellings of a field are there where the document of the API and the real server differ.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from headrace.api.http.views import RunView
from headrace.api.surfaces.tasks.words import OPERATION, SUBTASK_STATUS, TASK_STATUS, TYPE, node_type
from headrace.core.definition.model import Node, Workflow
from headrace.core.instants import instant
from headrace.core.run.legal import forbids_rollback
from headrace.core.run.state import Run, Step
from headrace.core.words import StepStatus
from headrace.ports.records import Page, RunRow, TargetRecord

Records = Mapping[int, TargetRecord]
Json = Any


class Cluster(msgspec.Struct, omit_defaults=True, rename="camel"):
    id: int
    name: str
    ob_cluster_id: Json = None
    type: Json = None


class Tenant(msgspec.Struct, omit_defaults=True, rename="camel"):
    """``obClusterId`` is the tenant's number too: the document of the API calls it so."""

    id: int
    name: str
    ob_cluster_id: Json = None
    ob_tenant_id: Json = None
    mode: Json = None


class Creator(msgspec.Struct):
    id: int
    name: str


class BasicSubtask(msgspec.Struct, omit_defaults=True):
    id: int
    name: str
    status: str
    operation: str
    description: str | None = None


class BasicTask(msgspec.Struct, omit_defaults=True, rename="camel"):
    """A row of the list; ``type``, ``operation`` and ``createTime`` are more than the document promises."""

    id: int
    name: str
    status: str
    type: str
    operation: str
    creator: Creator
    subtasks: list[BasicSubtask]
    create_time: str | None
    cluster: Cluster | None = None
    tenant: Tenant | None = None
    start_time: str | None = None
    finish_time: str | None = None


class PageInfo(msgspec.Struct, rename="camel"):
    total_elements: int
    total_pages: int
    number: int
    size: int


class TaskPage(msgspec.Struct):
    contents: list[BasicTask]
    page: PageInfo


class Subtask(msgspec.Struct, omit_defaults=True, rename="camel"):
    """``timeout`` is seconds, 0 for no limit; ``runTime`` the number of attempts, 0 before the first."""

    id: int
    name: str
    series_id: int
    timeout: int
    status: str
    operation: str
    run_time: int
    node_type: str
    parallel_idx: int
    paralle_idx: int
    upstreams: Sequence[int]
    downstreams: Sequence[int]
    downstream: Sequence[int]
    prohibit_rollback: bool
    create_time: str | None
    description: str | None = None
    executor: str | None = None
    start_time: str | None = None
    finish_time: str | None = None


class Task(msgspec.Struct, omit_defaults=True, rename="camel"):
    """``taskDefinitionId`` is the version that the run is pinned to."""

    id: int
    name: str
    task_definition_id: int
    status: str
    type: str
    operation: str
    prohibit_rollback: bool
    creator: Creator
    subtasks: list[Subtask]
    create_time: str | None
    cluster: Cluster | None = None
    tenant: Tenant | None = None
    executor: str | None = None
    start_time: str | None = None
    finish_time: str | None = None


class SubtaskLog(msgspec.Struct):
    log: str


def target_ids(runs: Iterable[Run]) -> set[int]:
    """Ids of the clusters and tenants whose attributes the shapes show."""
    return {each.id for run in runs for each in run.targets if each.type in ("cluster", "tenant")}


def page_shape(found: Page[RunRow], workflows: Mapping[int, Workflow], records: Records) -> TaskPage:
    pages = -(-found.total // found.size)
    contents = [_basic_task(row, workflows[row.run.version_id], records) for row in found.items]
    return TaskPage(contents, PageInfo(found.total, pages, found.page, found.size))


def _basic_task(row: RunRow, workflow: Workflow, records: Records) -> BasicTask:
    run = row.run
    return BasicTask(
        id=run.id,
        name=run.workflow,
        status=TASK_STATUS[run.status],
        type=TYPE[run.trigger],
        operation=OPERATION[run.operation],
        creator=Creator(run.creator_id, run.creator),
        subtasks=[_basic_subtask(step, workflow.nodes[step.node]) for step in row.steps],
        create_time=instant(run.created_at),
        cluster=_cluster(run, records),
        tenant=_tenant(run, records),
        start_time=instant(run.started_at),
        finish_time=instant(run.finished_at),
    )


def _basic_subtask(step: Step, node: Node) -> BasicSubtask:
    status, operation = SUBTASK_STATUS[step.status], OPERATION[step.operation]
    return BasicSubtask(step.id, node.name or node.id, status, operation, node.description or None)


def task_shape(view: RunView, records: Records) -> Task:
    run, nodes = view.run, view.workflow.nodes
    return Task(
        id=run.id,
        name=run.workflow,
        task_definition_id=run.version_id,
        status=TASK_STATUS[run.status],
        type=TYPE[run.trigger],
        operation=OPERATION[run.operation],
        prohibit_rollback=any(forbids_rollback(nodes[step.node], step) for step in view.steps),
        creator=Creator(run.creator_id, run.creator),
        subtasks=[subtask_shape(view, position) for position in range(len(view.steps))],
        create_time=instant(run.created_at),
        cluster=_cluster(run, records),
        tenant=_tenant(run, records),
        executor=_executor(view.steps),
        start_time=instant(run.started_at),
        finish_time=instant(run.finished_at),
    )


def _executor(steps: Iterable[Step]) -> str | None:
    """Who carried out what was started last."""
    taken = [step for step in steps if step.worker is not None]
    return max(taken, key=lambda step: step.attempt_at or 0.0).worker if taken else None


def subtask_shape(view: RunView, position: int) -> Subtask:
    """The step at this position of the run's steps in id order."""
    step = view.steps[position]
    node = view.workflow.nodes[step.node]
    after = view.links.downstreams[step.id]
    return Subtask(
        id=step.id,
        name=node.name or node.id,
        series_id=position,
        timeout=math.ceil(node.timeout or 0),
        status=SUBTASK_STATUS[step.status],
        operation=OPERATION[step.operation],
        run_time=step.attempt,
        node_type=node_type(node),
        parallel_idx=step.parallel_idx,
        paralle_idx=step.parallel_idx,
        upstreams=view.links.upstreams[step.id],
        downstreams=after,
        downstream=after,
        prohibit_rollback=node.rollback_forbidden,
        create_time=instant(step.created_at),
        description=node.description or None,
        executor=step.worker,
        start_time=instant(step.started_at),
        finish_time=None if step.status is StepStatus.BYPASSED else instant(step.finished_at),
    )


def _cluster(run: Run, records: Records) -> Cluster | None:
    for target in run.targets:
        if target.type == "cluster":
            more = _attributes(target.id, records)
            return Cluster(target.id, target.name, more.get("obClusterId"), more.get("type"))
    return None


def _tenant(run: Run, records: Records) -> Tenant | None:
    for target in run.targets:
        if target.type == "tenant":
            more = _attributes(target.id, records)
            number = more.get("obTenantId")
            return Tenant(target.id, target.name, number, number, more.get("mode"))
    return None


def _attributes(target_id: int, records: Records) -> Mapping[str, Json]:
    """What is known of a target now; nothing where it has been deleted since."""
    record = records.get(target_id)
    return record.attributes if record else {}
