"""Reaching a host of the vault's connections by SSH. The host's key is pinned: another one is refused."""

import asyncio
import contextlib
from typing import TYPE_CHECKING

from headrace.core.messages import text
from headrace.executors.executor import Failed, refuse, words_of
from headrace.executors.system_words import way_words
from headrace.ports.vault import ConnectionRecord

if TYPE_CHECKING:
    import asyncssh

CONNECT_TIMEOUT = 10  # seconds, for TCP and again for signing in
ALIVE_EVERY = 15  # seconds of silence after which the host is asked whether it is there
ALIVE_TRIES = 4


async def connect(record: ConnectionRecord, secret: str | None) -> "asyncssh.SSHClientConnection":
    """A signed-in connection; ``secret`` is a password or a private key. Raises Failed."""
    import asyncssh  # loads slowly; a server that reaches no host does without it

    keys = pinned(record)
    if not keys:
        raise await _unpinned(record)
    private = secret is not None and "-----BEGIN " in secret
    try:
        return await asyncssh.connect(
            record.host,
            record.port or 22,
            username=record.user,
            password=None if private else secret,
            client_keys=[asyncssh.import_private_key(_lines(secret))] if private and secret else None,
            known_hosts=(keys, [], []),
            config=None,  # nothing of the account that the server runs as
            agent_path=None,
            connect_timeout=CONNECT_TIMEOUT,
            login_timeout=CONNECT_TIMEOUT,
            keepalive_interval=ALIVE_EVERY,
            keepalive_count_max=ALIVE_TRIES,
        )
    except asyncssh.HostKeyNotVerifiable:
        raise refuse("work_ssh_host_key", host=record.host, found=await offered(record)) from None
    except asyncssh.PermissionDenied:
        raise refuse("work_ssh_denied", host=record.host, user=record.user) from None
    except asyncssh.KeyImportError as error:
        raise refuse("work_ssh_private_key", why=str(error)) from None
    except (OSError, asyncssh.Error, TimeoutError) as error:
        raise refuse("work_ssh", host=record.host, why=_why(error, record.host)) from None


def _why(error: Exception, host: str) -> str:
    if isinstance(error, TimeoutError):
        return text("said_no_answer", {"seconds": CONNECT_TIMEOUT})
    return way_words(error, host) or words_of(error).rstrip(".")


def pinned(record: ConnectionRecord) -> "list[asyncssh.SSHKey]":
    """The host's public keys as the connection has them: one a line, with or without a host name before."""
    import asyncssh

    found = []
    for line in str(record.options.get("host_key", "")).splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words = line.split()
        start = next((i for i, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-", "sk-"))), 0)
        try:
            found.append(asyncssh.import_public_key(" ".join(words[start : start + 2])))
        except asyncssh.KeyImportError as error:
            raise refuse("work_ssh_pinned_key", why=str(error)) from None
    return found


async def offered(record: ConnectionRecord) -> str:
    """The key that the host shows just now, as one would pin it; empty where it shows none."""
    import asyncssh

    with contextlib.suppress(OSError, asyncssh.Error, TimeoutError):
        return await _host_key(record)
    return ""


async def _host_key(record: ConnectionRecord) -> str:
    import asyncssh

    async with asyncio.timeout(CONNECT_TIMEOUT):
        key = await asyncssh.get_server_host_key(record.host, record.port or 22, config=None)
    return "" if key is None else key.export_public_key().decode().strip()


async def _unpinned(record: ConnectionRecord) -> Failed:
    import asyncssh

    try:
        found = await _host_key(record)
    except (OSError, asyncssh.Error, TimeoutError) as error:
        return refuse("work_ssh", host=record.host, why=_why(error, record.host))
    if not found:
        return refuse("work_ssh", host=record.host, why=text("wanted_reach", {}))
    return refuse("work_ssh_unpinned", host=record.host, found=found)


def _lines(key: str) -> str:
    """A key as its format wants it: pasted text may have lost the line break at its end."""
    return key.strip() + "\n"
