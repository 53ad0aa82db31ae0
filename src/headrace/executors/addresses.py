"""Which hosts an ``http`` step may call. A name is resolved once and that very address is called."""

import asyncio
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headrace.core.messages import text as message

if TYPE_CHECKING:
    import httpx2

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


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

        addresses = self

        class Checked(httpx2.AsyncHTTPTransport):
            async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
                host = request.url.host
                address = await addresses.resolve(host, request.url.port or 0)
                return await super().handle_async_request(
                    httpx2.Request(
                        request.method,
                        request.url.copy_with(host=address),
                        headers=request.headers,
                        stream=request.stream,
                        extensions={**request.extensions, "sni_hostname": host},
                    )
                )

        return Checked() if self.deny_private else httpx2.AsyncHTTPTransport(trust_env=False)

    async def resolve(self, host: str, port: int) -> str:
        """The address to call. Raises ValueError where any address of the name is denied."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
        texts = [str(entry[4][0]).partition("%")[0] for entry in found]
        for text in texts:
            if host not in self.allow and not self._open(ipaddress.ip_address(text)):
                raise ValueError(message("said_address", {"host": host, "address": text}))
        return texts[0]

    def _open(self, address: Address) -> bool:
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        if address.is_global and not address.is_multicast:
            return True
        return any(address in network for network in map(_network, self.allow) if network is not None)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None  # a host name
