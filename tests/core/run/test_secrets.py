"""What the crew is told of secrets: where names stand that it replaces by values. Never the values."""

from typing import Any

from headrace.core.run.effects import HandOver
from headrace.core.run.events import RetryStep
from headrace.core.run.secrets import allowed, places
from tests.core.run.world import World, task

TOKEN = {"$secret": "token"}


def handed(world: World) -> Any:
    """The payload of the last hand-over."""
    return world.take(HandOver)[-1].payload


def test_places() -> None:
    value = {"a": [1, TOKEN], "b": {"c": TOKEN}, "d": {"$secret": 1}, "e": {**TOKEN, "f": TOKEN}}
    assert list(places(value)) == [
        (("a", 1), "token"),
        (("b", "c"), "token"),
        (("e", "f"), "token"),
    ]
    assert list(places(None)) == []


def test_of_changed_inputs_only_what_the_node_uses_anyway() -> None:
    known = ((("a",), "token"),)
    value = {"x": TOKEN, "y": {"$secret": "other"}}
    assert allowed(value, known) == [(("x",), "token")]


def test_work_is_told_where_names_stand() -> None:
    inputs = {"env": {"T": TOKEN}, "n": {"$cel": "1 + 1"}, "data": {"$cel": "{'$secret': 'other'}"}}
    payload = handed(World(task("a", inputs=inputs, rollback={"u": TOKEN})))
    assert payload["with"] == {"env": {"T": TOKEN}, "n": 2, "data": {"$secret": "other"}}
    assert payload["secrets"] == {
        "with": ((("env", "T"), "token"),),
        "rollback": ((("u",), "token"),),
        "params": [],
    }


def test_parameters_that_name_secrets() -> None:
    params = {"key": {"type": "string", "secret": True}, "gone": {"secret": True}, "n": {"secret": False}}
    world = World(task("a"), params=params, run={"params": {"key": "api", "n": "api"}})
    payload = handed(world)
    assert payload["secrets"] == {"with": (), "rollback": (), "params": [(("key",), "api")]}
    assert payload["params"]["key"] == "api"


def test_work_without_secrets_is_told_nothing() -> None:
    assert "secrets" not in handed(World(task("a", inputs={"x": 1})))


def test_changed_inputs() -> None:
    world = World(task("a", inputs={"env": TOKEN}))
    world.take(HandOver)
    world.finish("a", ok=False)
    world.tell(RetryStep(world.step("a").id, inputs={"list": [TOKEN, {"$secret": "other"}]}))
    payload = handed(world)
    assert payload["secrets"]["with"] == [(("list", 0), "token")]
    assert payload["with"] == {"list": [TOKEN, {"$secret": "other"}]}
