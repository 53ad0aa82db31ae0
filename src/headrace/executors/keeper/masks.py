"""Secret values taken out of what work prints and answers: as they are, and in the usual disguises.

Standard library only: a keeper uses it on streams.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

Json = Any
MASK = b"******"
SHORTEST = 4  # bytes; of a disguise, or of a line of a secret with several
LONG_LINE = 8  # bytes; shorter lines of such a secret are too common to be masked
UNQUOTED = ("", "/", "*", "!'()*", "!#$&'()*+,/:;=?@")
"""What programs leave as it is in a URL: most, Python, Java and forms of browsers, and a browser's
``encodeURIComponent`` and ``encodeURI``."""


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


def forms(value: str) -> set[bytes]:
    """How a value may appear: plain, in JSON, in a URL, in base64 wherever it begins; its lines too."""
    lines = [line for line in value.splitlines() if len(line.encode("utf-8", "surrogatepass")) >= LONG_LINE]
    found: set[bytes] = set()
    for part in {value, value.strip(), *lines}:
        raw = part.encode("utf-8", "surrogatepass")
        found |= {raw, json.dumps(part)[1:-1].encode()}
        found.add(json.dumps(part, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass"))
        for quoted in _quoted(raw):
            found |= {quoted.encode(), re.sub("%..", lambda m: m[0].lower(), quoted).encode()}
        found |= _base64(raw)
    return {form for form in found if len(form) >= SHORTEST}


def _quoted(raw: bytes) -> set[str]:
    """For a URL: programs differ in what they leave as it is, and in how they write a space."""
    found = {encode(raw, safe=safe) for encode in (quote, quote_plus) for safe in UNQUOTED}
    return found | {quoted.replace("~", "%7E") for quoted in found}


def _base64(raw: bytes) -> set[bytes]:
    """The characters that the value determines, for each of the three places it may begin at."""
    found: set[bytes] = set()
    for offset, unsure in ((0, 0), (1, 2), (2, 3)):
        sure = (offset + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * offset + raw)[unsure:]
            found |= {whole[: sure - unsure], whole, whole.rstrip(b"=")}  # the latter where it ends
    lines = base64.b64encode(raw)[: len(raw) * 8 // 6]
    for width in (64, 76):  # as programs break it into lines
        found |= {lines[i : i + width] for i in range(0, len(lines), width)}
    return {form for form in found if len(form) > SHORTEST}
