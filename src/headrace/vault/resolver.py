"""Names turned into values, for the work that is about to begin."""

from headrace.core.refusal import Refused
from headrace.ports.store import Store
from headrace.ports.vault import Cipher, ConnectionRecord


class StoreResolver:
    """``ports.vault.Resolver`` over the store; from any thread."""

    def __init__(self, store: Store, cipher: Cipher) -> None:
        self._store = store
        self._cipher = cipher

    def secret(self, tenant: int, name: str) -> str:
        with self._store.read() as reader:
            record = reader.secret(tenant, name)
        if record is None:
            raise Refused("invalid", "work_secret_unknown", {"name": name})
        return self._cipher.decrypt(record.token)

    def connection(self, tenant: int, name: str) -> tuple[ConnectionRecord, str | None]:
        with self._store.read() as reader:
            record = reader.connection(tenant, name)
        if record is None:
            raise Refused("invalid", "work_connection_unknown", {"name": name})
        return record, None if record.secret is None else self.secret(tenant, record.secret)
