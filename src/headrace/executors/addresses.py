"""Which hosts an ``http`` step may call."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headrace.core.messages import text
from headrace.hosts import Address, Denied, pinned, resolve

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class Addresses:
    """``deny_private``: no address of a private, loopback, link-local or other special range may be
    called, unless ``allow`` names it: networks (``10.1.0.0/16``) or host names, exactly.
    """

    deny_private: bool = False
    allow: Sequence[str] = ()

    def transport(self) -> "httpx2.AsyncBaseTransport":
        """What carries requests: each one, redirects included, goes to an address that was checked."""
        import httpx2

        return pinned(self.resolve) if self.deny_private else httpx2.AsyncHTTPTransport(trust_env=False)

    async def resolve(self, host: str, port: int) -> str:
        """The address to call. Raises ValueError where any address of the name is denied."""
        try:
            return await resolve(host, port, self.allow, _special)
        except Denied as denied:
            values = {"host": denied.host, "address": denied.address}
            raise ValueError(text("said_address", values)) from None


def _special(address: Address) -> bool:
    return address.is_multicast or not address.is_global
