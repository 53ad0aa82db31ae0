"""Collects everything that is wrong with a document, so that its author sees it all at once."""

import json
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Any

from headrace.core.refusal import Problem, Refused

_MOST_SUGGESTIONS = 50  # near misses are searched for so many problems of a document, not more
_MOST_CANDIDATES = 2_000
_MOST_LISTED = 40
_SHOWN = 80  # characters of a wrong value


class Faults:
    """The problems of one document, in the order they were found."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._suggestions = 0

    def add(self, path: str, code: str, **values: object) -> None:
        self.problems.append(Problem(path, code, values))

    def unknown(self, path: str, code: str, found: str, known: Collection[str], **values: object) -> None:
        """``code`` with the known words, or ``code_near`` with the one that was probably meant."""
        near = self._near(found, known)
        few = sorted(known) if len(known) <= _MOST_LISTED else [*islice(known, _MOST_LISTED), "…"]
        if near is None:
            self.add(path, code, found=shorten(found), known=", ".join(few) or "-", **values)
        else:
            self.add(path, f"{code}_near", found=shorten(found), near=near, known=", ".join(few), **values)

    def raise_any(self) -> None:
        """Refused with all problems, if there are any."""
        if self.problems:
            count = len(self.problems)
            raise Refused("invalid", "definition_invalid", {"count": count}, self.problems)

    def _near(self, found: str, known: Collection[str]) -> str | None:
        if self._suggestions >= _MOST_SUGGESTIONS or len(known) > _MOST_CANDIDATES or len(found) > 200:
            return None
        self._suggestions += 1
        lower = {word.lower(): word for word in sorted(known)}
        near = get_close_matches(found.lower(), list(lower), 1, cutoff=0.6)
        return lower[near[0]] if near else None


def shorten(text: str) -> str:
    """At most 80 characters."""
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def shown(value: Any) -> str:
    """A value as it is quoted in a message: JSON, shortened."""
    if isinstance(value, str):
        return json.dumps(shorten(value), ensure_ascii=False)
    if isinstance(value, dict | list | tuple) and len(value) > 20:
        return f"{type(value).__name__}[{len(value)}]"
    try:
        return shorten(json.dumps(value, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return shorten(type(value).__name__)


def listed(words: Iterable[str]) -> str:
    """``a, b, c``"""
    return ", ".join(words)
