"""Who approves or chooses, in order."""

from collections.abc import Mapping

from headrace.core.definition.faults import shown
from headrace.core.definition.model import Approvers
from headrace.core.definition.section import Section
from headrace.core.words import NodeKind

LISTS = frozenset({"roles", "users"})
ENTRY = frozenset({"role", "user"})
_SINGULAR = {"roles": "role", "users": "user"}
MAX_APPROVALS = 1_000


def approvers(node: Section, kind: NodeKind) -> Approvers:
    """An approval must name somebody; a decision need not."""
    value = node.value.get("approvers")
    if isinstance(value, list):
        entries = _listed(node)
    elif value is None or isinstance(value, Mapping):
        entries = _grouped(node)
    else:
        node.wrong("approvers", "definition_approvers")
        return Approvers()
    if kind is NodeKind.APPROVAL and not entries and node.need("approvers"):
        node.wrong("approvers", "definition_approvers")
    needed = _needed(node, entries)
    return Approvers(entries, needed, node.flag("allow_self", False))


def _grouped(node: Section) -> tuple[tuple[str, str], ...]:
    block = node.section("approvers", LISTS)
    groups = [(_SINGULAR[key], block.texts(key)) for key in block.value if key in LISTS]
    return tuple((kind, name) for kind, names in groups for name in names)


def _listed(node: Section) -> tuple[tuple[str, str], ...]:
    entries: list[tuple[str, str]] = []
    for block in node.sections("approvers", ENTRY):
        given = [key for key in sorted(ENTRY) if block.has(key)]
        if len(given) != 1:
            node.faults.add(block.path, "definition_approver", found=shown(dict(block.value)))
            continue
        entries.append((given[0], block.text(given[0], longest=128)))
    return tuple(entries)


def _needed(node: Section, entries: tuple[tuple[str, str], ...]) -> str | int:
    value = node.value.get("approvals", "any")
    if value in ("any", "all"):
        return str(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_APPROVALS:
        node.wrong("approvals", "definition_approvals")
        return "any"
    if entries and all(kind == "user" for kind, _ in entries) and value > len(set(entries)):
        node.wrong("approvals", "definition_approvals_many", people=len(set(entries)))
    return value
