"""Inputs that a person gives for a retry, in the place of the node's own.

What they compute is what the definition computes: its expressions may be kept or left out, and new ones
are refused, or they reached the work as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headrace.core.definition.child_inputs import child_input_problems
from headrace.core.refusal import Problem, Refused
from headrace.core.run.plan import PlanNode, expressions
from headrace.core.words import NodeKind

Json = Any


def require_fitting(node: PlanNode, step_id: int, inputs: Mapping[str, Json]) -> None:
    """Refused where the work would not be given them as they are meant."""
    foreign = [source for source in expressions(inputs) if source not in node.expressions]
    problems = [Problem("with", "retry_expression", {"found": source}) for source in foreign]
    if node.kind is NodeKind.WORKFLOW:
        problems += child_input_problems(inputs, "with")
    if problems:
        raise Refused("invalid", "retry_inputs", {"step": step_id}, problems)
