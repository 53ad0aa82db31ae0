"""See the parts of it below."""

from typing import Protocol


class ScheduleReader(Protocol): ...


class ScheduleWriter(Protocol): ...
