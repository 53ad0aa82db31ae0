"""Whatever is written and whatever the values are: an evaluation ends soon, by counted cost."""

import resource
import time
from contextlib import suppress
from typing import Any

import pytest

from headrace.core.expr import ExpressionError, compile_expression, evaluate
from headrace.core.expr.meter import BUDGET

BIG = "x" * 1_000_000
NAMES: dict[str, Any] = {
    "params": {
        "big": BIG,
        "words": [f"word{i}" for i in range(5_000)],
        "list": list(range(10_000)),
        "hosts": [{"name": f"host{i}", "rack": "a", "tags": ["x", "y"]} for i in range(10_000)],
        "patterns": [f"(x{{0,900}}){{0,{i}}}" for i in range(100)],
        "service": "host7",
    },
}
SECONDS = 3.0  # on a busy machine; alone, none takes more than 0.6

BOMBS = [
    "params.big.matches('(x+x+)+y')",
    "params.big.matches('(.*)*(.*)*(.*)*y{1,1000}')",
    "params.big.matches('((a{0,100}){0,100}){0,100}')",
    "params.list.all(i, params.big.matches('(x+x+)+y') || true)",
    "params.patterns.all(p, params.big.matches(p))",
    "params.list.all(i, params.words.all(w, !w.matches('(a|b|c){1,500}')))",
    "params.list.all(a, params.list.all(b, params.list.all(c, true)))",
    "params.list.exists(a, params.list.exists(b, params.list.exists(c, false)))",
    "params.list.map(a, params.list.map(b, params.list.map(c, a)))",
    "params.list.filter(a, params.list.exists_one(b, params.list.filter(c, true).size() < 0))",
    "params.list.all(x, params.hosts == params.hosts)",
    "params.list.all(x, [params.hosts] == [params.hosts])",
    "params.list.all(x, x in params.list)",
    "params.list.map(x, params.big)",
    "params.list.map(x, params.hosts)",
    "params.list.map(x, {'a': params.big, 'b': [params.big]})",
    "+".join(["params.big"] * 300),
    "size(" + "+".join(["params.big"] * 100) + ")",
    "[params.big]" + ".map(b, b + b)" * 40,
    "[params.list]" + ".map(b, b + b)" * 30,
    "['x']" + ".map(b, b + b)" * 10 + ".map(b, b)" * 80,
    "['x']" + ".map(b, b + b + b + b)" * 60,
    "[0,1,2,3,4,5,6,7,8,9].map(a," * 12 + "1" + ")" * 12,
    "[0,1,2,3,4,5,6,7,8,9].all(a," * 30 + "true" + ")" * 30,
    "[[" * 300 + "]]" * 300,
    "!" * 3_990 + "true",
    "-" * 3_990 + "1",
    "1" + "+1" * 1_990,
    "params" + ".a" * 1_990,
    "params.list" + "[0]" * 1_300,
    "true ? " * 400 + "1" + " : 1" * 400,
    "{'a': " * 90 + "1" + "}" * 90,
    "'" + "\\x41" * 900 + "'",
    "params.list.map(x, '" + "a" * 3_000 + "')",
    "[" + ",".join(["params.big"] * 300) + "]",
]


@pytest.mark.parametrize("source", BOMBS, ids=range(len(BOMBS)))
def test_bombs_end_soon(source: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.thread_time()
    with suppress(ExpressionError):
        evaluate(compile_expression(source), NAMES)
    assert time.thread_time() - start < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000  # KB


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("params.list.map(x, x + 1)", 10_000),
        ("params.list.filter(x, x % 2 == 0)", 5_000),
        ("params.hosts.map(h, h.name)", 10_000),
        ("params.hosts.filter(h, h.name != params.service && h.rack == 'a')", 9_999),
        ("params.words.map(w, {'name': w, 'n': size(w)})", 5_000),
    ],
)
def test_the_largest_fan_out_is_allowed_and_linear(source: str, count: int) -> None:
    expression = compile_expression(source)
    start = time.thread_time()
    assert len(evaluate(expression, NAMES)) == count
    assert time.thread_time() - start < SECONDS


def test_the_refusal_names_the_limit() -> None:
    source = "params.list.all(a, params.list.all(b, true))"
    with pytest.raises(ExpressionError, match=f"{BUDGET:,}"):
        evaluate(compile_expression(source), NAMES)
    with pytest.raises(ExpressionError, match="16,000,000 characters"):
        evaluate(compile_expression("params.big" + " + params.big" * 20), NAMES)


def test_the_cost_is_counted_not_timed() -> None:
    """The same values always give the same answer: a budget that is just enough is so every time."""
    expression = compile_expression("params.l.all(a, params.l.all(b, true))")
    answers = set()
    for _ in range(3):
        assert evaluate(expression, {"params": {"l": list(range(620))}}) is True
        with pytest.raises(ExpressionError) as caught:
            evaluate(expression, {"params": {"l": list(range(640))}})
        answers.add(str(caught.value))
    assert len(answers) == 1


def test_an_exceeded_budget_is_not_swallowed() -> None:
    source = "params.list.all(a, params.list.all(b, params.list.all(c, true))) || true"
    with pytest.raises(ExpressionError, match="costs too much"):
        evaluate(compile_expression(source), NAMES)


def test_compiled_expressions_are_kept() -> None:
    assert compile_expression("1 + 2 + 3") is compile_expression("1 + 2 + 3")
    assert compile_expression.cache_info().maxsize is not None
