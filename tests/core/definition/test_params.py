"""A run's parameters are checked by what the definition declares, and completed by its defaults."""

import time
from typing import Any

import pytest

from headrace.core.definition.params import accepts, fill
from headrace.core.definition.parse import parse
from headrace.core.messages import text
from headrace.core.refusal import Refused

DECLARED: dict[str, Any] = {
    "service": {"type": "string", "default": "nginx", "minLength": 2, "maxLength": 5, "pattern": "^[a-z]+$"},
    "batch": {"type": "integer", "default": 2, "minimum": 1, "maximum": 9},
    "even": {"multipleOf": 2},
    "ratio": {"exclusiveMinimum": 0, "exclusiveMaximum": 1},
    "size": {"enum": ["s", "m"]},
    "one": {"const": 1},
    "hosts": {
        "type": "array",
        "minItems": 1,
        "maxItems": 2,
        "uniqueItems": True,
        "items": {"type": "string"},
    },
    "day": {"type": "string", "format": "date"},
    "login": {"type": "object", "properties": {"user": {"type": "string"}}, "required": ["user"]},
    "token": {"type": "string", "secret": True, "maxLength": 3},
    "blob": {},
}


def workflow(params: Any = DECLARED, required: Any = ()) -> Any:
    spec = {"params": params, "required": list(required), "nodes": []}
    header = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w"}}
    return parse({**header, "spec": spec})


def refused(params: Any, limit: int = 1_000_000, required: Any = ()) -> Refused:
    with pytest.raises(Refused) as caught:
        fill(workflow(required=required), params, limit)
    return caught.value


def test_defaults_are_filled_in() -> None:
    assert fill(workflow(), {}, 1000) == {"service": "nginx", "batch": 2}
    assert fill(workflow(required=["batch"]), {}, 1000)["batch"] == 2
    assert fill(workflow(), {"batch": 3, "blob": None}, 1000) == {
        "service": "nginx",
        "batch": 3,
        "blob": None,
    }


@pytest.mark.parametrize(
    ("given", "path", "code"),
    [
        ({"servce": "x"}, "params.servce", "params_unknown_near"),
        ({"qqq": "x"}, "params.qqq", "params_unknown"),
        ({"batch": "2"}, "params.batch", "params_kind"),
        ({"batch": 0}, "params.batch", "params_minimum"),
        ({"batch": 10}, "params.batch", "params_maximum"),
        ({"batch": 1.5}, "params.batch", "params_kind"),
        ({"even": 3}, "params.even", "params_multipleOf"),
        ({"service": "n"}, "params.service", "params_minLength"),
        ({"service": "nginxx"}, "params.service", "params_maxLength"),
        ({"service": "NGX"}, "params.service", "params_pattern"),
        ({"ratio": 0}, "params.ratio", "params_exclusiveMinimum"),
        ({"ratio": 1}, "params.ratio", "params_exclusiveMaximum"),
        ({"size": "l"}, "params.size", "params_enum"),
        ({"one": 2}, "params.one", "params_const"),
        ({"hosts": []}, "params.hosts", "params_minItems"),
        ({"hosts": ["a", "b", "c"]}, "params.hosts", "params_maxItems"),
        ({"hosts": ["a", "a"]}, "params.hosts", "params_uniqueItems"),
        ({"hosts": ["a", 1]}, "params.hosts[1]", "params_kind"),
        ({"day": "soon"}, "params.day", "params_format"),
        ({"login": {}}, "params.login", "params_other"),
        ({"login": {"user": 1}}, "params.login.user", "params_kind"),
    ],
)
def test_each_mistake_is_named(given: Any, path: str, code: str) -> None:
    error = refused(given)
    assert (error.kind, error.code) == ("invalid", "params_invalid")
    assert [(problem.path, problem.code) for problem in error.problems] == [(path, code)]
    for language in ("en", "zh"):
        assert "<" not in text(code, error.problems[0].values, language)


def test_all_mistakes_are_told_at_once() -> None:
    error = refused({"batch": "x", "nope": 1}, required=["size", "one"])
    assert sorted(problem.code for problem in error.problems) == [
        "params_kind",
        "params_required",
        "params_required",
        "params_unknown",
    ]


def test_secrets_are_never_quoted() -> None:
    error = refused({"token": "hunter2"})
    assert "hunter2" not in str(error.problems[0].values)
    with pytest.raises(Refused) as caught:
        workflow({"token": {"type": "integer", "secret": True, "default": "hunter2"}})
    assert "hunter2" not in str([problem.values for problem in caught.value.problems])


def test_the_size_is_limited_and_named() -> None:
    exact = len('{"blob": ""}')
    assert fill(workflow(), {"blob": "x" * (1_000_000 - exact)}, 1_000_000)
    error = refused({"blob": "x" * (1_000_001 - exact)})
    assert (error.kind, error.code) == ("limit", "params_too_large")
    assert error.values == {"size": 1_000_001, "limit": 1_000_000}
    assert refused({"blob": "ü" * 10}, limit=20).kind == "limit"


def test_shape_is_checked_before_anything_else() -> None:
    deep: Any = 1
    for _ in range(10_000):
        deep = [deep]
    assert refused({"blob": deep}).code == "definition_too_deep"
    assert refused({"blob": "a\0"}).problems[0].code == "definition_character"
    assert refused([]).code == "params_type"
    assert refused(None).code == "params_type"


def test_patterns_take_linear_time() -> None:
    made = workflow({"x": {"pattern": "^(a+)+$"}})
    start = time.thread_time()
    with pytest.raises(Refused):
        fill(made, {"x": "a" * 100_000 + "!"}, 1_000_000)
    assert time.thread_time() - start < 1


def test_the_order_of_declarations_does_not_matter_to_the_cache() -> None:
    one = workflow({"a": {"type": "integer"}, "b": {}})
    two = workflow({"b": {}, "a": {"type": "integer"}})
    assert fill(one, {"a": 1}, 100) == fill(two, {"a": 1}, 100)


def test_where_there_is_no_parameter_none_is_listed() -> None:
    with pytest.raises(Refused) as refused:
        fill(workflow({}), {"x": 1}, 1_000)
    assert [problem.values["known"] for problem in refused.value.problems] == ["-"]


def test_what_a_parameter_may_have() -> None:
    assert accepts({"type": "integer"}, 3)
    assert not accepts({"enum": [1, 2]}, "1")
