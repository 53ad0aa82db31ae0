"""Expressions: values in, JSON out, clear errors, and nothing of the host within reach."""

from typing import Any

import pytest

from headrace.core.expr import (
    MAX_SOURCE,
    ExpressionError,
    compile_expression,
    evaluate,
    evaluate_condition,
)
from headrace.core.retold import retold

NAMES: dict[str, Any] = {
    "params": {"n": 3, "text": "abc", "list": [1, 2, 3], "ratio": 0.5, "none": None, "flag": True},
    "target": {"name": "web", "children": [{"name": "a", "up": True}, {"name": "b", "up": False}]},
    "steps": {"sign-off": {"outputs": {"ok": True}}, "restart": {"outputs": [{"ok": True}, {"ok": False}]}},
    "item": {"name": "a"},
}


def value(source: str, names: Any = NAMES) -> Any:
    return evaluate(compile_expression(source), names)


def error(source: str, names: Any = NAMES) -> str:
    with pytest.raises(ExpressionError) as caught:
        value(source, names)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("params.n + 1", 4),
        ("params['text'] + '!'", "abc!"),
        ("params.ratio * 2.0", 1.0),
        ("params.none == null", True),
        ("has(params.missing) ? params.missing : 'none'", "none"),
        ("target.children.map(c, c.name)", ["a", "b"]),
        ("target.children.filter(c, c.up)", [{"name": "a", "up": True}]),
        ("target.children.filter(c, c.up).map(c, c.name)[0]", "a"),
        ("target.children.map(c, c.up, c.name)", ["a"]),
        (
            "target.children.map(c, params.list.map(i, c.name + string(i)))",
            [["a1", "a2", "a3"], ["b1", "b2", "b3"]],
        ),
        ("target.children.exists(c, c.name == item.name)", True),
        ("target.children.exists_one(c, c.up)", True),
        ("steps.restart.outputs.all(o, o.ok)", False),
        ("steps['sign-off'].outputs.ok && params.flag", True),
        ("{'hosts': params.list.map(x, x * 2), 'n': size(params.list)}", {"hosts": [2, 4, 6], "n": 3}),
        ("{1: 'a'}", {"1": "a"}),
        ("{true: 'b'}", {"true": "b"}),
        ("[1, 2u, 3.5, null, 'x', b'x']", [1, 2, 3.5, None, "x", "eA=="]),
        ("timestamp('2026-12-01T02:00:00+08:00')", "2026-12-01T02:00:00+08:00"),
        ("duration('90s')", 90.0),
        ("params.list.filter(x, x > 1 && !(x == 3))", [2]),
        ("params.list.map(x, [x].map(y, y + 1)[0])", [2, 3, 4]),
        ("'abc'.matches('^a.c$') && 'abc'.contains('b')", True),
        ("params.text.size() // a comment, with (brackets\n == 3", True),
        ("\"it's (a, b)\" == 'it\\'s (a, b)'", True),
        ("r'\\d' + '''q'''", "\\dq"),
        ("params.list.map(params, params)", [1, 2, 3]),
        ("[].map(x, x.y)", []),
        ("params.list.all(x, 1 / (x - 1) > 0) || true", True),
    ],
)
def test_values(source: str, expected: Any) -> None:
    assert value(source) == expected


def test_only_what_is_looked_up_is_converted() -> None:
    strange = object()  # cannot be converted
    names = {"steps": {"a": {"outputs": 1}, "b": strange}, "run": strange}
    assert value("steps.a.outputs", names) == 1
    assert value("steps['a'].outputs", names) == 1
    assert error("steps[item].outputs", {**names, "item": "a"})
    assert value("'a' in params", {"params": {"a": 1}})


