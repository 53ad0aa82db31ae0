"""Who asks, in tests."""

from headrace.core.access.caller import Caller
from headrace.core.words import Permission


def caller(name: str = "amy", tenant: int = 1) -> Caller:
    """Somebody who may do everything."""
    return Caller(tenant, "default", 7, name, frozenset(), frozenset(Permission))
