"""A vault in memory for the tests of executors: what a resolver answers."""

from dataclasses import dataclass, field

from headrace.core.refusal import Refused
from headrace.ports.vault import ConnectionRecord


@dataclass
class Safe:
    """``ports.vault.Resolver``: of one tenant, secrets and connections by name."""

    secrets: dict[str, str] = field(default_factory=dict)
    connections: dict[str, ConnectionRecord] = field(default_factory=dict)

    def secret(self, tenant: int, name: str) -> str:
        if name not in self.secrets:
            raise Refused("invalid", "work_secret_unknown", {"name": name})
        return self.secrets[name]

    def connection(self, tenant: int, name: str) -> tuple[ConnectionRecord, str | None]:
        if name not in self.connections:
            raise Refused("invalid", "work_connection_unknown", {"name": name})
        record = self.connections[name]
        return record, None if record.secret is None else self.secret(tenant, record.secret)

    def connect(self, name: str, kind: str, **more: object) -> None:
        """Put a connection in."""
        self.connections[name] = ConnectionRecord(1, name, kind, **more)  # type: ignore[arg-type]
