"""See the parts of it below."""

from typing import Protocol


class InvocationReader(Protocol): ...


class InvocationWriter(Protocol): ...
