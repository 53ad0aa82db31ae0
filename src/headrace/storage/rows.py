"""Between rows and values. These run for every step of every run: plain tuples, no reflection."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec

from headrace.core import words
from headrace.core.run.state import Attempt, OperationRecord, Run, Step, Target
from headrace.core.words import Act, Due, Operation, Phase, Reason, RunStatus, StepStatus, Trigger, Wait
from headrace.ports.records import (
    HistoryRow,
    RoleRecord,
    TargetRecord,
    TenantRecord,
    TokenRecord,
    UserRecord,
    VersionRecord,
    WorkflowRecord,
)

Json = Any
Row = Sequence[Any]
SHORT = 1_000  # characters up to which what was decoded is worth remembering
decode = msgspec.json.decode
_encode = msgspec.json.Encoder().encode


def encode(value: Json) -> str:
    """JSON text."""
    try:
        return _encode(value).decode()
    except UnicodeEncodeError:
        return _encode(_storable(value)).decode()


def _encode_some(value: Json) -> str | None:
    return None if value is None else encode(value)


def text(value: str | None) -> str | None:
    """What executors say may be anything; PostgreSQL holds no NUL, and UTF-8 no lone surrogates."""
    if value is None or (value.isascii() and "\0" not in value):
        return value
    return str(_storable(value)).replace("\0", "\ufffd")


def _storable(value: Json) -> Json:
    """The same with ``?`` for each lone surrogate."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {_storable(key): _storable(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [_storable(inner) for inner in value]
    return value


def _decode_some(found: str | None) -> Json:
    return None if found is None else decode(found)


