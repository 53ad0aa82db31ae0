"""Sentences that were written down in English, told again in the reader's language.

What becomes of a step is stored as the English sentence: scripts, logs and rows of any age hold the same
text. Which message it is, and with which values, is found by the catalogue's own templates; what is none of
them (a program's last words) stays as it is.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter

from headrace.core.messages import CATALOGUE, Language, text

ELSEWHERE = ("cli_", "title_", "noun_", "alarm_")  # never stored with a run or a step
WITHIN = frozenset({"why", "wanted", "error"})  # values that may be sentences of ours themselves
KIND = "what"  # of the value that names a kind of thing: workflow, secret
THINGS = "users"  # of the value that lists things with their kinds: workflow x, connection y
LETTERS_MIN = 6  # a template with less of its own fits too much
LONGEST = 20_000  # characters; longer texts are nobody's sentence


def retold(message: str | None, language: Language) -> str | None:
    """The same in ``language``. A code that was stored bare becomes its message."""
    if message is None or message in CATALOGUE:
        return message and text(message, {}, language)
    if language == "en" or len(message) > LONGEST:
        return message
    return _translated(message)


def values_in(values: Mapping[str, object], language: Language) -> dict[str, object]:
    """A message's values; sentences of ours, and kinds of things, among them in ``language``."""
    return {name: _value(name, value, language) for name, value in values.items()}


def _value(name: str, value: object, language: Language) -> object:
    if not isinstance(value, str):
        return value
    if name == KIND:
        return noun(value, language)
    if name == THINGS:
        each = (thing.partition(" ") for thing in value.split(", "))
        return ", ".join(f"{noun(kind, language)} {rest}".strip() for kind, _, rest in each)
    return retold(value, language) if name in WITHIN else value


def noun(word: str, language: Language) -> str:
    """A word of the glossary in the reader's language; another one as it is."""
    code = f"noun_{word.replace(' ', '_')}"
    return text(code, {}, language) if code in CATALOGUE else word


@lru_cache(maxsize=4096)
def _translated(message: str) -> str:
    plain, templates = _known()
    code = plain.get(message)
    if code is not None:
        return text(code, {}, "zh")
    for code, literal, pattern in templates:
        match = pattern.fullmatch(message) if literal in message else None
        if match is not None:
            return text(code, values_in(match.groupdict(), "zh"), "zh")
    return message


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], list[tuple[str, str, re.Pattern[str]]]]:
    """Codes of sentences without values by their text, and patterns of the others, the most telling first."""
    plain: dict[str, str] = {}
    found: list[tuple[int, int, str, str, re.Pattern[str]]] = []
    for code, (english, _) in CATALOGUE.items():
        if code.startswith(ELSEWHERE):
            continue
        parts = list(Formatter().parse(english))
        literals = [literal for literal, *_ in parts]
        if all(name is None for _, name, *_ in parts):
            plain.setdefault("".join(literals), code)
        elif (own := sum(letter.isalpha() for literal in literals for letter in literal)) >= LETTERS_MIN:
            found.append((-own, -len(parts), code, max(literals, key=len), _pattern(parts)))
    return plain, [each[2:] for each in sorted(found, key=lambda each: each[:3])]


def _pattern(parts: list[tuple[str, str | None, str | None, str | None]]) -> re.Pattern[str]:
    seen: set[str] = set()
    source = ""
    for literal, name, *_ in parts:
        source += re.escape(literal)
        if name is not None:
            source += f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
            seen.add(name)
    return re.compile(source, re.DOTALL)
