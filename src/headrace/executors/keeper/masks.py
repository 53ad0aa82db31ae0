"""Secret values taken out of what work prints and answers: as they are, and in the usual disguises.

Of the program's own modules it loads one without others: a keeper uses it on streams.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from headrace.disguises import forms

Json = Any
MASK = b"******"


class Masks:
    """Patterns of some values; false where there are none."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        found = {form for value in values for form in forms(value)}
        self.patterns = sorted(found, key=lambda form: (-len(form), form))  # the longest first
        self._regex = re.compile(b"|".join(re.escape(form) for form in self.patterns)) if found else None

    def __bool__(self) -> bool:
        return self._regex is not None

    def masked(self, data: bytes) -> bytes:
        return data if self._regex is None else self._regex.sub(MASK, data)

    def search(self, data: bytes, start: int) -> tuple[int, int] | None:
        """Where the first value from ``start`` begins and ends."""
        found = self._regex.search(data, start) if self._regex else None
        return found and found.span()

    def text(self, words: str) -> str:
        if self._regex is None:
            return words
        return self.masked(words.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def json(self, value: Json) -> Json:
        """A copy with every text masked, the keys too, and numbers that show a value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.json(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.json(item) for item in value]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return MASK.decode() if number and self.shows(str(value)) else value

    def document(self, data: bytes) -> bytes:
        """A JSON text, still one afterwards; anything else as bytes."""
        try:
            return json.dumps(self.json(json.loads(data))).encode()
        except (ValueError, RecursionError):
            return self.masked(data)

    def shows(self, words: str) -> bool:
        """Whether a value can be read in it."""
        return self._regex is not None and self.text(words) != words

    def is_one(self, words: str) -> bool:
        """Whether it is a value and nothing else."""
        return self._regex is not None and self.text(words) == MASK.decode()

    def stream(self) -> "Stream":
        """For data that comes in pieces."""
        return Stream(self)


class Stream:
    """Gives out what it is fed, masked; holds back only what may be the beginning of a value.

    Wherever the data is cut, the outcome is the same as of all of it at once.
    """

    def __init__(self, masks: Masks) -> None:
        self._masks = masks
        self._held = b""
        self._firsts = {form[:1] for form in masks.patterns}
        self._longest = max((len(form) for form in masks.patterns), default=0)

    def feed(self, data: bytes) -> bytes:
        if not self._masks:
            return data
        data = self._held + data
        out: list[bytes] = []
        at = 0
        while True:
            cut = self._beginning(data, at)
            found = self._masks.search(data, at)
            if found is None or found[0] >= cut:
                self._held = data[cut:]
                return b"".join([*out, data[at:cut]])
            out += [data[at : found[0]], MASK]
            at = found[1]

    def end(self) -> bytes:
        """What was held back, when nothing more comes."""
        held, self._held = self._held, b""
        return self._masks.masked(held)

    def _beginning(self, data: bytes, start: int) -> int:
        """The first place from ``start`` where a value may have begun that is not complete yet, else the
        end."""
        for place in range(max(start, len(data) - self._longest + 1), len(data)):
            if data[place : place + 1] in self._firsts:
                rest = data[place:]
                if any(len(rest) < len(form) and form.startswith(rest) for form in self._masks.patterns):
                    return place
        return len(data)
