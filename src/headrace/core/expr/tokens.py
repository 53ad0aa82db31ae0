"""CEL source as tokens: just enough to see names, calls, operators and brackets."""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<text>(?:[bB][rR]?|[rR][bB]?)?
        (?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  | (?P<number>0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?)
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<mark>==|!=|<=|>=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of source; ``kind`` is text, number, name or mark."""

    kind: str
    text: str


def tokens(source: str) -> list[Token]:
    """All tokens of an expression that is known to parse; spaces and comments are dropped."""
    found = (Token(match.lastgroup or "mark", match.group()) for match in _TOKEN.finditer(source))
    return [token for token in found if token.kind != "space"]
