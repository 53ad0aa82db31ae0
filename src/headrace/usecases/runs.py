"""Starting a run: which version, with which parameters, on which targets, now or queued."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from headrace.core.definition.model import Workflow
from headrace.core.definition.params import fill
from headrace.core.refusal import Problem
from headrace.core.run.create import create_run
from headrace.core.run.draft import Ids
from headrace.core.run.state import Run, RunState, Target
from headrace.ports.errors import Gone, Refused
from headrace.ports.inbox import StartRun
from headrace.ports.records import TargetRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import vault
from headrace.usecases.plans import Plans

Json = Any


@dataclass(frozen=True, slots=True)
class Limits:
    """What a start must keep within; sizes in bytes."""

    params: int = 1_000_000


class RunIds(Ids, Protocol):
    """Fresh ids for a new run as well."""

    def run(self) -> int: ...


def start_run(
    writer: Writer,
    plans: Plans,
    request: StartRun,
    now: float,
    ids: RunIds,
    limits: Limits,
    beginning: Mapping[tuple[int, str], int],
) -> tuple[RunState, bool]:
    """The new run, not stored yet, and whether it may begin at once (else it queues).

    ``beginning`` counts, by tenant and workflow, runs that begin in the same transaction.

    Raises Gone for an unknown workflow, Refused for everything a person can mend.
    """
    compiled = plans.to_start(writer, request.tenant, request.workflow, request.version)
    workflow = compiled.workflow
    params = fill(workflow, request.params, limits.params)
    vault.refuse_unnamed(writer, request.tenant, compiled.plan.secret_params, params)
    records = _targets(writer, request)
    root = _root(workflow, records)
    begins = _may_begin(writer, request, workflow, beginning)
    run = Run(
        id=ids.run(),
        tenant=request.tenant,
        workflow=request.workflow,
        version_id=compiled.record.id,
        version=compiled.record.number,
        mock=request.mock,
        debug=request.debug,
        params=params,
        bindings=request.bindings,
        target=_view(writer, root) if root else None,
        targets=tuple(Target(r.id, r.type, r.name, root=r is root) for r in records),
        creator_id=request.actor.id,
        creator=request.actor.name,
        trigger=request.trigger,
        parent_run=request.parent[0] if request.parent else None,
        parent_step=request.parent[1] if request.parent else None,
        parent_attempt=request.parent[2] if request.parent else None,
        planned_at=request.planned_at,
    )
    return create_run(run, compiled.plan, now, ids), begins


def _may_begin(
    writer: Writer, request: StartRun, workflow: Workflow, beginning: Mapping[tuple[int, str], int]
) -> bool:
    limit, policy = _limit(workflow, planned=request.planned_at is not None)
    if limit is None or policy == "allow":
        return True
    key = (request.tenant, workflow.name)
    if writer.active_count(*key) + beginning.get(key, 0) < limit:
        return not writer.queued_runs(*key)
    if policy == "skip":
        raise Refused("state", "start_concurrency", {"workflow": workflow.name, "limit": limit})
    if _has_ancestor(writer, request, workflow.name):
        raise Refused("state", "start_behind_itself", {"workflow": workflow.name, "limit": limit})
    return False


def _has_ancestor(reader: Reader, request: StartRun, workflow: str) -> bool:
    """Whether a run of the workflow waits for this one: each would wait for the other, for ever."""
    run = reader.run(None, request.parent[0]) if request.parent else None
    while run is not None and run.workflow != workflow:
        run = reader.run(None, run.parent_run) if run.parent_run is not None else None
    return run is not None


def _limit(workflow: Workflow, *, planned: bool) -> tuple[int | None, str]:
    """How many runs at once, and what becomes of one more. A schedule may ask for less than the workflow."""
    if planned and (workflow.schedule or {}).get("overlap") == "queue":
        return 1, "queue"
    return workflow.concurrency_limit, workflow.concurrency_policy


def next_queued(
    reader: Reader, plans: Plans, tenant: int, workflow: str, beginning: Mapping[tuple[int, str], int]
) -> tuple[list[int], bool]:
    """Queued runs of a workflow that may begin now, oldest first, and whether any was queued at all.

    Each goes by the limit of the version it is pinned to; none overtakes an older one.
    """
    queued = reader.queued_runs(tenant, workflow)
    if not queued:
        return [], False
    active = reader.active_count(tenant, workflow) + beginning.get((tenant, workflow), 0)
    free: list[int] = []
    for run_id in queued:
        try:
            limit = _limit_of(reader, plans, run_id)
        except (Refused, Gone):  # this version of the program cannot read its definition
            continue
        if limit is not None and active + len(free) >= limit:
            break
        free.append(run_id)
    return free, True


def _limit_of(reader: Reader, plans: Plans, run_id: int) -> int | None:
    run = reader.run(None, run_id)
    assert run is not None, "it was in the list a moment ago"
    workflow = plans.by_id(reader, run.version_id).workflow
    return _limit(workflow, planned=run.planned_at is not None)[0]


# -- targets -----------------------------------------------------------------------------------------


def _targets(reader: Reader, request: StartRun) -> list[TargetRecord]:
    """The target records, in the order given, each once; all that are unknown are named at once."""
    found: dict[int, TargetRecord] = {}
    problems: list[Problem] = []
    for i, given in enumerate(request.targets):
        record = _target(reader, request.tenant, given)
        if record is None:
            problems.append(Problem(f"targets[{i}]", "start_target_unknown", {"found": _shown(given)}))
        else:
            found.setdefault(record.id, record)
    if problems:
        raise Refused("invalid", "start_targets_invalid", {"workflow": request.workflow}, problems)
    return list(found.values())


def _target(reader: Reader, tenant: int, given: Json) -> TargetRecord | None:
    if not isinstance(given, Mapping):
        return None
    kind, name = given.get("type"), given.get("name")
    if isinstance(given.get("id"), int):
        found = reader.target(tenant, given["id"])
        fits = found is not None and kind in (None, found.type) and name in (None, found.name)
        return found if fits else None
    if isinstance(kind, str) and isinstance(name, str):
        return reader.target_named(tenant, kind, name)
    return None


def _shown(given: Json) -> str:
    if isinstance(given, Mapping):
        return "/".join(str(given[key]) for key in ("type", "name", "id") if key in given)[:200]
    return str(given)[:200]


def _root(workflow: Workflow, records: list[TargetRecord]) -> TargetRecord | None:
    """The target whose type is the workflow's root type; without a root type, the first one."""
    if workflow.target is None:
        return records[0] if records else None
    for record in records:
        if record.type == workflow.target:
            return record
    problem = Problem("targets", "start_target_missing", {"type": workflow.target})
    raise Refused("invalid", "start_targets_invalid", {"workflow": workflow.name}, [problem])


def _view(reader: Reader, root: TargetRecord) -> Json:
    """The root target as expressions and scripts see it."""
    children = reader.target_children(root.tenant, root.id)
    return {**_plain(root), "children": [_plain(child) for child in children]}


def _plain(record: TargetRecord) -> dict[str, Json]:
    return {"id": record.id, "type": record.type, "name": record.name, "attributes": dict(record.attributes)}
