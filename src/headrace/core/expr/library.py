"""The library's errors as messages of ours. What none of these is stays in the library's own words."""

import re

from headrace.core.expr.tokens import tokens
from headrace.core.messages import text

Told = tuple[str, dict[str, str]]

LONGEST = 500  # characters of the library's own words
_UNDEFINED = re.compile(r"Undefined variable or function: '(?P<name>[^']*)'")
_FAILURES = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"No such overload", "said_overload"),
        (r"Unsupported operation: (?P<operation>.+?)\. CEL", "said_operation"),
        (r"(?:division|modulo) by zero", "said_zero"),
        (r"index out of bounds: (?P<index>-?\d+)", "said_index"),
        (r"Unexpected type: got '(?P<found>\w+)', want '(?P<need>[^']*)'", "said_type"),
        (r"Function 'matches' error", "said_pattern"),
        (r"Function '(?P<function>\w+)' error", "said_conversion"),
        (r"Arithmetic overflow in '\w+' on (?P<left>\S+) and (?P<right>\S+)\.", "said_overflow"),
    )
)
_UNREADABLE = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"Syntax error: (?:mismatched|extraneous) input '<EOF>'", "said_syntax_end"),
        (r"Syntax error: missing '(?P<missing>.+?)' at", "said_syntax_missing"),
        (r"Syntax error: token recognition error at: '[\"']", "said_syntax_quote"),
        (r"Syntax error: \D+? '(?P<found>.*?)'(?: expecting .*)?$", "said_syntax"),
        (r"reserved identifier: (?P<found>\w+)", "said_syntax_word"),
        (r"Incomplete .*_\?_:_", "said_syntax_else"),
        (r"Incomplete ", "said_syntax_end"),
        (r"invalid argument to has\(\)", "said_syntax_has"),
        (r"argument must be a simple name", "said_syntax_element"),
        (r"invalid \w+ literal", "said_syntax_literal"),
    )
)
_PLACE = re.compile(r"(?P<line>\d+):(?P<column>\d+): ")
_WANTED = {
    "int": "wanted_whole",
    "uint": "wanted_whole",
    "double": "wanted_any_number",
    "timestamp": "wanted_instant",
    "duration": "wanted_duration",
}
# what other languages write
_MEANT = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "=": "==",
    "is": "==",
    "True": "true",
    "False": "false",
    "None": "null",
}


def undefined(error: Exception) -> str | None:
    """The name that stands for nothing: of a variable, or of a function with arguments it does not take."""
    found = _UNDEFINED.search(str(error))
    return found["name"] if found else None


def meant(name: str) -> str | None:
    """What a word of another language is in an expression."""
    return _MEANT.get(name)


def failure_of(error: Exception) -> Told | None:
    """Why values do not suit an expression."""
    words = str(error)
    for pattern, code in _FAILURES:
        found = pattern.search(words)
        if found is not None:
            values = found.groupdict()
            if code == "said_conversion":
                values["wanted"] = text(_WANTED.get(values["function"], "wanted_other"), {})
            return code, values
    return None


def unreadable(error: Exception, source: str) -> str:
    """Why a source is no expression, and where."""
    words = own_words(error)
    place = _PLACE.match(words)
    if place is None:
        return words
    for token in tokens(source):
        if token.kind != "text" and token.text in _MEANT:
            return text("said_syntax_meant", {"found": token.text, "meant": _MEANT[token.text]})
    for pattern, code in _UNREADABLE:
        found = pattern.match(words, place.end())
        if found is not None:
            return text(code, {**place.groupdict(), **found.groupdict()})
    return words


def own_words(error: Exception) -> str:
    """The library's message without its frame, on one line, at most 500 characters."""
    words = str(error)
    _, found, rest = words.partition("ERROR: <input>:")
    words = rest if found else words
    return " ".join(words.split("\n| ")[0].split())[:LONGEST]
