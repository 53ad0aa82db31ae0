"""YAML events to JSON values, bounded while reading: depth, values after expansion of aliases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from headrace.core.definition.shape import MAX_DEPTH, MAX_VALUES
from headrace.core.refusal import Refused
from headrace.usecases.definitions.scalars import scalar

Json = Any

_TEXT_TAG = "tag:yaml.org,2002:str"
_ALLOWED_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


@dataclass(slots=True)
class _Open:
    """A collection that is not complete yet."""

    value: dict[str, Json] | list[Json]
    anchor: str | None
    start: int  # how many values there were before it
    key: str | None = None


@dataclass(slots=True)
class Builder:
    """Takes the events of one document."""

    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Json, int]] = field(default_factory=dict)
    values: int = 0
    documents: int = 0
    result: Json = None

    def build(self, events: Iterator[yaml.Event]) -> Json:
        """The document's value. Raises Refused for what is not allowed; yaml.YAMLError for bad syntax."""
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._document(event)
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._start(event)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                self._end(event)
        if not self.documents:
            raise Refused("invalid", "definition_empty")
        return self.result

    def _document(self, event: yaml.Event) -> None:
        self.documents += 1
        if self.documents > 1:
            raise Refused("invalid", "definition_documents", {"line": _line(event)})

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if self._wants_key():
            self._key(event)
            return
        value = event.value if event.tag == _TEXT_TAG or not event.implicit[0] else scalar(event.value)
        if event.tag != _TEXT_TAG:
            _refuse_tag(event, event.tag)
        self._count(1)
        self._put(value, event.anchor, 1)

    def _key(self, event: yaml.ScalarEvent) -> None:
        """Keys are always text, as in JSON."""
        top = self.stack[-1]
        if event.value == "<<" and event.implicit[0]:
            raise Refused("invalid", "definition_merge", {"line": _line(event)})
        if event.value in top.value:
            raise Refused("invalid", "definition_key_twice", {"line": _line(event), "key": event.value[:100]})
        if event.anchor:
            self.anchors[event.anchor] = (event.value, 1)
        top.key = event.value

    def _alias(self, event: yaml.AliasEvent) -> None:
        self._refuse_key(event)
        name = event.anchor or ""
        known = self.anchors.get(name)
        if known is None:
            values = {"line": _line(event), "found": f"*{name[:100]}"}
            raise Refused("invalid", "definition_alias_unknown", values)
        value, size = known
        self._count(size)
        self._put(value, None, size)

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        self._refuse_key(event)
        _refuse_tag(event, event.tag)
        if len(self.stack) >= MAX_DEPTH:
            raise Refused("limit", "definition_too_deep", {"limit": MAX_DEPTH})
        empty: dict[str, Json] | list[Json] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Open(empty, event.anchor, self.values))
        self._count(1)

    def _end(self, event: yaml.Event) -> None:
        done = self.stack.pop()
        self._put(done.value, done.anchor, self.values - done.start)

    def _put(self, value: Json, anchor: str | None, size: int) -> None:
        if anchor:
            self.anchors[anchor] = (value, size)
        if not self.stack:
            self.result = value
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            assert top.key is not None
            top.value[top.key] = value
            top.key = None

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def _refuse_key(self, event: yaml.Event) -> None:
        if self._wants_key():
            column = event.start_mark.column + 1 if event.start_mark else 1
            values = {"line": _line(event), "column": column, "error": "a key must be a text"}
            raise Refused("invalid", "definition_syntax", values)

    def _count(self, size: int) -> None:
        self.values += size
        if self.values > MAX_VALUES:
            raise Refused("limit", "definition_too_large", {"limit": MAX_VALUES})


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _refuse_tag(event: yaml.Event, tag: str | None) -> None:
    if tag not in _ALLOWED_TAGS:
        raise Refused("invalid", "definition_tag", {"line": _line(event), "found": str(tag)[:100]})
