"""The vocabulary: every word of the engine as a closed set. API, CLI, docs and UI use exactly these.

Before Python 3.12 a member looked up in its class takes ten times as long as a name. Modules that run for
every step therefore give names of their own to the members they look at.
"""

from enum import StrEnum


class StepStatus(StrEnum):
    """Where a step stands."""

    PENDING = "PENDING"  # its upstreams are not resolved yet
    READY = "READY"  # handed over, or about to be
    RUNNING = "RUNNING"
    CANCELING = "CANCELING"  # asked to stop; its work is not verified gone yet
    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"
    BYPASSED = "BYPASSED"  # will not run; the reason says why


class RunStatus(StrEnum):
    """Where a run stands. FAILED stays open for repair; the last three are closed."""

    RUNNING = "RUNNING"
    FAILED = "FAILED"
    SUCCESSFUL = "SUCCESSFUL"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"


CLOSED = frozenset({RunStatus.SUCCESSFUL, RunStatus.CANCELED, RunStatus.EXPIRED})


class Operation(StrEnum):
    """The verb that last acted on a step, or that a run's current operation carries out."""

    EXECUTE = "EXECUTE"
    RETRY = "RETRY"
    SKIP = "SKIP"
    CANCEL = "CANCEL"
    ROLLBACK = "ROLLBACK"
    DELETE = "DELETE"


class Act(StrEnum):
    """What an executor is asked to do for an attempt."""

    START = "start"  # start, then monitor until done
    ROLLBACK = "rollback"
    DELETE = "delete"
    MOCK = "mock"


class Phase(StrEnum):
    """The 22 legal ``phase.result`` pairs."""

    PRODUCE_SUCCESS = "produce.success"
    PRODUCE_FAILED = "produce.failed"
    START_BEGIN = "start.begin"
    START_SUCCESS = "start.success"
    START_FAILED = "start.failed"
    MONITOR_BEGIN = "monitor.begin"
    MONITOR_SUCCESS = "monitor.success"
    MONITOR_FAILED = "monitor.failed"
    ROLLBACK_BEGIN = "rollback.begin"
    ROLLBACK_SUCCESS = "rollback.success"
    ROLLBACK_FAILED = "rollback.failed"
    DELETE_BEGIN = "delete.begin"
    DELETE_SUCCESS = "delete.success"
    DELETE_FAILED = "delete.failed"
    CANCEL_BEGIN = "cancel.begin"
    CANCEL_SUCCESS = "cancel.success"
    CANCEL_FAILED = "cancel.failed"
    CANCELED = "canceled"
    MOCK_BEGIN = "mock.begin"
    MOCK_SUCCESS = "mock.success"
    MOCK_PASSED = "mock.passed"
    MOCK_FAILED = "mock.failed"


class Wait(StrEnum):
    """What a RUNNING step waits for when no executor is at work."""

    APPROVAL = "approval"
    CHOICE = "choice"
    TIMER = "timer"
    DEBUG = "debug"
    EXECUTE = "execute"
    CHILDREN = "children"


BY_PEOPLE = frozenset({Wait.APPROVAL, Wait.CHOICE, Wait.DEBUG, Wait.EXECUTE})  # these waits people end


class Reason(StrEnum):
    """Why a step FAILED or was BYPASSED."""

    ERROR = "error"
    TIMEOUT = "timeout"
    LOST = "lost"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    UPSTREAM_FAILED = "upstream_failed"
    NOT_TAKEN = "not_taken"
    BROKEN = "broken"


class Due(StrEnum):
    """What happens to a step when its ``due_at`` is reached."""

    TIMEOUT = "timeout"  # the attempt has run too long
    RETRY = "retry"  # the delay before an automatic retry is over
    TIMER = "timer"  # a timer node's time has come
    GATE = "gate"  # the job's own time in a discrete schedule has come
    EXPIRY = "expiry"  # an approval or a choice was not given in time


class Trigger(StrEnum):
    """What started a run."""

    MANUAL = "MANUAL"
    SCHEDULED = "SCHEDULED"
    INVOKED = "INVOKED"
    API = "API"
    SYS_ONCE = "SYS_ONCE"
    SYS_SCHEDULED = "SYS_SCHEDULED"


class NodeKind(StrEnum):
    """What a node of a workflow is."""

    TASK = "task"
    APPROVAL = "approval"
    DECISION = "decision"
    TIMER = "timer"
    WORKFLOW = "workflow"


class OnFailure(StrEnum):
    """What a workflow does once a step has failed."""

    CONTINUE = "continue"
    STOP = "stop"
    ROLLBACK = "rollback"


class OnLost(StrEnum):
    """What happens to work whose worker died."""

    RETRY = "retry"
    FAIL = "fail"


class Permission(StrEnum):
    """What a role may grant; every route names the one it needs."""

    TASK_VIEWER = "TASK_VIEWER"  # see runs, steps, logs
    TASK_MANAGER = "TASK_MANAGER"  # start runs and act on them
    WORKFLOW_VIEWER = "WORKFLOW_VIEWER"
    WORKFLOW_EDITOR = "WORKFLOW_EDITOR"  # write, publish, delete definitions
    TARGET_VIEWER = "TARGET_VIEWER"
    TARGET_EDITOR = "TARGET_EDITOR"
    RESOURCE_VIEWER = "RESOURCE_VIEWER"  # secrets, connections, channels: names, never what is secret
    RESOURCE_EDITOR = "RESOURCE_EDITOR"
    AUDIT_VIEWER = "AUDIT_VIEWER"  # who changed what, in the own tenant
    USER_ADMIN = "USER_ADMIN"  # users, roles, tokens of the own tenant
    TENANT_ADMIN = "TENANT_ADMIN"  # tenants; only in the tenant `default`
    SYSTEM_VIEWER = "SYSTEM_VIEWER"  # metrics and system health
