"""The one error of the core: a request is refused, with a reason fit for a person.

A refusal carries a stable code and values; ``core.messages`` turns them into zh-CN or English text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a document or a parameter.

    ``path`` names the place (``spec.nodes[2].after[0]``), ``code`` the message, ``values`` what was
    found and what would be right.
    """

    path: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


class Refused(Exception):
    """The request is understood and declined; nothing was changed.

    ``kind`` classifies it once for every surface:
    ``invalid`` (bad input), ``state`` (not legal now), ``forbidden`` (not by you),
    ``rollback_forbidden``, ``limit`` (too large), ``exists`` (name taken), ``stale`` (edited by another
    since it was read), ``unconditional`` (an edit that does not say which state it was made for),
    ``unauthenticated``, ``throttled`` (too often; the value ``seconds`` says when again).
    """

    def __init__(
        self,
        kind: str,
        code: str,
        values: Mapping[str, object] | None = None,
        problems: Sequence[Problem] = (),
    ) -> None:
        super().__init__(code)
        self.kind = kind
        self.code = code
        self.values: Mapping[str, object] = values or {}
        self.problems = tuple(problems)
