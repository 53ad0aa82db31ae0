"""Expressions: CEL, compiled once, with plain JSON in and out and a bounded cost.

Nothing of the host is reachable from an expression: values and CEL's own functions only.
"""

from headrace.core.expr.errors import ExpressionError
from headrace.core.expr.expression import (
    MAX_SOURCE,
    Expression,
    compile_expression,
    evaluate,
    evaluate_condition,
)
from headrace.core.expr.why import type_word

__all__ = [
    "MAX_SOURCE",
    "Expression",
    "ExpressionError",
    "compile_expression",
    "evaluate",
    "evaluate_condition",
    "type_word",
]
