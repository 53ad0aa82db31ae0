"""Built-ins and plugins."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from headrace.core.messages import text
from headrace.executors.catalogue import GROUP, builtin, catalogue
from headrace.executors.executor import AnyExecutor, Executor, InlineExecutor, Task
from headrace.executors.program import ProgramExecutor


class Good(Executor):
    name = "good"

    def start(self, task: Task) -> None:
        pass


class Taken(Good):
    name = "shell"


class Misnamed(Good):
    name = "other"


class Half(Executor):
    name = "half"

    def monitor(self, task: Task) -> None:
        pass


class HalfProgram(ProgramExecutor):
    name = "half"


class HalfInline(InlineExecutor):
    name = "half"


class Neither(AnyExecutor):
    name = "neither"


def broken() -> None:
    raise SystemExit("a plugin must not stop the server")


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("plugins_of_the_test")
    for name, item in {
        "Good": Good,
        "Taken": Taken,
        "Misnamed": Misnamed,
        "Half": Half,
        "HalfProgram": HalfProgram,
        "HalfInline": HalfInline,
        "Neither": Neither,
        "broken": broken,
        "wrong": dict,
    }.items():
        setattr(module, name, item)
    monkeypatch.setitem(sys.modules, module.__name__, module)


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def test_built_in() -> None:
    assert sorted(builtin()) == ["http", "noop", "python", "shell", "sleep", "sql", "ssh", "transfer"]
    assert all(name == executor.name for name, executor in builtin().items())


@pytest.mark.usefixtures("plugins")
def test_a_plugin() -> None:
    found = catalogue(points=[point("good", "plugins_of_the_test:Good")])
    assert isinstance(found.executors["good"], Good)
    assert found.problems == ()


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("gone", "no_such_module_here:X", "No module named"),
        ("nothing", "plugins_of_the_test:Nothing", "has no attribute"),
        ("shell", "plugins_of_the_test:Taken", "There is an executor shell already."),
        ("misnamed", "plugins_of_the_test:Misnamed", "calls itself other"),
        ("broken", "plugins_of_the_test:broken", "SystemExit: a plugin must not stop the server"),
        ("wrong", "plugins_of_the_test:wrong", "It makes a dict"),
        ("neither", "plugins_of_the_test:Neither", "It makes a Neither"),
        ("half", "plugins_of_the_test:Half", "The class Half is not complete: it does not define start."),
        (
            "half",
            "plugins_of_the_test:HalfProgram",
            "The class HalfProgram is not complete: it does not define command.",
        ),
        (
            "half",
            "plugins_of_the_test:HalfInline",
            "The class HalfInline is not complete: it does not define at_once.",
        ),
    ],
)
def test_a_broken_plugin_is_a_problem_by_name(name: str, value: str, why: str) -> None:
    found = catalogue(points=[point(name, value), point("good", "plugins_of_the_test:Good")])
    assert "good" in found.executors
    assert type(found.executors["shell"]).__name__ == "Shell"
    (problem,) = found.problems
    assert problem.path == f"{name} ({value})"
    assert why in text(problem.code, problem.values)


@pytest.mark.parametrize("kind", [Half, HalfProgram, HalfInline])
def test_an_unfinished_class_makes_nothing(kind: type[AnyExecutor]) -> None:
    with pytest.raises(TypeError, match="abstract"):
        kind()


def test_built_ins_name_every_input_they_take() -> None:
    for executor in builtin().values():
        able = executor.capabilities
        assert able.takes is not None
        known = {name.partition(".")[0] for name in able.takes}
        assert {name for group in able.needs for name in group} <= known
