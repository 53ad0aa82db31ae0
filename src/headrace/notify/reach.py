"""Which hosts messages may go to, and how long one may take."""

from collections.abc import Collection
from dataclasses import dataclass

from headrace import hosts


@dataclass(frozen=True, slots=True)
class Reach:
    """Link-local addresses, where clouds keep credentials, and those of no single host are never called;
    with ``public_only`` neither are private and loopback ones. ``allow`` names exceptions: networks
    (``10.1.0.0/16``) or host names, exactly. ``seconds`` are for a whole exchange.
    """

    public_only: bool = False
    allow: Collection[str] = ()
    seconds: float = 10.0

    async def resolve(self, host: str, port: int) -> str:
        """The address to call. Raises ``hosts.Denied`` where any address of the name must not be, OSError."""
        return await hosts.resolve(host, port, self.allow, self._barred)

    def _barred(self, address: hosts.Address) -> bool:
        if address.is_multicast or address.is_unspecified or address.is_link_local:
            return True
        return self.public_only and not address.is_global
