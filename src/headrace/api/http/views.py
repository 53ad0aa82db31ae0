"""A run as any surface shows it: head, steps, definition and links, read in one snapshot."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from headrace.core.definition.model import Workflow
from headrace.core.run.links import Links, links_of
from headrace.core.run.state import Run, Step
from headrace.ports.errors import existing
from headrace.ports.store import Reader

Parse = Callable[[Mapping[str, Any]], Workflow]


@dataclass(slots=True)
class Definitions:
    """Parsed versions by id; versions never change, so what is here stays right."""

    parse: Parse
    most: int = 256
    _parsed: OrderedDict[int, Workflow] = field(default_factory=OrderedDict)

    def of(self, reader: Reader, version_id: int) -> Workflow:
        known = self._parsed.get(version_id)
        if known is not None:
            return known
        record = existing(reader.version_by_id(version_id), "version", version_id)
        workflow = self.parse(record.document)
        self._parsed[version_id] = workflow
        while len(self._parsed) > self.most:
            self._parsed.popitem(last=False)
        return workflow


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything about one run but its history."""

    run: Run
    workflow: Workflow
    steps: Sequence[Step]
    links: Links

    def step(self, step_id: int) -> Step:
        """The run's step; Gone where it is another run's."""
        return existing(next((step for step in self.steps if step.id == step_id), None), "step", step_id)


def run_of(reader: Reader, tenant: int, run_id: int) -> Run:
    """The head; Gone where the tenant has no such run."""
    return existing(reader.run(tenant, run_id), "run", run_id)


def step_of(reader: Reader, tenant: int, run_id: int, step_id: int) -> Step:
    """One step; Gone where run, tenant and step do not belong together."""
    run_of(reader, tenant, run_id)
    return existing(reader.step(run_id, step_id), "step", step_id)


def view_of(reader: Reader, definitions: Definitions, tenant: int, run_id: int) -> RunView:
    """The whole run; Gone where the tenant has no such run."""
    run = run_of(reader, tenant, run_id)
    workflow = definitions.of(reader, run.version_id)
    steps = reader.steps(run_id)
    return RunView(run, workflow, steps, links_of(workflow, steps))
