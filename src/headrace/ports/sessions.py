"""See the parts of it below."""

from typing import Protocol


class SessionReader(Protocol): ...


class SessionWriter(Protocol): ...
