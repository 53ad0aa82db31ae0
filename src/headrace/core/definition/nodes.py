"""One node of the document as a Node."""

from collections.abc import Mapping
from typing import Any

from headrace.core.definition import alarms, people, schedules
from headrace.core.definition.faults import Faults, listed, shown
from headrace.core.definition.model import After, Case, Node, Retry
from headrace.core.definition.section import ID, ID_LENGTH, NAME, NAME_LENGTH, Section
from headrace.core.definition.timers import timer
from headrace.core.expr import ExpressionError, compile_expression
from headrace.core.words import NodeKind, OnLost

Json = Any

ANY_KIND = frozenset(
    {"id", "name", "description", "kind", "after", "join", "when", "timeout", "rollback"}
    | {"schedule", "alarms", "risk", "position"}
)
WORKING = frozenset({"with", "retry", "on_lost", "foreach", "max_parallel", "mode"})
ASKING = frozenset({"approvers", "approvals", "allow_self", "expires"})
OF_KIND: Mapping[NodeKind, frozenset[str]] = {
    NodeKind.TASK: WORKING | {"executor"},
    NodeKind.WORKFLOW: WORKING | {"workflow"},
    NodeKind.APPROVAL: ASKING,
    NodeKind.DECISION: ASKING | {"cases"},
    NodeKind.TIMER: frozenset({"for", "at", "until", "timezone", "skippable"}),
}
ALL_KEYS = ANY_KIND.union(*OF_KIND.values())
RETRY = frozenset({"max", "delay", "backoff", "jitter", "rollback"})
EDGE = frozenset({"node", "case"})
CASE = frozenset({"name", "when"})
POSITION = frozenset({"x", "y"})
FARTHEST = 1_000_000  # of a position from the middle, in pixels
MAX_RETRIES = 1_000


def parse_node(value: Json, path: str, faults: Faults) -> Node | None:
    """The node; None where it is no mapping or has no id. Faults are noted."""
    if not isinstance(value, Mapping):
        faults.add(path, "definition_type_mapping", found=shown(value))
        return None
    node = Section(value, path, faults, ALL_KEYS)
    node.need("id")
    node.matching("id", ID, "definition_id", ID_LENGTH)
    identity = value.get("id")
    if not isinstance(identity, str) or not identity:
        return None
    before = len(faults.problems)
    kind = node.choice("kind", tuple(NodeKind), NodeKind.TASK)
    if len(faults.problems) > before:  # of an unknown kind: more would only be noise
        return Node(id=identity, kind=NodeKind.DECISION, after=_after(node))
    _refuse_foreign_keys(node, kind)
    _check_position(node)
    return Node(id=identity, kind=kind, **_plain(node), **_flow(node), **_of_kind(node, kind))


def _refuse_foreign_keys(node: Section, kind: NodeKind) -> None:
    foreign = (node.value.keys() & ALL_KEYS) - ANY_KIND - OF_KIND[kind]
    for key in sorted(foreign):
        kinds = listed(sorted(word for word, keys in OF_KIND.items() if key in keys))
        node.faults.add(node.at(key), "definition_key_elsewhere", key=key, kind=kind.value, kinds=kinds)


def _check_position(node: Section) -> None:
    """Where an editor draws the node; running knows nothing of it."""
    if not node.has("position"):
        return
    block = node.section("position", POSITION)
    for axis in sorted(POSITION) if isinstance(node.value["position"], Mapping) else ():
        if block.need(axis):
            block.number(axis, 0.0, -FARTHEST, FARTHEST)


def _plain(node: Section) -> dict[str, Any]:
    return {
        "name": node.text("name", longest=200),
        "description": node.text("description"),
        "timeout": node.duration("timeout"),
        "schedule": schedules.node_schedule(node),
        "alarms": alarms.alarms(node),
        "risk": node.value.get("risk"),
    }


def _flow(node: Section) -> dict[str, Any]:
    rollback = node.value.get("rollback")
    forbidden = rollback == "forbidden"
    if rollback is not None and not forbidden and not isinstance(rollback, Mapping):
        node.wrong("rollback", "definition_rollback")
    return {
        "after": _after(node),
        "join_any": node.choice("join", ("all", "any"), "all") == "any",
        "when": expression(node, "when"),
        "rollback": rollback if isinstance(rollback, Mapping) else None,
        "rollback_forbidden": forbidden,
    }