def test_what_an_expression_needs_is_known() -> None:
    expression = compile_expression("params.x + steps['sign-off'].outputs.n > 1 && params.l.all(e, e.ok)")
    assert expression.free == {"params", "steps"}
    assert expression.variables == {"params", "steps", "e"}
    assert expression.fields("params") == {"x", "l"}
    assert expression.fields("steps") == {"sign-off"}
    assert expression.source.startswith("params.x")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 +", "line 1, column 4: the expression ends"),
        ("", "the expression ends where something is still needed"),
        ("a ? 1", "after condition ? value"),
        ("'abc", "is not closed"),
        ("lenght('a')", "there is no function 'lenght'"),
        ("'a'.startWith('b')", "did you mean 'startsWith'?"),
        ("x" * (MAX_SOURCE + 1), "the limit is 4,000"),
        ("hr__open()", "reserved"),
        (".params.n == 3", "write params without the dot"),
        ("(" * 300 + "1" + ")" * 300, "Recursion limit"),
    ],
)
def test_what_does_not_compile(source: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source)
    assert said in str(caught.value)
    assert len(str(caught.value)) <= 700


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("missing.x", "there is no name missing here; the names are: item, "),
        ("params.missing", "missing"),
        ("params.list[9]", "no element 9"),
        ("params.n.x + 'a'", "params.n is of type number and has no field x"),
        ("params['n'] + 'a'", "values of these types"),
        ("params.missing > 1", "params has no field missing; it has "),
        ("params.list.map(x, {'n': x}).all(x, x.m == 1)", "there is no field m"),
        ("true &&\n  params.missing", "the expression true && params.missing fails on its values: "),
        ("1 / 0 > 1 || '" + "x" * 300 + "' == ''", "…"),
        ("1 / 0", "divided by zero"),
        ("9223372036854775807 + 1", "64 bits"),
        ("'a' + 1", "there is no string + int"),
        ("params.list.map(x, x.y)", "values of these types"),
        ("params.list.filter(x, x)", "values of these types"),
        ("1.0 / 0.0", "no JSON number"),
        ("[0.0 / 0.0]", "no JSON number"),
        ("optional.of(1)", "cannot hold"),
        ("'a'.matches('(')", "no regular expression"),
    ],
)
def test_what_fails_on_its_values(source: str, said: str) -> None:
    assert said in error(source)


@pytest.mark.parametrize(
    ("outputs", "english", "chinese"),
    [
        (
            None,
            "steps.p.outputs is of type null and has no field n",
            "steps.p.outputs 的类型为 null，没有字段 n",
        ),
        ({}, "steps.p.outputs is empty and has no field n", "steps.p.outputs 为空，没有字段 n"),
        (
            {"m": 1, "n0": 2},
            "steps.p.outputs has no field n; it has n0, m",
            "steps.p.outputs 没有字段 n；已有字段：n0, m",
        ),
        (
            dict.fromkeys("abcdefghi", 1),
            "steps.p.outputs has no field n; it has a, b, c, d, e, f, g, h, …",
            "steps.p.outputs 没有字段 n；已有字段：a, b, c, d, e, f, g, h, …",
        ),
    ],
)
def test_a_missing_field_is_told_with_its_place_in_both_languages(
    outputs: object, english: str, chinese: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(compile_expression("steps.p.outputs.n > 1"), {"steps": {"p": {"outputs": outputs}}})
    said = str(caught.value)
    assert said == f"the expression steps.p.outputs.n > 1 fails on its values: {english}"
    assert retold(said, "zh") == f"表达式 steps.p.outputs.n > 1 计算出错：{chinese}"


def test_conditions_are_true_or_false() -> None:
    assert evaluate_condition(compile_expression("params.n == 3"), NAMES) is True
    for source, found in (("params.n", "number"), ("params.list", "list"), ("params", "object")):
        with pytest.raises(ExpressionError, match=f"gives {found}, true or false is needed"):
            evaluate_condition(compile_expression(source), NAMES)


def test_values_of_a_run_are_not_changed() -> None:
    given = {"params": {"l": [{"a": 1}]}}
    value("params.l.map(x, {'a': x.a + 1})", given)
    assert given == {"params": {"l": [{"a": 1}]}}


@pytest.mark.parametrize(
    "source",
    [
        "params.__class__",
        "params['__class__'].__mro__",
        "target.__init__.__globals__",
        "().__class__.__bases__[0].__subclasses__()",
        "__import__('os').system('id')",
        "open('/etc/passwd').read()",
        "eval('1')",
        "exec('1')",
        "globals()",
        "getattr(params, 'n')",
        "params.get('n')",
        "params.keys()",
        "'{0.__class__}'.format(params)",
        "'%s' % params",
        "lambda: 1",
        "[x for x in params.list]",
        "f'{params}'",
        "os.environ",
        "env('PATH')",
        "lists.range(1000000000)",
        "'a'.repeat(1000000000)",
        "cel.bind(x, 1, x)",
        "${7*7}",
        "{{7*7}}",
        "#{7*7}",
        "T(java.lang.Runtime).getRuntime().exec('id')",
        "params.class.classLoader",
        "this.constructor.constructor('return process')()",
        "hr__tick()",
        "params.list.map(hr__1, hr__push(hr__1, 1))",
        "Foo{a: 1}",
        "google.protobuf.Any{}",
    ],
)
def test_there_is_no_way_out(source: str) -> None:
    with pytest.raises(ExpressionError):
        value(source)
