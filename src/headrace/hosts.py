"""Calling hosts of which some are barred: a name is resolved once, and that very address is called."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED = [
    ipaddress.IPv6Network(each) for each in ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")
]
"""IPv4 addresses in their last 32 bits: gateways (NAT64, SIIT) carry what is sent there to these."""


class Denied(Exception):
    """The host is an address that must not be called."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host)
        self.host = host
        self.address = address


async def resolve(host: str, port: int, allow: Collection[str], barred: Callable[[Address], bool]) -> str:
    """The address to call. Raises Denied where any address of the name is barred, OSError.

    ``allow`` names exceptions: networks (``10.1.0.0/16``) or host names, exactly.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    texts = [str(entry[4][0]).partition("%")[0] for entry in found]
    for text in texts:
        address = _unwrapped(ipaddress.ip_address(text))
        if host not in allow and barred(address) and not _within(address, allow):
            raise Denied(host, text)
    return texts[0]


def pinned(resolve: Callable[[str, int], Awaitable[str]], **options: Any) -> "httpx2.AsyncBaseTransport":
    """What carries requests, redirects included, to the address that ``resolve`` gives."""
    import httpx2

    class Pinned(httpx2.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            host = request.url.host
            address = await resolve(host, request.url.port or 0)
            return await super().handle_async_request(
                httpx2.Request(
                    request.method,
                    request.url.copy_with(host=address),
                    headers=request.headers,
                    stream=request.stream,
                    extensions={**request.extensions, "sni_hostname": host},
                )
            )

    return Pinned(trust_env=False, **options)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for."""
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    if any(address in network for network in _TRANSLATED) and int(address) > 1:  # 1 is loopback itself
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _within(address: Address, networks: Collection[str]) -> bool:
    return any(address in network for network in map(_network, networks) if network is not None)


def _network(text: str) -> Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None  # a host name
