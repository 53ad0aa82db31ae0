"""Text to a document: YAML or JSON, within limits, with the place of every mistake."""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal, NoReturn

import yaml

from headrace.core.definition.faults import shown
from headrace.core.definition.shape import MAX_DEPTH
from headrace.core.refusal import Problem, Refused
from headrace.usecases.definitions.building import Builder

Json = Any

MAX_BYTES = 2_000_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read_document(
    content: str | bytes, syntax: Literal["yaml", "json"] | None = None, limit: int = MAX_BYTES
) -> Mapping[str, Json]:
    """The document in the text; without ``syntax`` a text that is JSON is read as JSON, any other as YAML.

    Raises Refused: kind "limit" for a text of more than ``limit`` bytes, nesting beyond 64 levels, or too
    many values; "invalid" with line and column for a mistake.
    """
    text = _decode(content, limit)
    if not text.strip():
        raise Refused("invalid", "definition_empty")
    control = _CONTROL.search(text)
    if control:
        _syntax(text, control.start(), f"the character {ascii(control[0])[1:-1]} is not allowed")
    value = _read(text, syntax)
    if value is None:
        raise Refused("invalid", "definition_empty")
    if not isinstance(value, Mapping):
        problem = Problem("", "definition_type_mapping", {"found": shown(value)})
        raise Refused("invalid", "definition_invalid", {"count": 1}, [problem])
    return value


def _read(text: str, syntax: str | None) -> Json:
    if syntax == "json":
        return _json(text)
    if syntax is None and text.lstrip().startswith("{"):
        try:
            return _json(text)
        except Refused as refused:
            if refused.code != "definition_syntax":
                raise
    return _yaml(text)


def _decode(content: str | bytes, limit: int) -> str:
    size = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise Refused("limit", "definition_too_long", {"size": size, "limit": limit})
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        values = {"position": error.start + 1, "found": f"0x{content[error.start]:02x}"}
        raise Refused("invalid", "definition_encoding", values) from None


def _yaml(text: str) -> Json:
    try:
        return Builder().build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        _at(line, column, _problem(text, line, column, error))
    except yaml.reader.ReaderError as error:
        _syntax(text, error.position, error.reason)


def _problem(text: str, line: int, column: int, error: yaml.MarkedYAMLError) -> str:
    lines = text.splitlines()[line - 1 : line]
    if lines and lines[0][column - 1 : column] == "\t":
        return "found a tab; indent with spaces"
    return ", ".join(part for part in (error.context, error.problem) if part)


def _json(text: str) -> Json:
    _refuse_deep(text)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)
    except json.JSONDecodeError as error:
        _at(error.lineno, error.colno, error.msg)


def _refuse_deep(text: str) -> None:
    """Counted outside of strings, before the parser recurses."""
    depth = 0
    for mark in re.findall(r'"(?:\\.|[^"\\])*"|[][{}]', text):
        depth += (mark in "[{") - (mark in "]}")
        if depth > MAX_DEPTH:
            raise Refused("limit", "definition_too_deep", {"limit": MAX_DEPTH})


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made: dict[str, Json] = {}
    for key, value in pairs:
        if key in made:
            raise Refused("invalid", "definition_key_again", {"key": key[:100]})
        made[key] = value
    return made


def _constant(word: str) -> NoReturn:
    raise Refused("invalid", "definition_not_json", {"found": word})


def _integer(digits: str) -> int:
    if len(digits) > 20:
        raise Refused("invalid", "definition_not_json", {"found": f"{digits[:20]}…"})
    return int(digits)


def _syntax(text: str, position: int, error: str) -> NoReturn:
    line = text.count("\n", 0, position) + 1
    _at(line, position - text.rfind("\n", 0, position), error)


def _at(line: int, column: int, error: str) -> NoReturn:
    raise Refused("invalid", "definition_syntax", {"line": line, "column": column, "error": error})
