"""Storage of ports.alarms."""

from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting


class SqlAlarmReader(SqlReading): ...


class SqlAlarmWriter(SqlWriting): ...


class MemoryAlarms(MemoryPart): ...
