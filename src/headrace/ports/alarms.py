"""See the parts of it below."""

from typing import Protocol


class AlarmReader(Protocol): ...


class AlarmWriter(Protocol): ...
