"""Storage of ports.invocations."""

from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting


class SqlInvocationReader(SqlReading): ...


class SqlInvocationWriter(SqlWriting): ...


class MemoryInvocations(MemoryPart): ...
