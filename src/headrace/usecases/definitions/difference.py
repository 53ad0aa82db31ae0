"""What changed between two documents, as people read it."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from headrace.usecases.definitions.writing import to_yaml

Json = Any
Opcode = tuple[str, int, int, int, int]  # tag, from and to before, from and to after

_COMPARED = 4_000  # changed lines compared one by one; beyond that the whole block counts as replaced
_CONTEXT = 3


def difference(old: Mapping[str, Json] | None, new: Mapping[str, Json] | None) -> str:
    """Unified diff of the canonical YAML; empty where nothing changed. None: there is no document."""
    before = to_yaml(old).splitlines() if old else []
    after = to_yaml(new).splitlines() if new else []
    if before == after:
        return ""
    changes = _Changes(_opcodes(before, after))
    lines = [line for hunk in changes.get_grouped_opcodes(_CONTEXT) for line in _hunk(hunk, before, after)]
    return "\n".join(["--- before", "+++ after", *lines, ""])


class _Changes(SequenceMatcher[str]):
    """Groups opcodes that are known already."""

    def __init__(self, known: list[Opcode]) -> None:
        super().__init__(None, "", "")
        self._known = known

    def get_opcodes(self) -> list[Any]:
        return self._known


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """Only what lies between the shared head and the shared tail is compared: long documents stay quick."""
    head, tail = _shared(before, after)
    end, new_end = len(before) - tail, len(after) - tail
    middle: list[Opcode] = [("replace", head, end, head, new_end)]
    if (end - head) + (new_end - head) <= _COMPARED:
        found = SequenceMatcher(None, before[head:end], after[head:new_end], autojunk=False).get_opcodes()
        middle = [(tag, i + head, j + head, k + head, n + head) for tag, i, j, k, n in found]
    return [
        ("equal", 0, head, 0, head),
        *middle,
        ("equal", end, len(before), new_end, len(after)),
    ]


def _shared(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines the two share at the head and, beyond it, at the tail."""
    shortest = min(len(before), len(after))
    head = next((i for i in range(shortest) if before[i] != after[i]), shortest)
    rest = shortest - head
    return head, next((i for i in range(rest) if before[-1 - i] != after[-1 - i]), rest)


def _hunk(hunk: Sequence[Any], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    first, last = hunk[0], hunk[-1]
    yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
    for tag, i, j, k, n in hunk:
        if tag == "equal":
            yield from (f" {line}" for line in before[i:j])
        else:
            yield from (f"-{line}" for line in before[i:j])
            yield from (f"+{line}" for line in after[k:n])


def _range(start: int, end: int) -> str:
    length = end - start
    return f"{start + (1 if length else 0)},{length}"
