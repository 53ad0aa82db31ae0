"""A mapping of the document, read key by key; whatever is wrong is noted and the default given."""

import re
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from headrace.core.definition.durations import seconds
from headrace.core.definition.faults import Faults, listed, shorten, shown

Json = Any
Word = TypeVar("Word", bound=str)
Kind = TypeVar("Kind")
Number = TypeVar("Number", int, float)

ID = re.compile(r"\w(?:[\w.-]*\w)?")
NAME = re.compile(r"\w(?:[\w .()（）-]*[\w)）])?")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ID_LENGTH, NAME_LENGTH, TEXT_LENGTH = 100, 128, 10_000


class Section:
    """``path`` is where the mapping stands; keys outside ``known`` are faults at once."""

    def __init__(self, value: Mapping[str, Json], path: str, faults: Faults, known: Collection[str]) -> None:
        self.value = value
        self.path = path
        self.faults = faults
        for key in value:
            if key not in known:
                faults.unknown(self.at(key), "definition_key_unknown", key, known)

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{shorten(key)}" if self.path else shorten(key)

    def has(self, key: str) -> bool:
        """Present and not null."""
        return self.value.get(key) is not None

    def wrong(self, key: str, code: str, **values: object) -> None:
        """Note a fault at a key, with what was found there."""
        self.faults.add(self.at(key), code, found=shown(self.value.get(key)), **values)

    def need(self, key: str) -> bool:
        """Whether the key is there; a fault where it is not."""
        if not self.has(key):
            self.faults.add(self.at(key), "definition_required", key=key)
        return self.has(key)

    def text(self, key: str, default: str = "", longest: int = TEXT_LENGTH) -> str:
        value = self._typed(key, str, "definition_type_text", default)
        if len(value) > longest:
            self.faults.add(self.at(key), "definition_length", length=len(value), limit=longest)
            return default
        return value

    def optional(self, key: str, longest: int = TEXT_LENGTH) -> str | None:
        """Text or None."""
        return self.text(key, longest=longest) or None if self.has(key) else None

    def matching(self, key: str, pattern: re.Pattern[str], code: str, longest: int) -> str:
        """Text that the pattern matches; empty where it does not."""
        value = self.text(key, longest=longest)
        if self.has(key) and isinstance(self.value[key], str) and not pattern.fullmatch(value):
            if len(self.value[key]) <= longest:
                self.wrong(key, code)
            return ""
        return value

    def flag(self, key: str, default: bool) -> bool:
        return self._typed(key, bool, "definition_type_flag", default)

    def mapping(self, key: str) -> Mapping[str, Json]:
        value = self.value.get(key)
        if value is None or isinstance(value, Mapping):
            return value or {}
        self.wrong(key, "definition_type_mapping")
        return {}

    def items(self, key: str) -> list[Json]:
        return self._typed(key, list, "definition_type_list", [])

    def integer(self, key: str, default: int, least: int, most: int) -> int:
        value = self.value.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(key, "definition_type_integer")
            return default
        return self._within(key, value, default, least, most)

    def number(self, key: str, default: float, least: float, most: float) -> float:
        value = self.value.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, "definition_type_number")
            return default
        return self._within(key, float(value), default, least, most)

    def duration(self, key: str, default: float | None = None) -> float | None:
        """Seconds."""
        if not self.has(key):
            return default
        value = seconds(self.value[key])
        if value is None:
            self.wrong(key, "definition_duration")
            return default
        return value

    def choice(self, key: str, words: Collection[Word], default: Word) -> Word:
        """One of the words."""
        value = self.value.get(key)
        if value is None:
            return default
        for word in words:
            if value == word and isinstance(value, str):
                return word
        if isinstance(value, str):
            self.faults.unknown(self.at(key), "definition_choice", value, words)
        else:
            self.wrong(key, "definition_type_choice", known=listed(sorted(words)))
        return default

    def texts(self, key: str) -> list[str]:
        """A list of texts; other elements are faults."""
        good: list[str] = []
        for i, item in enumerate(self.items(key)):
            if isinstance(item, str) and item:
                good.append(item)
            else:
                self.faults.add(f"{self.at(key)}[{i}]", "definition_type_text", found=shown(item))
        return good

    def sections(self, key: str, known: Collection[str]) -> list["Section"]:
        """A list of mappings; other elements are faults."""
        found: list[Section] = []
        for i, item in enumerate(self.items(key)):
            path = f"{self.at(key)}[{i}]"
            if isinstance(item, Mapping):
                found.append(Section(item, path, self.faults, known))
            else:
                self.faults.add(path, "definition_type_mapping", found=shown(item))
        return found

    def section(self, key: str, known: Collection[str]) -> "Section":
        """The mapping under a key; empty where there is none."""
        return Section(self.mapping(key), self.at(key), self.faults, known)

    def _within(self, key: str, value: Number, default: Number, least: float, most: float) -> Number:
        if least <= value <= most:
            return value
        self.wrong(key, "definition_range", least=least, most=most)
        return default

    def _typed(self, key: str, wanted: type[Kind], code: str, default: Kind) -> Kind:
        value = self.value.get(key)
        if value is None:
            return default
        if not isinstance(value, wanted):
            self.wrong(key, code)
            return default
        return value
