"""Storage of ports.schedules."""

from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting


class SqlScheduleReader(SqlReading): ...


class SqlScheduleWriter(SqlWriting): ...


class MemorySchedules(MemoryPart): ...
