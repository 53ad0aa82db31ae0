"""Which executors there are: the built-ins, and what installed packages add."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from headrace.core.refusal import Problem, Refused
from headrace.executors.addresses import Addresses
from headrace.executors.executor import AnyExecutor, Executor, InlineExecutor
from headrace.executors.http import Http
from headrace.executors.noop import Noop
from headrace.executors.program import ProgramExecutor
from headrace.executors.python import Python
from headrace.executors.shell import Shell
from headrace.executors.sleep import Sleep
from headrace.executors.sql import Sql
from headrace.executors.ssh import Ssh
from headrace.executors.transfer import Transfer

GROUP = "headrace.executors"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Executors by name, and of each plugin that could not be taken where it is and why."""

    executors: dict[str, AnyExecutor]
    problems: tuple[Problem, ...]


def builtin(addresses: Addresses | None = None) -> dict[str, AnyExecutor]:
    """The executors that come with the package, by name; ``addresses``: what ``http`` may call."""
    executors = (Noop(), Sleep(), Shell(), Python(), Http(addresses), Sql(), Transfer(), Ssh())
    return {executor.name: executor for executor in executors}


def catalogue(addresses: Addresses | None = None, points: Iterable[EntryPoint] | None = None) -> Catalogue:
    """Built-ins and plugins. A plugin that cannot be loaded is a problem to show, not an error to die of."""
    executors = builtin(addresses)
    problems: list[Problem] = []
    for point in entry_points(group=GROUP) if points is None else points:
        place = f"{point.name} ({point.value})"
        try:
            executor = _plugin(point)
            if executor.name in executors:
                raise Refused("exists", "plugin_taken", {"name": executor.name})
            executors[executor.name] = executor
        except Refused as refused:
            problems.append(Problem(place, refused.code, refused.values))
        except BaseException as error:  # noqa: BLE001 - foreign code: whatever it raises is its problem
            problems.append(Problem(place, "plugin_raised", {"error": f"{type(error).__name__}: {error}"}))
    return Catalogue(executors, tuple(problems))


def _plugin(point: EntryPoint) -> AnyExecutor:
    """The entry point names an executor's class, or a callable that makes one."""
    make = point.load()
    if lacks := sorted(getattr(make, "__abstractmethods__", ())):
        raise Refused("invalid", "plugin_lacks", {"name": make.__name__, "methods": ", ".join(lacks)})
    executor = make()
    if not isinstance(executor, Executor | InlineExecutor | ProgramExecutor):
        raise Refused("invalid", "plugin_other", {"found": type(executor).__name__})
    if executor.name != point.name:
        raise Refused("invalid", "plugin_misnamed", {"name": executor.name})
    return executor
