"""Storage of ports.vault."""

from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting


class SqlVaultReader(SqlReading): ...


class SqlVaultWriter(SqlWriting): ...


class MemoryVault(MemoryPart): ...
