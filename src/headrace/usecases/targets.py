"""Targets: what runs work on. Three types exist from the start: cluster, tenant, host."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headrace.ports.errors import Problem, Refused, existing
from headrace.ports.records import TargetRecord
from headrace.ports.store import Reader, Writer

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
    tenant: int,
    type: str,
    name: str,
    attributes: Mapping[str, Json],
    parent: tuple[str, str] | None,
) -> int:
    """Create or replace by type and name; the target's id, which stays the same."""
    kind = type_of(type)
    problems = _check(kind, attributes)
    parent_id = _parent(writer, tenant, kind, parent, problems)
    if problems:
        raise Refused("invalid", "request_invalid", {}, problems)
    known = writer.target_named(tenant, type, name)
    id = known.id if known else writer.allocate("target", 1)[0]
    writer.put_target(TargetRecord(id, tenant, type, name, dict(attributes), parent_id))
    return id


def delete_target(writer: Writer, tenant: int, type: str, name: str) -> int:
    """Refused (state) while others have it as their parent; runs keep what they know of it."""
    target = target_of(writer, tenant, type, name)
    children = len(writer.target_children(tenant, target.id))
    if children:
        raise Refused("state", "target_has_children", {"name": name, "count": children})
    writer.delete_target(tenant, target.id)
    return target.id


def target_of(reader: Reader, tenant: int, type: str, name: str) -> TargetRecord:
    """Gone where the tenant has no such target."""
    return existing(reader.target_named(tenant, type_of(type).name, name), type, name)


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
