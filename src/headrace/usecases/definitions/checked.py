"""A document that has passed every check, made before the engine is troubled with it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headrace.core.definition.child_inputs import check_child_inputs
from headrace.core.definition.document import canonical
from headrace.core.definition.executors import check_executors, check_raw_executors
from headrace.core.definition.idle import check_idle, check_raw_idle
from headrace.core.definition.model import Workflow
from headrace.core.definition.parse import parse
from headrace.core.definition.task_inputs import check_task_inputs
from headrace.core.refusal import Problem, Refused
from headrace.core.run.capabilities import Capabilities
from headrace.usecases.definitions.reading import read_document

Json = Any


@dataclass(frozen=True, slots=True)
class Checked:
    """A definition that may be stored; ``etag`` is the SHA-256 of its canonical text, hex."""

    workflow: Workflow
    etag: str

    @property
    def document(self) -> Mapping[str, Json]:
        return self.workflow.document


def check(
    content: str | bytes | Mapping[str, Json],
    capabilities: Mapping[str, Capabilities],
    name: str | None = None,
) -> Checked:
    """Read, parse and check a text or a document; with ``name``, that it is the document's own.

    Raises Refused with all problems. Some ten thousand nodes take half a second: call it outside the engine.
    """
    document = content if isinstance(content, Mapping) else read_document(content)
    try:
        workflow = parse(document)
    except Refused as refused:
        problems = [
            *refused.problems,
            *check_raw_executors(document, capabilities),
            *_unheeded_inputs(document, capabilities),
            *check_raw_idle(document),
        ]
        raise Refused(
            refused.kind, refused.code, {**refused.values, "count": len(problems)}, problems
        ) from None
    problems = [
        *check_executors(workflow, capabilities),
        *_unheeded_inputs(workflow.document, capabilities),
        *check_idle(workflow),
    ]
    if name is not None and workflow.name != name:
        values = {"found": workflow.name, "wanted": name}
        problems.insert(0, Problem("metadata.name", "definition_name_differs", values))
    if problems:
        raise Refused("invalid", "definition_invalid", {"count": len(problems)}, problems)
    return Checked(workflow, etag(workflow.document))


def _unheeded_inputs(document: Mapping[str, Json], capabilities: Mapping[str, Capabilities]) -> list[Problem]:
    return [*check_child_inputs(document), *check_task_inputs(document, capabilities)]


def etag(document: Mapping[str, Json]) -> str:
    """The same for documents that say the same, whatever their layout."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()