# Drivers bind an exact str much faster than a subclass of it, and a dict is faster than Enum's call.
_ENUMS = [kind for kind in vars(words).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
TEXT: dict[str | None, str | None] = {member: str(member) for kind in _ENUMS for member in kind} | {
    None: None
}
_STATUS = {member.value: member for member in StepStatus}
_OPERATION = {member.value: member for member in Operation}
_PHASE: dict[str | None, Phase | None] = {member.value: member for member in Phase} | {None: None}
_ACT = {member.value: member for member in Act}
_WAIT: dict[str | None, Wait | None] = {member.value: member for member in Wait} | {None: None}
_REASON: dict[str | None, Reason | None] = {member.value: member for member in Reason} | {None: None}
_DUE: dict[str | None, Due | None] = {member.value: member for member in Due} | {None: None}
_RUN_STATUS: dict[str | None, Any] = {member.value: member for member in RunStatus} | {None: None}
_TRIGGER = {member.value: member for member in Trigger}


def step_row(run_id: int, s: Step) -> tuple[Any, ...]:
    """All columns of ``step`` but the id, then the id: for INSERT and UPDATE alike."""
    return (
        run_id,
        s.node,
        s.parallel_idx,
        None if s.item is None else encode(s.item),
        TEXT[s.status],
        TEXT[s.operation],
        TEXT[s.phase],
        TEXT[s.act],
        TEXT[s.wait],
        TEXT[s.reason],
        s.message and text(s.message),
        s.progress,
        s.attempt,
        s.tries,
        1 if s.executed else 0,
        s.worker and text(s.worker),
        None if s.inputs is None else encode(s.inputs),
        None if s.outputs is None else encode(s.outputs),
        None if s.votes is None else encode(s.votes),
        None if s.children is None else encode(s.children),
        s.created_at,
        s.started_at,
        s.attempt_at,
        s.finished_at,
        s.due_at,
        TEXT[s.due],
        s.losses,
        s.id,
    )


def step_change(s: Step) -> tuple[Any, ...]:
    """What changes in a step as it runs, then its id: the hottest row there is."""
    return (
        TEXT[s.status],
        TEXT[s.operation],
        TEXT[s.phase],
        TEXT[s.act],
        TEXT[s.wait],
        TEXT[s.reason],
        s.message and text(s.message),
        s.progress,
        s.attempt,
        s.tries,
        1 if s.executed else 0,
        s.worker and text(s.worker),
        None if s.outputs is None else encode(s.outputs),
        s.started_at,
        s.attempt_at,
        s.finished_at,
        s.due_at,
        TEXT[s.due],
        s.losses,
        s.id,
    )


STEP_CHANGES = (
    "status",
    "operation",
    "phase",
    "act",
    "wait",
    "reason",
    "message",
    "progress",
    "attempt",
    "tries",
    "executed",
    "worker",
    "outputs",
    "started_at",
    "attempt_at",
    "finished_at",
    "due_at",
    "due",
    "losses",
)


def step_rest(s: Step) -> tuple[Any, ...]:
    """What changes in few steps and seldom, then the id."""
    return (
        s.parallel_idx,
        _encode_some(s.item),
        _encode_some(s.inputs),
        _encode_some(s.votes),
        _encode_some(s.children),
        s.id,
    )


STEP_REST = ("parallel_idx", "item", "inputs", "votes", "children")


def step_of(r: Row) -> Step:
    """From the columns of ``step`` in table order."""
    return Step(
        r[0],
        r[2],
        r[3],
        _decode_some(r[4]),
        _STATUS[r[5]],
        _OPERATION[r[6]],
        _PHASE[r[7]],
        _ACT[r[8]],
        _WAIT[r[9]],
        _REASON[r[10]],
        r[11],
        r[12],
        r[13],
        r[14],
        r[15] == 1,
        r[16],
        _decode_some(r[17]),
        _decode_some(r[18]),
        _decode_some(r[19]),
        _decode_some(r[20]),
        r[21],
        r[22],
        r[23],
        r[24],
        r[25],
        _DUE[r[26]],
        r[27],
    )


def run_row(r: Run) -> tuple[Any, ...]:
    """All columns of ``run`` in table order."""
    return (
        r.id,
        r.tenant,
        r.workflow,
        r.workflow.lower(),
        r.version_id,
        r.version,
        TEXT[r.status],
        TEXT[r.operation],
        r.operation_id,
        int(r.paused),
        int(r.mock),
        int(r.debug),
        TEXT[r.closing],
        encode(r.params),
        encode(r.bindings),
        _encode_some(r.target),
        encode([[t.id, t.type, t.name, t.root] for t in r.targets]),
        r.creator_id,
        r.creator,
        TEXT[r.trigger],
        r.parent_run,
        r.parent_step,
        r.parent_attempt,
        r.created_at,
        r.started_at,
        r.finished_at,
        r.deadline,
        text(r.message),
        r.planned_at,
    )


def run_turn(r: Run) -> tuple[Any, ...]:
    """What changes when a run begins, ends or gets a verb, then its id; some of it is indexed."""
    return (
        TEXT[r.status],
        TEXT[r.operation],
        r.operation_id,
        int(r.paused),
        TEXT[r.closing],
        r.started_at,
        r.finished_at,
        r.deadline,
        text(r.message),
        r.id,
    )


RUN_TURN = (
    "status",
    "operation",
    "operation_id",
    "paused",
    "closing",
    "started_at",
    "finished_at",
    "deadline",
    "message",
)


def run_of(r: Row) -> Run:
    """From the columns of ``run`` in table order; by position, which is what lists spend their time on."""
    return Run(
        r[0],
        r[1],
        r[2],
        r[4],
        r[5],
        _RUN_STATUS[r[6]],
        _OPERATION[r[7]],
        r[8],
        r[9] == 1,
        r[10] == 1,
        r[11] == 1,
        _RUN_STATUS[r[12]],
        {} if r[13] == "{}" else decode(r[13]),
        {} if r[14] == "{}" else decode(r[14]),
        _decode_some(r[15]),
        () if r[16] == "[]" else _targets(r[16]) if len(r[16]) < SHORT else _decoded_targets(r[16]),
        r[17],
        r[18],
        _TRIGGER[r[19]],
        *r[20:29],
    )


def _decoded_targets(found: str) -> tuple[Target, ...]:
    return tuple(Target(*target) for target in decode(found))


_targets = lru_cache(1_000)(_decoded_targets)  # many runs work on the same, and nobody changes them


def attempt_row(a: Attempt) -> tuple[Any, ...]:
    return (
        a.step,
        a.number,
        TEXT[a.operation],
        TEXT[a.act],
        TEXT[a.phase],
        TEXT[a.status],
        a.worker and text(a.worker),
        TEXT[a.reason],
        a.message and text(a.message),
        None if a.outputs is None else encode(a.outputs),
        a.started_at,
        a.finished_at,
    )


def attempt_of(r: Row) -> Attempt:
    return Attempt(
        r[0],
        r[1],
        _OPERATION[r[2]],
        _ACT[r[3]],
        _PHASE[r[4]],
        _STATUS[r[5]],
        r[6],
        _REASON[r[7]],
        r[8],
        _decode_some(r[9]),
        r[10],
        r[11],
    )


def operation_row(run_id: int, o: OperationRecord) -> tuple[Any, ...]:
    return (o.id, run_id, TEXT[o.verb], o.actor, o.started_at, o.finished_at, TEXT[o.status])


def operation_of(r: Row) -> OperationRecord:
    return OperationRecord(r[0], _OPERATION[r[2]], r[3], r[4], r[5], _RUN_STATUS[r[6]])


def history_of(r: Row) -> HistoryRow:
    return HistoryRow(r[0], r[1], r[2], decode(r[3]))


def workflow_values(w: WorkflowRecord) -> dict[str, Any]:
    return {
        "id": w.id,
        "tenant": w.tenant,
        "name": w.name,
        "remark": w.remark,
        "search": f"{w.name}\n{w.remark}".lower(),
        "draft": encode(w.draft),
        "etag": w.etag,
        "published": w.published,
        "latest": w.latest,
        "created_at": w.created_at,
        "updated_at": w.updated_at,
        "updated_by": w.updated_by,
    }


def workflow_of(r: Row) -> WorkflowRecord:
    return WorkflowRecord(r[0], r[1], r[2], r[3], decode(r[5]), *r[6:])


def version_values(v: VersionRecord) -> dict[str, Any]:
    return {
        "id": v.id,
        "tenant": v.tenant,
        "workflow": v.workflow,
        "number": v.number,
        "document": encode(v.document),
        "created_at": v.created_at,
        "created_by": v.created_by,
    }


def version_of(r: Row) -> VersionRecord:
    return VersionRecord(r[0], r[1], r[2], r[3], decode(r[4]), r[5], r[6])


def target_values(t: TargetRecord) -> dict[str, Any]:
    return {
        "id": t.id,
        "tenant": t.tenant,
        "type": t.type,
        "name": t.name,
        "name_lower": t.name.lower(),
        "attributes": encode(t.attributes),
        "parent_id": t.parent_id,
    }


def target_of(r: Row) -> TargetRecord:
    return TargetRecord(r[0], r[1], r[2], r[3], decode(r[5]), r[6])


def user_values(u: UserRecord) -> dict[str, Any]:
    return {
        "id": u.id,
        "tenant": u.tenant,
        "name": u.name,
        "password_hash": u.password_hash,
        "disabled": int(u.disabled),
        "roles": encode(list(u.roles)),
        "email": u.email,
        "display_name": u.display_name,
        "subject": u.subject,
    }


def user_of(r: Row) -> UserRecord:
    return UserRecord(r[0], r[1], r[2], r[3], r[4] == 1, tuple(decode(r[5])), r[6], r[7], r[8])


def tenant_values(record: TenantRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "max_workflows": record.max_workflows,
        "disabled": int(record.disabled),
    }


def tenant_of(r: Row) -> TenantRecord:
    return TenantRecord(r[0], r[1], r[2], r[3] == 1)


def role_values(record: RoleRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "tenant": record.tenant,
        "name": record.name,
        "permissions": encode(sorted(record.permissions)),
    }


def role_of(r: Row) -> RoleRecord:
    return RoleRecord(r[0], r[1], r[2], frozenset(decode(r[3])))


def token_values(t: TokenRecord) -> dict[str, Any]:
    return {name: getattr(t, name) for name in TokenRecord.__dataclass_fields__}


def token_of(r: Row) -> TokenRecord:
    return TokenRecord(*r)
