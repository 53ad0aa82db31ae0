"""Tokens for starting workflows from outside."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from headrace.ports.invocations import InvocationToken
from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting
from headrace.storage.tables import Id, Instant, Text, metadata

invocation_token = sa.Table(
    "invocation_token",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("tenant", Id, nullable=False),
    sa.Column("workflow_id", Id, nullable=False),
    sa.Column("label", Text, nullable=False),
    sa.Column("digest", Text, nullable=False, unique=True),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("user", Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("last_used_at", Instant),
)
sa.Index("invocation_token_by_workflow", invocation_token.c.tenant, invocation_token.c.workflow_id)


class SqlInvocationReader(SqlReading):
    def invocation_tokens(self, tenant: int, workflow_id: int) -> Sequence[InvocationToken]:
        c = invocation_token.c
        query = sa.select(invocation_token).where(c.tenant == tenant, c.workflow_id == workflow_id)
        return self._all(query.order_by(c.id.desc()), _token)

    def invocation_token(self, digest: str) -> InvocationToken | None:
        return self._one(sa.select(invocation_token).where(invocation_token.c.digest == digest), _token)


class SqlInvocationWriter(SqlWriting):
    def put_invocation_token(self, record: InvocationToken) -> None:
        self._put(invocation_token, asdict(record))

    def delete_invocation_tokens(self, tenant: int, workflow_id: int) -> None:
        c = invocation_token.c
        self._connection.execute(
            sa.delete(invocation_token).where(c.tenant == tenant, c.workflow_id == workflow_id)
        )


class MemoryInvocations(MemoryPart):
    def __init__(self) -> None:
        super().__init__()
        self._invocation_tokens: dict[int, InvocationToken] = {}

    def invocation_tokens(self, tenant: int, workflow_id: int) -> Sequence[InvocationToken]:
        found = [
            record
            for record in self._invocation_tokens.values()
            if record.tenant == tenant and record.workflow_id == workflow_id
        ]
        return sorted(found, key=lambda record: -record.id)

    def invocation_token(self, digest: str) -> InvocationToken | None:
        return next((each for each in self._invocation_tokens.values() if each.digest == digest), None)

    def put_invocation_token(self, record: InvocationToken) -> None:
        self._set(self._invocation_tokens, record.id, record)

    def delete_invocation_tokens(self, tenant: int, workflow_id: int) -> None:
        for record in self.invocation_tokens(tenant, workflow_id):
            self._delete(self._invocation_tokens, record.id)


def _token(row: Any) -> InvocationToken:
    return InvocationToken(*row)
