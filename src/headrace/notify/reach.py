"""Which hosts messages may go to, and how long one may take. A name is resolved once, and that very address
is called."""

import asyncio
import ipaddress
from collections.abc import Collection
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Denied(Exception):
    """The host is an address that must not be called."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host)
        self.host = host
        self.address = address


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
        """The address to call. Raises Denied where any address of the name must not be, OSError."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
        texts = [str(entry[4][0]).partition("%")[0] for entry in found]
        for text in texts:
            if host not in self.allow and not self._open(ipaddress.ip_address(text)):
                raise Denied(host, text)
        return texts[0]

    def _open(self, address: Address) -> bool:
        if isinstance(address, ipaddress.IPv6Address):
            address = address.ipv4_mapped or address.sixtofour or address
        if any(address in network for network in map(_network, self.allow) if network is not None):
            return True
        if address.is_multicast or address.is_unspecified or address.is_link_local:
            return False
        return address.is_global or not self.public_only


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None  # a host name
