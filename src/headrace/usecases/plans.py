"""Versions compiled once and kept: starting and loading runs costs no parsing."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from headrace.core.definition.executors import check_executors
from headrace.core.definition.model import Workflow
from headrace.core.definition.parse import parse
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.plan import Plan, compile_plan
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import VersionRecord
from headrace.ports.store import Reader

KEPT = 500  # compiled versions


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version ready to run."""

    record: VersionRecord
    workflow: Workflow
    plan: Plan


class Plans:
    """A bounded cache by version id. Versions never change, so nothing is ever stale."""

    def __init__(self, capabilities: Mapping[str, Capabilities], max_steps: int) -> None:
        self._capabilities = capabilities
        self._max_steps = max_steps
        self._kept: OrderedDict[int, Compiled] = OrderedDict()

    def by_id(self, reader: Reader, version_id: int) -> Compiled:
        """The version a run is pinned to."""
        compiled = self._kept.get(version_id)
        if compiled is None:
            record = reader.version_by_id(version_id)
            if record is None:
                raise Gone("version", version_id)
            compiled = self._compile(record)
        self._kept.move_to_end(version_id)
        return compiled

    def _compile(self, record: VersionRecord) -> Compiled:
        workflow = parse(record.document)
        plan = compile_plan(workflow, self._capabilities, self._max_steps)
        compiled = self._kept[record.id] = Compiled(record, workflow, plan)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return compiled

    def to_start(self, reader: Reader, tenant: int, name: str, number: int | None) -> Compiled:
        """The version to start: the named one, or the published one."""
        if number is None:
            number = self._published(reader, tenant, name)
        record = reader.version(tenant, name, number)
        if record is None:
            raise Gone("version", f"{name}/{number}")
        compiled = self._kept.get(record.id) or self._compile(record)
        problems = check_executors(compiled.workflow, self._capabilities)
        if problems:
            raise Refused("invalid", "definition_invalid", {"count": len(problems)}, problems)
        return compiled

    def _published(self, reader: Reader, tenant: int, name: str) -> int:
        workflow = reader.workflow(tenant, name)
        if workflow is None:
            raise Gone("workflow", name)
        if workflow.published is None:
            raise Refused("state", "start_not_published", {"workflow": name})
        return workflow.published
