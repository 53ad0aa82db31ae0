"""A real SSH server on loopback that runs commands with /bin/sh, as sshd does: in a session of their own."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncssh

USER, PASSWORD = "operator", "pass-word-of-ssh"


@dataclass
class SshServer:
    """``host_key`` is what a connection pins; ``client_key`` is a private key that is let in."""

    port: int
    host_key: str
    client_key: str
    connections: list[asyncssh.SSHServerConnection]
    loop: asyncio.AbstractEventLoop
    signed_in: list[str] = field(default_factory=list)

    def hang_up(self) -> None:
        """Break every connection, as a network would."""
        for connection in self.connections:
            self.loop.call_soon_threadsafe(connection.abort)


class Door(asyncssh.SSHServer):
    """Lets one user in, by password or by key."""

    def __init__(self, key: asyncssh.SSHKey, connections: list[asyncssh.SSHServerConnection]) -> None:
        self._key = key
        self._connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return username == USER and key.public_data == self._key.public_data


async def _serve(process: "asyncssh.SSHServerProcess[bytes]") -> None:
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), asyncio.subprocess.PIPE)
    child = await asyncio.create_subprocess_shell(process.command or "", start_new_session=True, **pipes)
    assert child.stdin is not None
    feeding = asyncio.ensure_future(_feed(process.stdin, child.stdin))
    await asyncio.gather(_pump(child.stdout, process.stdout), _pump(child.stderr, process.stderr))
    status = await child.wait()
    feeding.cancel()
    await asyncio.gather(feeding, return_exceptions=True)
    with contextlib.suppress(OSError):
        process.exit(status)


async def _feed(source: "asyncssh.SSHReader[bytes]", target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncssh.Error):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()


async def _pump(source: Any, target: "asyncssh.SSHWriter[bytes]") -> None:
    while data := await source.read(65536):
        with contextlib.suppress(OSError, asyncssh.Error):
            target.write(data)
            await target.drain()


@contextmanager
def ssh_server() -> Iterator[SshServer]:
    """Serving until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    host, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    connections: list[asyncssh.SSHServerConnection] = []

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: Door(client, connections),
            server_host_keys=[host],
            process_factory=_serve,
            encoding=None,
        )

    acceptor = asyncio.run_coroutine_threadsafe(listen(), loop).result(30)
    public = host.export_public_key().decode().strip()
    yield SshServer(acceptor.get_port(), public, client.export_private_key().decode(), connections, loop)

    async def end() -> None:
        acceptor.close()
        for connection in connections:
            connection.abort()
        await acceptor.wait_closed()
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(end(), loop).result(30)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(30)
    loop.close()
