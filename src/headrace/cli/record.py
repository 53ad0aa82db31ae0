"""``server.json`` in the home folder: where its server is, for commands of the person who owns the folder."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2

RECORD = "server.json"
SECONDS = 5.0


@dataclass(frozen=True)
class Server:
    """A server that runs on a home folder; the token is an administrator's."""

    url: str
    pid: int
    token: str


@contextmanager
def announced(home: Path, url: str, token: str) -> Iterator[None]:
    """The record exists during the block, readable by its owner alone."""
    path = home / RECORD
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(Server(url, os.getpid(), token)), file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def running(home: Path) -> Server | None:
    """The server that runs on this home and answers; a record left by a killed one counts for nothing."""
    with suppress(OSError, ValueError, TypeError, httpx2.HTTPError):
        server = Server(**json.loads((home / RECORD).read_text()))
        os.kill(server.pid, 0)
        httpx2.get(f"{server.url}/healthz", timeout=SECONDS, trust_env=False)
        return server
    return None
