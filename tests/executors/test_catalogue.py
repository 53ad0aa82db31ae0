"""Built-ins and plugins."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from headrace.executors.catalogue import GROUP, builtin, catalogue
from headrace.executors.executor import Executor, Task


class Good(Executor):
    name = "good"

    def start(self, task: Task) -> None:
        pass


class Taken(Good):
    name = "shell"


class Misnamed(Good):
    name = "other"


def broken() -> None:
    raise SystemExit("a plugin must not stop the server")


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("plugins_of_the_test")
    for name, item in {
        "Good": Good,
        "Taken": Taken,
        "Misnamed": Misnamed,
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
        ("shell", "plugins_of_the_test:Taken", "there already"),
        ("misnamed", "plugins_of_the_test:Misnamed", "calls itself other"),
        ("broken", "plugins_of_the_test:broken", "must not stop the server"),
        ("wrong", "plugins_of_the_test:wrong", "does not make"),
    ],
)
def test_a_broken_plugin_is_a_problem_by_name(name: str, value: str, why: str) -> None:
    found = catalogue(points=[point(name, value), point("good", "plugins_of_the_test:Good")])
    assert "good" in found.executors
    assert type(found.executors["shell"]).__name__ == "Shell"
    (problem,) = found.problems
    assert problem.startswith(f"executor {name} ({value}): ")
    assert why in problem
