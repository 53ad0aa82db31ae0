"""Which executors there are: the built-ins, and what installed packages add."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from headrace.executors.addresses import Addresses
from headrace.executors.executor import Executor
from headrace.executors.http import Http
from headrace.executors.noop import Noop
from headrace.executors.python import Python
from headrace.executors.shell import Shell
from headrace.executors.sleep import Sleep
from headrace.executors.sql import Sql
from headrace.executors.ssh import Ssh
from headrace.executors.transfer import Transfer

GROUP = "headrace.executors"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Executors by name, and a sentence for each plugin that could not be taken."""

    executors: dict[str, Executor]
    problems: tuple[str, ...]


def builtin(addresses: Addresses | None = None) -> dict[str, Executor]:
    """The executors that come with the package, by name; ``addresses``: what ``http`` may call."""
    executors = (Noop(), Sleep(), Shell(), Python(), Http(addresses), Sql(), Transfer(), Ssh())
    return {executor.name: executor for executor in executors}


def catalogue(addresses: Addresses | None = None, points: Iterable[EntryPoint] | None = None) -> Catalogue:
    """Built-ins and plugins. A plugin that cannot be loaded is a problem to show, not an error to die of."""
    executors = builtin(addresses)
    problems: list[str] = []
    for point in entry_points(group=GROUP) if points is None else points:
        try:
            executor = _plugin(point)
            if executor.name in executors:
                raise ValueError("an executor of this name is there already")
            executors[executor.name] = executor
        except BaseException as error:  # noqa: BLE001 - foreign code: whatever it raises is its problem
            problems.append(f"executor {point.name} ({point.value}): {type(error).__name__}: {error}")
    return Catalogue(executors, tuple(problems))


def _plugin(point: EntryPoint) -> Executor:
    """The entry point names an Executor class, or a callable that makes one."""
    executor = point.load()()
    if not isinstance(executor, Executor):
        raise TypeError("it does not make a headrace.executors.executor.Executor")
    if executor.name != point.name:
        raise ValueError(f"the executor calls itself {executor.name}")
    return executor
