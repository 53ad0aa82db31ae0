"""Targets: what runs work on. Three types exist from the start: cluster, tenant, host."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headrace.core.access.caller import Caller
from headrace.ports.errors import Problem, Refused, existing
from headrace.ports.records import TargetRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit

Json = Any
LARGEST = 2**53 - 1
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class TargetType:
    """A kind of target. Attributes beyond the known ones are free."""

    name: str
    parent: str | None
    numbers: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] | None = None


TYPES: Mapping[str, TargetType] = {
    "cluster": TargetType("cluster", None, ("obClusterId",), {"type": ("PRIMARY", "STANDBY")}),
    "tenant": TargetType("tenant", "cluster", ("obTenantId",), {"mode": ("ORACLE", "MYSQL")}),
    "host": TargetType("host", "cluster"),
}


def type_of(name: str) -> TargetType:
    """Gone for a type that does not exist."""
    return existing(TYPES.get(name), "target type", name)


def put_target(
    writer: Writer,
    now: float,
    caller: Caller,
    type: str,
    name: str,
    attributes: Mapping[str, Json],
    parent: tuple[str, str] | None,
) -> None:
    """Create or replace by type and name; the target's id stays the same."""
    tenant, kind = caller.tenant, type_of(type)
    problems = _check(kind, attributes)
    parent_id = _parent(writer, tenant, kind, parent, problems)
    if problems:
        raise Refused("invalid", "request_invalid", {}, problems)
    known = writer.target_named(tenant, type, name)
    id = known.id if known else writer.allocate("target", 1)[0]
    made = TargetRecord(id, tenant, type, name, dict(attributes), parent_id)
    writer.put_target(made)
    before, after = (views(writer, tenant, [each])[0] if each else None for each in (known, made))
    audit.record(
        writer, now, caller, "change" if known else "create", "target", f"{type}/{name}", before, after
    )


def delete_target(writer: Writer, now: float, caller: Caller, type: str, name: str) -> None:
    """Refused (state) while others have it as their parent; runs keep what they know of it."""
    target = target_of(writer, caller.tenant, type, name)
    children = len(writer.target_children(caller.tenant, target.id))
    if children:
        raise Refused("state", "target_has_children", {"name": name, "count": children})
    writer.delete_target(caller.tenant, target.id)
    before = views(writer, caller.tenant, [target])[0]
    audit.record(writer, now, caller, "delete", "target", f"{type}/{name}", before)


def target_of(reader: Reader, tenant: int, type: str, name: str) -> TargetRecord:
    """Gone where the tenant has no such target."""
    return existing(reader.target_named(tenant, type_of(type).name, name), type, name)


def views(reader: Reader, tenant: int, targets: Sequence[TargetRecord]) -> list[dict[str, Json]]:
    """Targets with their parents, as they are shown and recorded."""
    parents = reader.targets_by_id(tenant, {each.parent_id for each in targets if each.parent_id is not None})
    return [_view(each, parents.get(each.parent_id or 0)) for each in targets]


def _view(target: TargetRecord, parent: TargetRecord | None) -> dict[str, Json]:
    return {
        "id": target.id,
        "type": target.type,
        "name": target.name,
        "attributes": dict(target.attributes),
        "parent": {"type": parent.type, "id": parent.id, "name": parent.name} if parent else None,
    }


def _check(kind: TargetType, attributes: Mapping[str, Json]) -> list[Problem]:
    problems = [
        Problem(f"attributes.{key[:64]}", "attribute_name", {"found": key[:64]})
        for key in attributes
        if not _NAME.fullmatch(key)
    ]
    for key in kind.numbers:
        value = attributes.get(key, 1)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST:
            problems.append(Problem(f"attributes.{key}", "attribute_number"))
    for key, allowed in (kind.choices or {}).items():
        if attributes.get(key, allowed[0]) not in allowed:
            problems.append(Problem(f"attributes.{key}", "field_choice", {"expected": ", ".join(allowed)}))
    return problems


def _parent(
    reader: Reader, tenant: int, kind: TargetType, parent: tuple[str, str] | None, problems: list[Problem]
) -> int | None:
    if parent is None:
        return None
    type, name = parent
    if type != kind.parent:
        values = {"type": kind.name, "expected": kind.parent or "-"}
        problems.append(Problem("parent.type", "parent_type", values))
        return None
    found = reader.target_named(tenant, type, name)
    if found is None:
        problems.append(Problem("parent.name", "parent_unknown", {"type": type, "name": name}))
        return None
    return found.id
