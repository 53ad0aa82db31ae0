"""Compile and evaluate."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import cel

from headrace.core.expr import rewrite
from headrace.core.expr.errors import ExpressionError
from headrace.core.expr.library import unreadable
from headrace.core.expr.meter import LARGEST_TEXT, Extent, Meter
from headrace.core.expr.plain import plain
from headrace.core.expr.rewrite import Findings
from headrace.core.expr.why import explain, failure, type_word
from headrace.core.messages import text

Json = Any

MAX_SOURCE = 4_000  # characters of an expression

_FUNCTIONS = frozenset(
    {"all", "exists", "exists_one", "existsOne", "filter", "map", "has", "size"}
    | {"contains", "startsWith", "endsWith", "matches", "optional", "none", "of"}
    | {"int", "uint", "double", "string", "bytes", "timestamp", "duration", "dyn", "type"}
    | {"getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear"}
    | {"getHours", "getMinutes", "getSeconds", "getMilliseconds"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A compiled expression; ``variables`` are the names it looks up (loop variables among them)."""

    source: str
    variables: frozenset[str]
    functions: frozenset[str]
    findings: Findings
    _program: Any
    _metered: bool

    @property
    def free(self) -> frozenset[str]:
        """The names it needs from outside."""
        return self.variables - self.findings.bound

    def fields(self, name: str) -> frozenset[str]:
        """The fields of ``name`` that it looks up by name."""
        return frozenset(path[1] for path in self.findings.paths if path[0] == name and len(path) > 1)


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """The expression, from a bounded cache; ExpressionError says where and what is wrong."""
    if len(source) > MAX_SOURCE:
        raise ExpressionError(text("said_long", {"found": f"{len(source):,}", "limit": f"{MAX_SOURCE:,}"}))
    program = _compile(source)
    if "hr__" in source:
        raise ExpressionError(text("said_reserved", {}))
    metered, findings = rewrite.rewrite(source)
    dotted = [name for name in program.variables() if name.startswith(".")]
    if dotted:
        raise ExpressionError(text("said_dot", {"name": dotted[0][1:]}))
    functions = frozenset(name for name in program.functions() if re.fullmatch(r"[A-Za-z]\w*", name))
    _refuse_unknown(functions)
    return Expression(
        source=source,
        variables=frozenset(program.variables()),
        functions=functions,
        findings=findings,
        _program=_compile(metered) if findings.loops else program,
        _metered=bool(findings.loops),
    )


def evaluate(expression: Expression, names: Mapping[str, Json]) -> Json:
    """The value as JSON: instants as ISO-8601 text, durations as seconds, bytes as base64.

    Raises ExpressionError when it fails on these values or would cost too much.
    """
    try:
        return _evaluated(expression, names)
    except ExpressionError as error:
        raise ExpressionError(failure(expression.source, str(error))) from None


def _evaluated(expression: Expression, names: Mapping[str, Json]) -> Json:
    used = _used(expression, names)
    meter = Meter(_turn_cost(expression.findings, used) if _depends_on_size(expression.findings) else 1)
    if not expression._metered:
        meter.tick()
        meter.check()
    try:
        value = expression._program.execute(_context(expression, used, meter))
    except Exception as error:  # noqa: BLE001  (the library raises many kinds; all mean the same)
        meter.check()
        why = explain(error, expression.findings, expression.functions, names)
        raise ExpressionError(why) from None
    meter.check()
    return plain(value)


def evaluate_condition(expression: Expression, names: Mapping[str, Json]) -> bool:
    """The same for a condition: anything but true or false is an ExpressionError."""
    value = evaluate(expression, names)
    if not isinstance(value, bool):
        why = text("said_condition", {"found": type_word(value)})
        raise ExpressionError(failure(expression.source, why))
    return value


def _compile(source: str) -> Any:
    try:
        return cel.compile(source)
    except Exception as error:  # noqa: BLE001
        raise ExpressionError(unreadable(error, source)) from None


def _refuse_unknown(functions: frozenset[str]) -> None:
    unknown = sorted(functions - _FUNCTIONS)
    if unknown:
        near = get_close_matches(unknown[0], _FUNCTIONS, 1)
        code = "said_function_near" if near else "said_function"
        raise ExpressionError(text(code, {"name": repr(unknown[0]), "near": repr("".join(near))}))


def _used(expression: Expression, names: Mapping[str, Json]) -> dict[str, Json]:
    """Only what the expression looks at: the rest of a large run is not converted."""
    used: dict[str, Json] = {}
    for name in expression.variables & names.keys():
        value = names[name]
        keys = _keys(expression.findings, name) if isinstance(value, Mapping) else None
        used[name] = value if keys is None else {key: value[key] for key in keys if key in value}
    return used


def _keys(findings: Findings, name: str) -> set[str] | None:
    """The fields of ``name`` that are looked up; None where that is not known for sure."""
    paths = [path for path in findings.paths if path[0] == name]
    return {path[1] for path in paths} if paths and all(len(path) > 1 for path in paths) else None


def _depends_on_size(findings: Findings) -> bool:
    return bool(findings.sums or findings.scans or findings.comparisons or findings.patterns)


def _turn_cost(findings: Findings, used: Mapping[str, Json]) -> int:
    """Units that one pass over the expression may cost with these values."""
    extents = {path: Extent(_look_up(path, used)) for path in findings.paths if path[0] in used}
    longest = max((extent.longest for extent in extents.values()), default=0)
    most = max((extent.values for extent in extents.values()), default=0)
    if findings.sums and longest * _growth(findings) > LARGEST_TEXT:
        raise ExpressionError(text("said_text_long", {"limit": f"{LARGEST_TEXT:,}"}))
    units = 1 + findings.patterns + (findings.scans + findings.sums) * longest // 1024
    for side in findings.comparisons:
        known = extents.get(side) if side is not None else None
        units += (known.values // 8 + known.longest // 1024) if known else most // 8 + longest // 1024
    return units


def _growth(findings: Findings) -> float:
    """The most a text can grow: additions spread over all bodies, each feeding the next."""
    bodies = findings.loops + 1
    return math.exp(min(bodies * math.log1p(findings.sums / bodies), 50.0))


def _look_up(path: tuple[str, ...], used: Mapping[str, Json]) -> Json:
    value: Json = used
    for name in path:
        if not isinstance(value, Mapping):
            return value
        value = value.get(name)
    return value


def _context(expression: Expression, used: dict[str, Json], meter: Meter) -> Any:
    if not expression._metered:
        return used
    return cel.Context(
        variables=used,
        functions={
            rewrite.OPEN: meter.open,
            rewrite.PUSH: meter.push,
            rewrite.TAKE: meter.take,
            rewrite.TICK: meter.tick,
        },
    )
