"""The canonical form of a document: keys in one order, nothing added."""

import json
from collections.abc import Mapping
from typing import Any

Json = Any

_TOP = ("apiVersion", "kind", "metadata", "spec")
_METADATA = ("name", "remark", "labels")
_SPEC = (
    *("target", "params", "required", "on_failure", "concurrency", "timeout", "nodes"),
    *("schedule", "alarms", "invocation"),
)
_NODE = (
    *("id", "name", "description", "kind", "after", "join", "when", "executor", "workflow", "foreach"),
    *("max_parallel", "mode", "with", "rollback", "timeout", "retry", "on_lost"),
    *("cases", "approvers", "approvals", "allow_self", "expires"),
    *("for", "at", "until", "timezone", "skippable", "schedule", "alarms", "risk", "position"),
)
_RETRY = ("max", "delay", "backoff", "jitter", "rollback")


def ordered(document: Mapping[str, Json]) -> dict[str, Json]:
    """The document with its keys in the order of the guide; what authors name themselves keeps its own."""
    top = _by(_TOP, document)
    if isinstance(top.get("metadata"), Mapping):
        top["metadata"] = _by(_METADATA, top["metadata"])
    if isinstance(top.get("spec"), Mapping):
        top["spec"] = _by(_SPEC, top["spec"])
        if isinstance(top["spec"].get("nodes"), list):
            top["spec"]["nodes"] = [_node(node) for node in top["spec"]["nodes"]]
    return top


def canonical(document: Mapping[str, Json]) -> str:
    """The text to hash: documents that differ only in the order of keys or in layout give the same."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _node(node: Json) -> Json:
    if not isinstance(node, Mapping):
        return node
    made = _by(_NODE, node)
    if isinstance(made.get("retry"), Mapping):
        made["retry"] = _by(_RETRY, made["retry"])
    return made


def _by(order: tuple[str, ...], mapping: Mapping[str, Json]) -> dict[str, Json]:
    first = {key: mapping[key] for key in order if key in mapping}
    return {**first, **{key: item for key, item in mapping.items() if key not in first}}
