"""Versions compiled once and kept: starting and loading runs costs no parsing."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headrace.core.definition.executors import check_executors
from headrace.core.definition.model import Workflow
from headrace.core.definition.parse import parse
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.plan import Plan, compile_plan
from headrace.ports.errors import Problem, Refused, existing
from headrace.ports.records import VersionRecord
from headrace.ports.store import Reader

KEPT = 500  # compiled versions


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version ready to run; ``problems`` are executors it names that there are not (any more)."""

    record: VersionRecord
    workflow: Workflow
    plan: Plan
    problems: Sequence[Problem]


class Plans:
    """A bounded cache. Versions never change, so nothing by version is ever stale; which version is
    published, and which has a number, may change with every transaction (``forget_names``)."""

    def __init__(self, capabilities: Mapping[str, Capabilities], max_steps: int) -> None:
        self._capabilities = capabilities
        self._max_steps = max_steps
        self._kept: OrderedDict[int, Compiled] = OrderedDict()
        self._numbers: dict[tuple[int, str, int], int] = {}  # tenant, workflow, number -> version id
        self._published: dict[tuple[int, str], int] = {}

    def by_id(self, reader: Reader, version_id: int) -> Compiled:
        """The version a run is pinned to."""
        compiled = self._kept.get(version_id)
        if compiled is None:
            record = existing(reader.version_by_id(version_id), "version", version_id)
            compiled = self._compile(record)
        self._kept.move_to_end(version_id)
        return compiled

    def _compile(self, record: VersionRecord) -> Compiled:
        workflow = parse(record.document)
        plan = compile_plan(workflow, self._capabilities, self._max_steps)
        problems = check_executors(workflow, self._capabilities)
        compiled = self._kept[record.id] = Compiled(record, workflow, plan, problems)
        self._numbers[record.tenant, record.workflow, record.number] = record.id
        if len(self._kept) > KEPT:
            _, old = self._kept.popitem(last=False)
            self._numbers.pop((old.record.tenant, old.record.workflow, old.record.number), None)
        return compiled

    def to_start(self, reader: Reader, tenant: int, name: str, number: int | None) -> Compiled:
        """The version to start: the named one, or the published one."""
        if number is None:
            number = self._published_number(reader, tenant, name)
        compiled = self._by_number(reader, tenant, name, number)
        if compiled.problems:
            count = len(compiled.problems)
            raise Refused("invalid", "definition_invalid", {"count": count}, compiled.problems)
        return compiled

    def _by_number(self, reader: Reader, tenant: int, name: str, number: int) -> Compiled:
        known = self._numbers.get((tenant, name, number))
        if known is not None:
            return self.by_id(reader, known)
        record = existing(reader.version(tenant, name, number), "version", f"{name}/{number}")
        return self._kept.get(record.id) or self._compile(record)

    def _published_number(self, reader: Reader, tenant: int, name: str) -> int:
        known = self._published.get((tenant, name))
        if known is not None:
            return known
        workflow = existing(reader.workflow(tenant, name), "workflow", name)
        if workflow.published is None:
            raise Refused("state", "start_not_published", {"workflow": name})
        self._published[tenant, name] = workflow.published
        return workflow.published

    def forget_names(self) -> None:
        """Somebody may have published, taken offline or deleted; or what did so was undone."""
        self._published.clear()
        self._numbers.clear()