def _of_kind(node: Section, kind: NodeKind) -> dict[str, Any]:
    if kind is NodeKind.TASK:
        node.need("executor")
        name = node.matching("executor", ID, "definition_id", ID_LENGTH)
        return {"executor": name or None, **_working(node)}
    if kind is NodeKind.WORKFLOW:
        node.need("workflow")
        name = node.matching("workflow", NAME, "definition_name", NAME_LENGTH)
        return {"workflow": name or None, **_working(node)}
    if isinstance(node.value.get("rollback"), Mapping):
        node.wrong("rollback", "definition_rollback_kind", kind=kind.value)
    if kind is NodeKind.TIMER:
        return timer(node, expression(node, "until"))
    asked = {"approvers": people.approvers(node, kind), "expires": node.duration("expires")}
    return {**asked, "cases": _cases(node)} if kind is NodeKind.DECISION else asked


def _working(node: Section) -> dict[str, Any]:
    for key in ("max_parallel", "mode"):
        if node.has(key) and not node.has("foreach"):
            node.faults.add(node.at(key), "definition_only_with", key=key, other="foreach")
    inputs = node.mapping("with")
    _check_inputs(inputs, node.at("with"), node.faults)
    parallel = node.integer("max_parallel", 0, 1, 10_000)
    return {
        "inputs": inputs,
        "retry": _retry(node),
        "on_lost": node.choice("on_lost", tuple(OnLost), OnLost.FAIL) if node.has("on_lost") else None,
        "foreach": expression(node, "foreach"),
        "max_parallel": parallel or None,
        "serial": node.choice("mode", ("parallel", "serial"), "parallel") == "serial",
    }


def _retry(node: Section) -> Retry:
    block = node.section("retry", RETRY)
    return Retry(
        max=block.integer("max", 0, 0, MAX_RETRIES),
        delay=block.duration("delay", 10.0) or 0.0,
        backoff=block.number("backoff", 1.0, 1, 100),
        jitter=block.number("jitter", 0.0, 0, 1),
        rollback=block.flag("rollback", True),
    )


def _after(node: Section) -> tuple[After, ...]:
    edges: list[After] = []
    for i, item in enumerate(node.items("after")):
        path = f"{node.at('after')}[{i}]"
        if isinstance(item, str) and item:
            edge = After(item)
        elif isinstance(item, Mapping):
            block = Section(item, path, node.faults, EDGE)
            block.need("node")
            edge = After(block.text("node", longest=ID_LENGTH), block.optional("case", ID_LENGTH))
        else:
            node.faults.add(path, "definition_edge", found=shown(item))
            edge = After("")
        edges.append(edge)
    return tuple(edges)


def _cases(node: Section) -> tuple[Case, ...]:
    blocks = node.sections("cases", CASE)
    if node.need("cases") and not blocks and not node.value["cases"]:
        node.wrong("cases", "definition_cases_empty")
    cases: dict[str, Case] = {}
    for block in blocks:
        block.need("name")
        name = block.matching("name", ID, "definition_id", ID_LENGTH)
        if name in cases:
            block.wrong("name", "definition_case_twice")
        cases[name] = Case(name, expression(block, "when"))
    automatic = any(case.when is not None for case in cases.values())
    fallbacks = [block for block in blocks if not block.has("when")]
    if automatic and len(fallbacks) > 1:
        fallbacks[1].faults.add(fallbacks[1].path, "definition_fallback_twice")
    return tuple(cases.values())


def expression(owner: Section, key: str) -> str | None:
    """CEL source that compiles; None where there is none."""
    if not owner.has(key):
        return None
    source = owner.text(key)
    if isinstance(owner.value[key], str):
        _compiles(source or owner.value[key], owner.at(key), owner.faults)
    return source or None


def _compiles(source: str, path: str, faults: Faults) -> None:
    try:
        compile_expression(source)
    except ExpressionError as error:
        faults.add(path, "definition_expression", found=shown(source), error=str(error))


def _check_inputs(value: Json, path: str, faults: Faults) -> None:
    """Every ``{"$cel": source}`` among the inputs compiles."""
    if isinstance(value, Mapping):
        if "$cel" in value:
            _check_computed(value, path, faults)
        else:
            for key, item in value.items():
                _check_inputs(item, f"{path}.{key}", faults)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            _check_inputs(item, f"{path}[{i}]", faults)


def _check_computed(value: Mapping[str, Json], path: str, faults: Faults) -> None:
    source = value["$cel"]
    if len(value) > 1 or not isinstance(source, str):
        faults.add(path, "definition_computed", found=shown(value))
    else:
        _compiles(source, f"{path}.$cel", faults)
