"""Which kinds of connections there are, and what each needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """``options``: names that mean something for it."""

    host: bool
    database: bool
    port: int | None = None
    options: frozenset[str] = frozenset()


KINDS = {
    "sqlite": Kind(host=False, database=True),
    "postgresql": Kind(host=True, database=True, port=5432, options=frozenset({"sslmode"})),
    "mysql": Kind(host=True, database=True, port=3306, options=frozenset({"charset"})),
    "ssh": Kind(host=True, database=False, port=22, options=frozenset({"host_key"})),
    "http": Kind(host=True, database=False, options=frozenset({"scheme", "path", "auth"})),
}
