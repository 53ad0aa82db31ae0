"""Where a node's inputs name secrets. Values are never here: who carries the work out asks the vault.

Only what the definition itself says is a reference. One that comes out of an expression, or in with
changed inputs under a name the node does not use, is data and stays as it is.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from headrace.core.definition.model import Workflow

Json = Any
Place = tuple[tuple[str | int, ...], str]
"""The path into the inputs, and the secret's name."""


def places(value: Json, path: tuple[str | int, ...] = ()) -> Iterator[Place]:
    """Every ``{"$secret": name}`` in a JSON value; not within an expression."""
    if isinstance(value, Mapping):
        name = value.get("$secret")
        if len(value) == 1 and isinstance(name, str):
            yield path, name
            return
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from places(item, (*path, i))


def allowed(value: Json, known: tuple[Place, ...]) -> list[Place]:
    """Those of changed inputs that name a secret the node uses anyway."""
    names = {name for _, name in known}
    return [place for place in places(value) if place[1] in names]


def secret_params(workflow: Workflow) -> tuple[str, ...]:
    """Parameters whose value is a secret's name."""
    return tuple(name for name, schema in workflow.params.items() if schema.get("secret") is True)
