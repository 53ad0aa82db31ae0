"""Every message exists, in both languages, with the values it is given, and is used."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pytest

from headrace.core.messages import CATALOGUE
from tests.tidy.tree import SOURCE, name_of, syntax

# Calls that name a message: the position of the code, and of the mapping of values (None: keywords).
_PLACES = {
    "Refused": (1, 2),
    "Problem": (1, 2),
    "Broken": (0, 1),
    "wrong_state": (0, None),
}
_FAULTS = {"add": 1, "unknown": 1}  # methods of the definition's fault collector
_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff}][,;:!?(]|[,;:!?)][\u4e00-\u9fff]")
_YAML = re.compile(r"\{\{.*?\}\}")


@dataclass(frozen=True)
class Use:
    """One place in the source that names a message."""

    where: str
    code: str
    values: frozenset[str] | None  # None: not to be seen from here


def test_every_code_has_a_message() -> None:
    unknown = sorted({f"{use.where} {use.code}" for use in _uses() if use.code not in CATALOGUE})
    assert unknown == []


def test_messages_get_the_values_they_show() -> None:
    lacking = [
        f"{use.where} {use.code}: {sorted(_fields(CATALOGUE[use.code][0]) - use.values)}"
        for use in _uses()
        if use.values is not None and use.code in CATALOGUE and _fields(CATALOGUE[use.code][0]) - use.values
    ]
    assert lacking == []


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_both_languages_say_the_same(code: str) -> None:
    english, chinese = CATALOGUE[code]
    assert english.strip()
    assert chinese.strip()
    assert _fields(english) == _fields(chinese)
    assert all(name.isidentifier() for name in _fields(english))
    if any(letter.isalpha() for literal, *_ in Formatter().parse(english) for letter in literal):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), "the second text is zh-CN"


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_chinese_has_its_own_punctuation(code: str) -> None:
    chinese = _YAML.sub("", CATALOGUE[code][1])
    if any("\u4e00" <= letter <= "\u9fff" for letter in chinese):
        assert _HALF_WIDTH.search(chinese) is None


def test_no_message_is_unused() -> None:
    words, beginnings, endings = _words()
    unused = [
        code
        for code in CATALOGUE
        if code not in words
        and not any(code.startswith(start) for start in beginnings)
        and not any(code.endswith(end) and code.removesuffix(end) in words for end in endings)
    ]
    assert unused == []


def _sources() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if "messages" not in path.parts]


def _uses() -> Iterator[Use]:
    for path in _sources():
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Call):
                yield from _of_call(f"{name_of(path)}:{node.lineno}", node)


def _of_call(where: str, call: ast.Call) -> Iterator[Use]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _PLACES:
        place, values_at = _PLACES[name]
        for code in _constants(call.args[place : place + 1]):
            yield Use(where, code, _given(call, values_at))
    elif name in _FAULTS and isinstance(call.func, ast.Attribute) and _ends_with_faults(call.func.value):
        given = _keywords(call)
        extra = frozenset({"found", "known"}) if name == "unknown" else frozenset()
        for code in _constants(call.args[1:2]):
            yield Use(where, code, None if given is None else given | extra)
            if name == "unknown":
                yield Use(where, f"{code}_near", None if given is None else given | extra | {"near"})


def _ends_with_faults(node: ast.expr) -> bool:
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "faults"


def _constants(nodes: list[ast.expr]) -> list[str]:
    """The texts an argument may be; ``a if b else c`` may be two."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, ast.IfExp):
            found += _constants([node.body, node.orelse])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def _given(call: ast.Call, values_at: int | None) -> frozenset[str] | None:
    if values_at is None:
        return _keywords(call)
    if any(keyword.arg in ("values", None) for keyword in call.keywords) or len(call.args) <= values_at:
        return frozenset() if not call.keywords else None
    values = call.args[values_at]
    if not isinstance(values, ast.Dict) or not all(isinstance(key, ast.Constant) for key in values.keys):
        return None
    return frozenset(str(key.value) for key in values.keys if isinstance(key, ast.Constant))


def _keywords(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _words() -> tuple[set[str], set[str], set[str]]:
    """All texts of the source, and the fixed beginnings and endings of those put together there."""
    words: set[str] = set()
    beginnings: set[str] = set()
    endings: set[str] = set()
    for path in _sources():
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
            elif isinstance(node, ast.JoinedStr) and len(node.values) == 2:
                first, last = node.values
                beginnings |= {text for text in _constants([first]) if text.endswith("_")}
                endings |= {text for text in _constants([last]) if text.startswith("_")}
    return words, beginnings, endings
