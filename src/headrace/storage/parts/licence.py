"""The installed licence: at most one row."""

from typing import Any

import sqlalchemy as sa

from headrace.ports.licence import LicenceRecord
from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting
from headrace.storage.rows import decode, encode
from headrace.storage.tables import Id, Instant, Json, Text, Word, metadata

ONLY = 1

licence = sa.Table(
    "licence",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("text", Text, nullable=False),
    sa.Column("claims", Json, nullable=False),
    sa.Column("fault", Word),
    sa.Column("installed_at", Instant, nullable=False),
    sa.Column("installed_by", Text, nullable=False),
)


class SqlLicenceReader(SqlReading):
    def licence(self) -> LicenceRecord | None:
        return self._one(sa.select(licence).where(licence.c.id == ONLY), _record)


class SqlLicenceWriter(SqlWriting):
    def set_licence(self, record: LicenceRecord | None) -> None:
        self._connection.execute(sa.delete(licence))
        if record is not None:
            values = {
                "id": ONLY,
                "text": record.text,
                "claims": encode(record.claims),
                "fault": record.fault,
                "installed_at": record.installed_at,
                "installed_by": record.installed_by,
            }
            self._connection.execute(sa.insert(licence).values(values))


class MemoryLicence(MemoryPart):
    def __init__(self) -> None:
        super().__init__()
        self._licence: dict[int, LicenceRecord] = {}

    def licence(self) -> LicenceRecord | None:
        return self._licence.get(ONLY)

    def set_licence(self, record: LicenceRecord | None) -> None:
        if record is None:
            self._delete(self._licence, ONLY)
        else:
            self._set(self._licence, ONLY, record)


def _record(row: Any) -> LicenceRecord:
    return LicenceRecord(row.text, decode(row.claims), row.fault, row.installed_at, row.installed_by)
