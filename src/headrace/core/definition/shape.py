"""Before anything else: the document is plain JSON, not too deep and not too long."""

import math
from collections.abc import Mapping
from typing import Any

from headrace.core.definition.faults import Faults, shown
from headrace.core.refusal import Refused

MAX_DEPTH = 64
MAX_VALUES = 500_000


def check_shape(document: Any) -> None:
    """Refused where a value is not JSON, nesting passes 64 levels, or there are too many values."""
    shape = _Shape()
    shape.visit(document, 1)
    shape.faults.raise_any()


class _Shape:
    def __init__(self) -> None:
        self.faults = Faults()
        self.seen = 0
        self.trail: list[str] = []

    def visit(self, value: Any, depth: int) -> None:
        """Recursion is bounded by the depth limit."""
        self.seen += 1
        if depth > MAX_DEPTH:
            raise Refused("limit", "definition_too_deep", {"limit": MAX_DEPTH})
        if self.seen > MAX_VALUES:
            raise Refused("limit", "definition_too_large", {"limit": MAX_VALUES})
        if isinstance(value, Mapping):
            self._mapping(value, depth)
        elif isinstance(value, list):
            for i, item in enumerate(value):
                self._enter(f"[{i}]", item, depth)
        else:
            self._scalar(value)

    def _scalar(self, value: Any) -> None:
        if not _is_scalar(value):
            self._fault("definition_not_json", value)
        elif isinstance(value, str) and not _storable(value):
            self._fault("definition_character", ascii(value)[1:-1])

    def _mapping(self, value: Mapping[Any, Any], depth: int) -> None:
        for key, item in value.items():
            if not isinstance(key, str):
                self._fault("definition_key_type", key)
            elif not _storable(key):
                self._fault("definition_character", ascii(key)[1:-1])
            self._enter(f".{key}", item, depth)

    def _enter(self, name: str, item: Any, depth: int) -> None:
        self.trail.append(name)
        self.visit(item, depth + 1)
        self.trail.pop()

    def _fault(self, code: str, value: Any) -> None:
        self.faults.add("".join(self.trail).removeprefix("."), code, found=shown(value))


def _is_scalar(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str | int | bool)


def _storable(text: str) -> bool:
    """PostgreSQL holds no NUL, and UTF-8 no surrogates."""
    if text.isascii():
        return "\0" not in text
    return not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in text)
