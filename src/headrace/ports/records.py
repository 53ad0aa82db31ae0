"""Rows as values. Instants are epoch seconds (float, UTC); JSON values are plain Python."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from headrace.core.run.state import Run, Step
from headrace.core.words import RunStatus, Trigger

Json = Any
T = TypeVar("T")
MANY = 2000  # rows read at a time, where all are wanted


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; ``page`` counts from 1."""

    items: Sequence[T]
    page: int
    size: int
    total: int


def every(read: Callable[[int, int], Page[T]]) -> Iterator[T]:
    """All rows of a list; ``read`` is asked for a page and a size."""
    page = 1
    while True:
        found = read(page, MANY).items
        yield from found
        if len(found) < MANY:
            return
        page += 1


@dataclass(frozen=True, slots=True)
class WorkflowRecord:
    """A workflow as it is listed. ``draft`` is the canonical document; ``etag`` changes with it."""

    id: int
    tenant: int
    name: str
    remark: str
    draft: Mapping[str, Json]
    etag: str  # SHA-256 of the canonical draft, hex
    published: int | None  # number of the published version
    latest: int  # number of the newest version; 0 before the first
    created_at: float
    updated_at: float
    updated_by: str


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """An immutable snapshot of a workflow."""

    id: int
    tenant: int
    workflow: str
    number: int
    document: Mapping[str, Json]
    created_at: float
    created_by: str

    @property
    def head(self) -> "VersionHead":
        return VersionHead(self.number, self.created_at, self.created_by)


@dataclass(frozen=True, slots=True)
class VersionHead:
    """A version without its document, which may be large."""

    number: int
    created_at: float
    created_by: str


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """An object runs work on. Types cluster, tenant, host exist from the start."""

    id: int
    tenant: int
    type: str
    name: str
    attributes: Mapping[str, Json]
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class TenantRecord:
    """``max_workflows``: how many workflows it may have; None: as many as the licence allows."""

    id: int
    name: str
    max_workflows: int | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """``permissions`` holds names of ``core.words.Permission``."""

    id: int
    tenant: int
    name: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much a tenant has; users that are disabled do not count."""

    workflows: int
    users: int


@dataclass(frozen=True, slots=True)
class UserRecord:
    id: int
    tenant: int
    name: str
    password_hash: str | None  # argon2id
    disabled: bool
    roles: tuple[str, ...]
    email: str | None = None
    display_name: str | None = None
    subject: str | None = None  # ``provider|sub`` of whom an OIDC provider has signed in


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """An API token; only the SHA-256 of its text is kept."""

    id: int
    tenant: int
    user_id: int
    name: str
    digest: str
    created_at: float
    expires_at: float | None
    revoked_at: float | None


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs of a tenant; ``None`` and empty mean no restriction. Names match literally, any case."""

    name: str | None = None  # part of the workflow's name
    statuses: frozenset[RunStatus] = frozenset()
    triggers: frozenset[Trigger] = frozenset()
    workflow: str | None = None  # the exact name
    queued: bool | None = None  # has not begun
    closing: bool | None = None  # on its way to an end from outside
    cut_short: bool | None = None  # canceled, rolled back, or with a step that was broken off
    # the targets a run works on: all that are given must match
    target_ids: Mapping[str, int] = field(default_factory=dict)  # type -> target id
    target_names: Mapping[str, str] = field(default_factory=dict)  # type -> part of the name


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with its steps, as lists and details show it."""

    run: Run
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What one commit changed in a run; ``seq`` is the SSE event id."""

    run: int
    seq: int
    at: float
    changes: Sequence[Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer kept for an ``Idempotency-Key``."""

    fingerprint: str
    answer: Json
    created_at: float
