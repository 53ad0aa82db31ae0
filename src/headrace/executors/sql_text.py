"""Cutting a text into SQL statements at the semicolons that end one."""

import re
from collections.abc import Iterator

# what may hold a semicolon that ends nothing; a quote or comment that is never closed reaches to the end
_OPAQUE = re.compile(
    r"""
      '(?:[^'\\]|\\.|'')*(?:'|\Z)         # text
    | "(?:[^"]|"")*(?:"|\Z)               # name
    | `[^`]*(?:`|\Z)                      # name in MySQL
    | --[^\n]*                            # comment
    | /\*.*?(?:\*/|\Z)                    # comment
    | (\$(?:[A-Za-z_]\w*)?\$).*?(?:\1|\Z) # text in PostgreSQL
    | ;
    """,
    re.VERBOSE | re.DOTALL,
)


def statements(text: str) -> list[str]:
    """The statements without their semicolons; empty ones and mere comments are left out."""
    return [part.strip() for part in _cut(text) if _says_something(part)]


def _cut(text: str) -> Iterator[str]:
    start = 0
    for match in _OPAQUE.finditer(text):
        if match.group() == ";":
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _says_something(part: str) -> bool:
    rest = _OPAQUE.sub(lambda match: "" if match.group()[:2] in ("--", "/*") else "x", part)
    return bool(rest.strip())
