"""Queries of run lists that stay fast with millions of runs."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from headrace.core.words import Operation, Reason, RunStatus, Trigger
from headrace.ports.errors import Refused
from headrace.ports.records import RunFilter
from headrace.ports.store import SORTS
from headrace.storage import tables as t

NAMES_MAX = 50  # workflows whose runs are walked one by one and merged
REACH_MAX = 10_000  # runs from each of them
LARGEST_OFFSET = 2**62  # beyond it there is nothing, and the databases take no larger number

SORT_COLUMNS = {
    "id": t.run.c.id,
    "name": t.run.c.workflow,
    "status": t.run.c.status,
    "createdAt": t.run.c.created_at,
    "startedAt": t.run.c.started_at,
    "finishedAt": t.run.c.finished_at,
}


def key_of(which: RunFilter) -> Hashable:
    """The filter as a key: dictionaries cannot be one."""
    ids, names = tuple(which.target_ids.items()), tuple(which.target_names.items())
    marks = which.queued, which.closing, which.cut_short
    return which.name, which.workflow, which.statuses, which.triggers, marks, ids, names


def contains(column: sa.ColumnElement[str], part: str | None) -> sa.ColumnElement[bool]:
    """Literally a part of the lower-case column; everything where there is no part."""
    return column.contains(part.lower(), autoescape=True) if part else sa.true()


def page_query(
    tenant: int,
    which: RunFilter,
    sort: Sequence[tuple[str, bool]],
    offset: int,
    size: int,
    names: Sequence[str] | None = None,
) -> sa.Select[Any]:
    """One page of runs. ``names``: the lower-case names ``which.name`` stands for, where they are few."""
    offset = min(offset, LARGEST_OFFSET)
    order = [_order(field, ascending) for field, ascending in sort]
    if not order and names and offset + size <= REACH_MAX:
        return _newest_by_names(tenant, which, names, offset, size)
    if not order and _only_words(which) and (which.statuses or which.triggers):
        return _newest_by_words(tenant, which, offset, size)
    query = sa.select(t.run).where(*conditions(tenant, which))
    return query.order_by(*order, t.run.c.id.desc()).limit(size).offset(offset)


def _order(field: str, ascending: bool) -> Any:
    if field not in SORTS:
        raise Refused("invalid", "sort_unknown", {"found": field, "expected": ", ".join(sorted(SORTS))})
    column: Any = SORT_COLUMNS[field]
    return column.asc().nulls_first() if ascending else column.desc().nulls_last()


def ordered(sort: Sequence[tuple[str, bool]], columns: Mapping[str, Any]) -> list[Any]:
    """``sort`` over these columns, none of which is ever NULL."""
    return [columns[field].asc() if ascending else columns[field].desc() for field, ascending in sort]


def _only_words(which: RunFilter) -> bool:
    return not which.name and not which.workflow and _only_names(which)


def _only_names(which: RunFilter) -> bool:
    """Nothing is asked for but names, statuses and triggers."""
    marks = (which.queued, which.closing, which.cut_short)
    return not which.target_ids and not which.target_names and all(mark is None for mark in marks)


def names_query(tenant: int, which: RunFilter) -> sa.Select[Any]:
    """The lower-case names of workflows that hold ``which.name``; one more than NAMES_MAX at most."""
    c = t.workflow_tally.c
    query = sa.select(c.workflow_lower).where(c.tenant == tenant, contains(c.workflow_lower, which.name))
    return query.distinct().limit(NAMES_MAX + 1)


def _newest_by_names(
    tenant: int, which: RunFilter, names: Sequence[str], offset: int, size: int
) -> sa.Select[Any]:
    """A short walk for each workflow, merged; walking all runs would be long where few of them match."""
    rest = conditions(tenant, replace(which, name=None))
    return _merged(
        [
            sa.select(t.run.c.id).where(t.run.c.workflow_lower == name, *rest).order_by(t.run.c.id.desc())
            for name in sorted(names)
        ],
        offset,
        size,
    )


def _newest_by_words(tenant: int, which: RunFilter, offset: int, size: int) -> sa.Select[Any]:
    """Each (status, trigger) is one short walk along its index; their heads are merged.

    A plain IN would sort every match, however many there are.
    """
    walks = [
        sa.select(t.run.c.id)
        .where(t.run.c.tenant == tenant, t.run.c.status == status, t.run.c.trigger == trigger)
        .order_by(t.run.c.id.desc())
        for status in sorted(which.statuses or RunStatus)
        for trigger in sorted(which.triggers or Trigger)
    ]
    return _merged(walks, offset, size)


def _merged(walks: Sequence[sa.Select[Any]], offset: int, size: int) -> sa.Select[Any]:
    # Without a limit of its own PostgreSQL reads a walk to its end.
    heads = [sa.select(walk.limit(offset + size).subquery()) for walk in walks]
    ids = sa.union_all(*heads).subquery()
    newest = sa.select(ids.c.id).order_by(ids.c.id.desc()).limit(size).offset(offset)
    return sa.select(t.run).where(t.run.c.id.in_(newest)).order_by(t.run.c.id.desc())


def cursor_query(tenant: int, which: RunFilter, before_id: int | None, limit: int) -> sa.Select[Any]:
    """The next runs, newest first."""
    query = sa.select(t.run).where(*conditions(tenant, which)).order_by(t.run.c.id.desc()).limit(limit)
    return query if before_id is None else query.where(t.run.c.id < before_id)


def count_query(tenant: int, which: RunFilter) -> sa.Select[Any]:
    """How many runs pass; from the kept sums where they can tell."""
    if _only_words(which):
        query = sa.select(sa.func.coalesce(sa.func.sum(t.run_tally.c.n), 0))
        return query.where(*_words(t.run_tally, tenant, which))
    if _only_names(which):
        c = t.workflow_tally.c
        query = sa.select(sa.func.coalesce(sa.func.sum(c.n), 0)).where(
            *_words(t.workflow_tally, tenant, which), contains(c.workflow_lower, which.name)
        )
        return query if which.workflow is None else query.where(c.workflow == which.workflow)
    return sa.select(sa.func.count()).select_from(t.run).where(*conditions(tenant, which))


def conditions(tenant: int, which: RunFilter) -> list[Any]:
    """The filter as SQL."""
    found = _words(t.run, tenant, which)
    if which.workflow is not None:
        # the index is over the lower-case name
        found += [t.run.c.workflow_lower == which.workflow.lower(), t.run.c.workflow == which.workflow]
    if which.name:
        found.append(contains(t.run.c.workflow_lower, which.name))
    r = t.run.c
    marks = ((which.queued, r.started_at.is_(None)), (which.closing, r.closing.is_not(None)))
    for mark, holds in (*marks, (which.cut_short, _cut_short())):
        if mark is not None:
            found.append(holds if mark else sa.not_(holds))
    c = t.run_target.c
    for kind, target_id in which.target_ids.items():
        found.append(_on_target(tenant, kind, c.target_id == target_id))
    for kind, part in which.target_names.items():
        found.append(_on_target(tenant, kind, contains(c.name_lower, part)))
    return found


def _cut_short() -> sa.ColumnElement[bool]:
    r, s = t.run.c, t.step.c
    broken = sa.exists().where(s.run_id == r.id, s.reason == str(Reason.BROKEN))
    return sa.or_(r.status == str(RunStatus.CANCELED), r.operation == str(Operation.ROLLBACK), broken)


def _words(table: sa.Table, tenant: int, which: RunFilter) -> list[Any]:
    found: list[Any] = [table.c.tenant == tenant]
    if which.statuses:
        found.append(table.c.status.in_(sorted(str(status) for status in which.statuses)))
    if which.triggers:
        found.append(table.c.trigger.in_(sorted(str(trigger) for trigger in which.triggers)))
    return found


def _on_target(tenant: int, kind: str, which: Any) -> Any:
    c = t.run_target.c
    return t.run.c.id.in_(sa.select(c.run_id).where(c.tenant == tenant, c.type == kind, which))
