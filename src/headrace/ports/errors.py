"""What can go wrong at a seam, in four words. ``api.http`` turns them into statuses, once.

``Refused`` (re-exported from the core): declined, nothing changed. ``Conflict``: somebody was faster,
load again and retry. ``Gone``: not there, or another tenant's. ``Broken``: the machinery failed
(disk full, database away); the request may be repeated later.
"""

from collections.abc import Mapping
from typing import TypeVar

from headrace.core.refusal import Problem, Refused

__all__ = ["Broken", "Conflict", "Gone", "Problem", "Refused", "existing"]

T = TypeVar("T")


class Conflict(Exception):
    """The stored state is not the one this change was made for; nothing was written."""


class Gone(Exception):
    """There is no such object for this tenant. ``what`` is a word of the glossary."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"{what} {key}")
        self.what = what
        self.key = key


def existing(found: T | None, what: str, key: object) -> T:
    """What was looked for; Gone where nothing was found."""
    if found is None:
        raise Gone(what, key)
    return found


class Broken(Exception):
    """The machinery cannot do it now. ``code`` names the message (disk_full, database_down, …)."""

    def __init__(self, code: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values: Mapping[str, object] = values or {}
