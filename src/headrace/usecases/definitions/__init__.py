"""Workflows: read a document, apply it as the draft, publish, take offline, copy, delete, compare.

The verbs run inside ``Inbox.transact``; ``read_document``, ``check`` and ``difference`` need no database and
belong in the caller's thread.
"""

from headrace.core.definition.references import at_rest
from headrace.usecases.definitions.checked import Checked, check
from headrace.usecases.definitions.difference import difference
from headrace.usecases.definitions.edits import Brought, bring, create, named, revise
from headrace.usecases.definitions.reading import MAX_BYTES, read_document
from headrace.usecases.definitions.verbs import (
    Applied,
    apply_definition,
    copy,
    delete,
    offline,
    publish,
    refuse_other,
    workflow_of,
)
from headrace.usecases.definitions.writing import to_yaml

__all__ = [
    "MAX_BYTES",
    "Applied",
    "Brought",
    "Checked",
    "apply_definition",
    "at_rest",
    "bring",
    "check",
    "copy",
    "create",
    "delete",
    "difference",
    "named",
    "offline",
    "publish",
    "read_document",
    "refuse_other",
    "revise",
    "to_yaml",
    "workflow_of",
]
