"""Expressions with their loops metered.

The library's ``map`` and ``filter`` copy the list they build at every element (four seconds for ten
thousand), and nothing in it bounds a loop in a loop. So ``X.filter(v, p)`` becomes a walk with ``all`` that
pushes what it keeps to a list of ours, and every loop's body counts a turn.
"""

import re
from dataclasses import dataclass, field

from headrace.core.expr.tokens import Token, tokens

OPEN, PUSH, TAKE, TICK = "hr__open", "hr__push", "hr__take", "hr__tick"
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_LOOPS = {"all": 2, "exists": 2, "exists_one": 2, "existsOne": 2, "filter": 2, "map": 2}
_COMPARING = {"==", "!=", "in"}
_PATH = re.compile(r"[A-Za-z_]\w*(?: \. [A-Za-z_]\w*)*")
_KEY = re.compile(r"""(["'])([^"'\\()\[\]{}]*)\1""")  # steps["sign-off"]
_LITERAL = re.compile(r"(?:true|false|null|[0-9.][^ ]*|['\"rRbB].*)", re.DOTALL)


@dataclass(slots=True)
class Findings:
    """What the source does, as far as its cost depends on it."""

    paths: set[tuple[str, ...]] = field(default_factory=set)  # names looked up: ("params", "service")
    comparisons: list[tuple[str, ...] | None] = field(default_factory=list)  # the side known to be small
    bound: set[str] = field(default_factory=set)  # names that loops give to their elements
    loops: int = 0
    sums: int = 0
    scans: int = 0  # text functions
    patterns: int = 0  # units of compiling the regular expressions once


@dataclass(slots=True)
class Rewriter:
    """One pass over the tokens; ``findings`` fill on the way."""

    todo: list[Token]
    at: int = 0
    findings: Findings = field(default_factory=Findings)
    handles: int = 0

    def arguments(self, closing: str) -> list[str]:
        """The comma-separated expressions up to ``closing`` (empty: the end), rewritten."""
        done: list[str] = []
        line = _Line(self)
        while self.at < len(self.todo) and self.todo[self.at].text != closing:
            token = self.todo[self.at]
            self.at += 1
            if token.text == "," and token.kind == "mark":
                done.append(line.finish())
                line = _Line(self)
            else:
                line.take(token)
        self.at += 1
        last = line.finish()
        return [*done, last] if done or last else []

    def loop(self, receiver: str, name: str, given: list[str]) -> str:
        """A macro call with its body metered; anything else is left as written."""
        if name not in _LOOPS or len(given) < 2:
            return f"{receiver} . {name} ( {' , '.join(given)} )"
        self.findings.loops += 1
        variable, *rest = given
        self.findings.bound.add(variable)
        if name in ("map", "filter"):
            return self._collect(receiver, name, variable, rest)
        return f"{receiver} . {name} ( {variable} , {TICK} ( ) ? ( {rest[0]} ) : false )"

    def _collect(self, receiver: str, name: str, variable: str, rest: list[str]) -> str:
        self.handles += 1
        handle = f"hr__{self.handles}"
        value = variable if name == "filter" else rest[-1]
        body = f"{PUSH} ( {handle} , {value} )"
        if name == "filter" or len(rest) == 2:
            body = f"{TICK} ( ) && ( ( {rest[0]} ) ? {body} : true )"
        walk = f"{receiver} . all ( {variable} , {body} )"
        return f"[ {OPEN} ( ) ] . map ( {handle} , {TAKE} ( {handle} , {walk} ) ) [ 0 ]"


class _Line:
    """One expression on its way; ``chain`` is where the operand at its end begins (``a.b[0].c``)."""

    def __init__(self, owner: Rewriter) -> None:
        self.owner = owner
        self.out: list[str] = []
        self.chain: int | None = None
        self.compared: str | None = None  # the left side of a comparison that awaits its right one

    def take(self, token: Token) -> None:
        if token.kind == "mark" and token.text in _CLOSING:
            self._bracket(token.text)
        elif token.kind == "mark" and token.text == ".":
            self._continue(token.text)
        elif token.kind == "mark" or token.text == "in":
            self._operator(token.text)
        elif self.out and self.out[-1] == "." and self.chain is not None:
            self.out.append(token.text)
        else:
            self.chain = len(self.out)
            self.out.append(token.text)

    def finish(self) -> str:
        self._leave()
        return " ".join(self.out)

    def _continue(self, text: str) -> None:
        if self.chain is None:
            self.chain = len(self.out)
        self.out.append(text)

    def _bracket(self, opening: str) -> None:
        closing = _CLOSING[opening]
        if self.chain is None or opening == "{":
            self.chain = len(self.out) if self.chain is None else self.chain
            self.out.append(f"{opening} {' , '.join(self.owner.arguments(closing))} {closing}")
        elif opening == "(":
            self._call()
        else:
            self._index(" ".join(self.out[self.chain :]))

    def _index(self, receiver: str) -> None:
        given = " , ".join(self.owner.arguments("]"))
        key = _KEY.fullmatch(given)
        self._note_path(f"{receiver} . {key[2]}" if key and _PATH.fullmatch(receiver) else receiver)
        self.out.append(f"[ {given} ]")

    def _call(self) -> None:
        assert self.chain is not None
        name = self.out[-1]
        self._count(name)
        method = len(self.out) - self.chain >= 3 and self.out[-2] == "."
        receiver = " ".join(self.out[self.chain : -2]) if method else ""
        self._note_path(receiver)
        given = self.owner.arguments(")")
        text = self.owner.loop(receiver, name, given) if method else f"{name} ( {' , '.join(given)} )"
        self.out[self.chain :] = [text]

    def _count(self, name: str) -> None:
        findings = self.owner.findings
        if name == "matches":
            findings.patterns += self._pattern_units()
        if name in ("matches", "contains", "size", "string", "bytes", "int", "double", "uint"):
            findings.scans += 1

    def _pattern_units(self) -> int:
        """Compiling a regular expression again at each turn is what costs; counted repetitions most."""
        following = self.owner.todo[self.owner.at : self.owner.at + 2]
        literal = next((token.text for token in following if token.kind == "text"), None)
        return 5_000 if literal is None or "{" in literal or "\\p" in literal else 20 + 5 * len(literal)

    def _operator(self, text: str) -> None:
        operand = self._leave()
        self.owner.findings.sums += text == "+"
        if text in _COMPARING:
            self.compared = operand
        self.chain = None
        self.out.append(text)

    def _leave(self) -> str:
        """The operand at the end is complete."""
        operand = " ".join(self.out[self.chain :]) if self.chain is not None else ""
        self._note_path(operand)
        if self.compared is not None:
            self.owner.findings.comparisons.extend(_small_side(self.compared, operand))
            self.compared = None
        return operand

    def _note_path(self, text: str) -> None:
        names = text.removeprefix(". ").split(" . ")
        if _PATH.match(names[0]) and not any(mark in text for mark in "()[]{}\"'"):
            self.owner.findings.paths.add(tuple(names))


def _small_side(left: str, right: str) -> list[tuple[str, ...] | None]:
    """Nothing where a side is a literal; else the side that can be looked up, or None."""
    if _LITERAL.fullmatch(left) or _LITERAL.fullmatch(right):
        return []
    for side in (right, left):
        if _PATH.fullmatch(side):
            return [tuple(side.split(" . "))]
    return [None]


def rewrite(source: str) -> tuple[str, Findings]:
    """The metered source of an expression that parses, and what was found in it."""
    rewriter = Rewriter(tokens(source))
    return " , ".join(rewriter.arguments("")), rewriter.findings
