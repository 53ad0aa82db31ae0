"""OCP's words for ours, and ours for OCP's."""

from collections.abc import Mapping

from headrace.core.definition.model import Node
from headrace.core.words import NodeKind, Operation, RunStatus, StepStatus, Trigger

TASK_STATUS: Mapping[RunStatus, str] = {
    RunStatus.RUNNING: "RUNNING",
    RunStatus.FAILED: "FAILED",
    RunStatus.SUCCESSFUL: "SUCCESSFUL",
    RunStatus.CANCELED: "FAILED",
    RunStatus.EXPIRED: "FAILED",
}
SUBTASK_STATUS: Mapping[StepStatus, str] = {
    StepStatus.PENDING: "PENDING",
    StepStatus.READY: "READY",
    StepStatus.RUNNING: "RUNNING",
    StepStatus.CANCELING: "CANCELING",
    StepStatus.SUCCESSFUL: "SUCCESSFUL",
    StepStatus.FAILED: "FAILED",
    StepStatus.BYPASSED: "PENDING",
}
OPERATION: Mapping[Operation, str] = {
    Operation.EXECUTE: "EXECUTE",
    Operation.RETRY: "RETRY",
    Operation.SKIP: "SKIP",
    Operation.CANCEL: "CANCEL",
    Operation.ROLLBACK: "ROLLBACK",
    Operation.DELETE: "ROLLBACK",  # taking away what a task has made is the nearest of the five
}
TYPE: Mapping[Trigger, str] = {
    Trigger.MANUAL: "MANUAL",
    Trigger.API: "MANUAL",
    Trigger.INVOKED: "MANUAL",
    Trigger.SCHEDULED: "SCHEDULED",
    Trigger.SYS_ONCE: "SYS_ONECE",  # as the document of the API spells it
    Trigger.SYS_SCHEDULED: "SYS_SCHEDULED",
}
SORT: Mapping[str, str] = {
    "id": "id",
    "name": "name",
    "status": "status",
    "createTime": "createdAt",
    "startTime": "startedAt",
    "finishTime": "finishedAt",
}
"""What a list may be sorted by, and the store's word for it."""


def _turned(words: Mapping[RunStatus, str]) -> dict[str, frozenset[RunStatus]]:
    return {shown: frozenset(own for own in words if words[own] == shown) for shown in words.values()}


STATUSES: Mapping[str, frozenset[RunStatus]] = _turned(TASK_STATUS)

TRIGGERS: Mapping[str, frozenset[Trigger]] = {
    "MANUAL": frozenset({Trigger.MANUAL, Trigger.API, Trigger.INVOKED}),
    "SCHEDULED": frozenset({Trigger.SCHEDULED}),
    "SYS_ONECE": frozenset({Trigger.SYS_ONCE}),
    "SYS_ONCE": frozenset({Trigger.SYS_ONCE}),
    "SYS_SCHEDULED": frozenset({Trigger.SYS_SCHEDULED}),
}


def node_type(node: Node) -> str:
    """``SHELL_TASK`` for a task that the executor ``shell`` carries out; the kind of any other node."""
    if node.kind is NodeKind.TASK and node.executor:
        return f"{node.executor.upper()}_TASK"
    return node.kind.upper()
