"""A document as a Workflow, or everything that is wrong with it at once."""

from collections.abc import Mapping
from typing import Any

from headrace.core.definition import alarms, extras, schedules
from headrace.core.definition.document import ordered
from headrace.core.definition.faults import Faults, shown
from headrace.core.definition.graph import check_graph
from headrace.core.definition.lookups import check_lookups
from headrace.core.definition.model import Node, Workflow
from headrace.core.definition.nodes import parse_node
from headrace.core.definition.params import check_params
from headrace.core.definition.secrets import check_references
from headrace.core.definition.section import ID, ID_LENGTH, NAME, NAME_LENGTH, Section
from headrace.core.definition.shape import check_shape
from headrace.core.words import OnFailure

Json = Any

API_VERSION = "headrace/v1"
TOP = frozenset({"apiVersion", "kind", "metadata", "spec"})
METADATA = frozenset({"name", "remark", "labels"})
SPEC = frozenset(
    {"target", "params", "required", "on_failure", "concurrency", "timeout", "nodes"}
    | {"schedule", "alarms", "invocation"}
)
MAX_NODES = 10_000
MAX_LABELS = 100


def parse(document: Mapping[str, Json]) -> Workflow:
    """The workflow. Raises Refused("invalid", "definition_invalid") with all problems, each with its path.

    A document that is too deep, too long or has too many nodes is refused with kind "limit".
    """
    check_shape(document)
    faults = Faults()
    if not isinstance(document, Mapping):
        faults.add("", "definition_type_mapping", found=shown(document))
        faults.raise_any()
    top = Section(document, "", faults, TOP)
    _check_header(top)
    metadata = _metadata(top)
    spec = _spec(top)
    faults.raise_any()
    return Workflow(**metadata, **spec, document=ordered(document))


def _check_header(top: Section) -> None:
    for key, word in (("apiVersion", API_VERSION), ("kind", "Workflow")):
        if top.need(key):
            top.choice(key, (word,), word)


def _metadata(top: Section) -> dict[str, Any]:
    if not top.need("metadata"):
        return {}
    block = top.section("metadata", METADATA)
    if isinstance(top.value["metadata"], Mapping):
        block.need("name")
    return {
        "name": block.matching("name", NAME, "definition_name", NAME_LENGTH),
        "remark": block.text("remark"),
        "labels": _labels(block),
    }


def _labels(block: Section) -> dict[str, str]:
    labels = block.mapping("labels")
    if len(labels) > MAX_LABELS:
        block.faults.add(block.at("labels"), "definition_range", found=len(labels), least=0, most=MAX_LABELS)
    good: dict[str, str] = {}
    for key, value in labels.items():
        if isinstance(value, str):
            good[key] = value
        else:
            block.faults.add(f"{block.at('labels')}.{key}", "definition_type_text", found=shown(value))
    return good


def _spec(top: Section) -> dict[str, Any]:
    if not top.need("spec"):
        return {}
    block = top.section("spec", SPEC)
    limit, policy = extras.concurrency(block)
    params, required = check_params(block)
    nodes = _nodes(block)
    check_lookups(nodes, params, block.faults)
    check_references(nodes, block.faults)
    return {
        "target": block.matching("target", ID, "definition_id", ID_LENGTH) or None,
        "params": params,
        "required": required,
        "on_failure": block.choice("on_failure", tuple(OnFailure), OnFailure.CONTINUE),
        "concurrency_limit": limit,
        "concurrency_policy": policy,
        "timeout": block.duration("timeout"),
        "nodes": tuple(node for _, node in nodes),
        "schedule": schedules.schedule(block),
        "alarms": alarms.alarms(block),
        "invocation": extras.invocation(block),
    }


def _nodes(block: Section) -> list[tuple[str, Node]]:
    """The nodes with their paths; an empty list is a draft that has nothing to publish yet."""
    if isinstance(block.value.get("nodes"), list) and not block.value["nodes"]:
        return []
    block.need("nodes")
    items = block.items("nodes")
    if len(items) > MAX_NODES:
        block.faults.add(block.at("nodes"), "definition_nodes_many", found=len(items), limit=MAX_NODES)
        return []
    nodes: list[tuple[str, Node]] = []
    for i, item in enumerate(items):
        path = f"{block.at('nodes')}[{i}]"
        node = parse_node(item, path, block.faults)
        if node is not None:
            nodes.append((path, node))
    check_graph(nodes, block.faults)
    return nodes
