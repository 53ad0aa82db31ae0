"""Storage of ports.sessions."""

from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting


class SqlSessionReader(SqlReading): ...


class SqlSessionWriter(SqlWriting): ...


class MemorySessions(MemoryPart): ...
