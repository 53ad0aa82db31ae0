"""A workflow definition as values (the document format is docs/guides/definitions)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from headrace.core.words import NodeKind, OnFailure, OnLost

Json = Any  # a JSON value: None, bool, int, float, str, list, dict


@dataclass(frozen=True, slots=True)
class Retry:
    """Automatic retries: at most ``max`` after the first attempt; delays in seconds."""

    max: int = 0
    delay: float = 10.0
    backoff: float = 1.0  # each delay is the one before times this
    jitter: float = 0.0  # 0..1: the share of the delay that varies
    rollback: bool = True  # roll back before starting again, where there is a rollback


@dataclass(frozen=True, slots=True)
class After:
    """One incoming edge: from ``node``, and of a decision only along ``case``."""

    node: str
    case: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One outgoing branch of a decision; without ``when`` it is the fallback, or a person's choice."""

    name: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who may approve, in order: ``("role", name)`` or ``("user", name)``."""

    entries: tuple[tuple[str, str], ...] = ()
    needed: str | int = "any"  # any | all | a number of distinct people
    allow_self: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A vertex of the graph. Times are seconds; expressions are CEL source."""

    id: str
    kind: NodeKind = NodeKind.TASK
    name: str = ""
    description: str = ""
    executor: str | None = None
    after: tuple[After, ...] = ()
    join_any: bool = False
    when: str | None = None
    inputs: Mapping[str, Json] = field(default_factory=dict)  # the document's ``with``
    rollback: Mapping[str, Json] | None = None
    rollback_forbidden: bool = False
    timeout: float | None = None  # None or 0: no limit
    retry: Retry = Retry()
    on_lost: OnLost | None = None  # None: as the executor declares
    foreach: str | None = None
    max_parallel: int | None = None
    serial: bool = False
    cases: tuple[Case, ...] = ()
    approvers: Approvers = Approvers()
    expires: float | None = None
    wait_for: float | None = None  # timer: a duration
    wait_at: str | None = None  # timer: a local time of day, "HH:MM"
    wait_until: str | None = None  # timer: CEL giving an instant
    timezone: str | None = None
    skippable: bool = True
    workflow: str | None = None
    schedule: Mapping[str, Json] | None = None
    alarms: tuple[Mapping[str, Json], ...] = ()
    risk: Json = None


@dataclass(frozen=True, slots=True)
class Workflow:
    """A whole definition. ``document`` is the canonical JSON it was read from."""

    name: str
    remark: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    target: str | None = None
    params: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)  # JSON Schema properties
    required: tuple[str, ...] = ()
    on_failure: OnFailure = OnFailure.CONTINUE
    concurrency_limit: int | None = None
    concurrency_policy: str = "allow"  # queue | skip | allow
    timeout: float | None = None
    nodes: tuple[Node, ...] = ()
    schedule: Mapping[str, Json] | None = None
    alarms: tuple[Mapping[str, Json], ...] = ()
    invocation: Mapping[str, Json] | None = None
    document: Mapping[str, Json] = field(default_factory=dict)
