"""Messages on a stream socket: four bytes of length, then JSON. Written for both ends."""

import json
import socket
from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]
CHUNK = 1 << 16
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def packed(message: Message) -> bytes:
    """The message as it goes over the wire; any text survives, lone surrogates included."""
    body = _encode(message).encode("ascii")
    return len(body).to_bytes(4, "big") + body


class Unpacker:
    """Collects bytes and gives whole messages."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        held = self._held
        held += data
        while len(held) >= 4:
            end = 4 + int.from_bytes(held[:4], "big")
            if len(held) < end:
                return
            body = held[4:end].decode("ascii")
            del held[:end]
            yield _decode(body)


class Wire:
    """A blocking end: ``send`` waits until the other side took everything."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._unpacker = Unpacker()

    def fileno(self) -> int:
        return self.sock.fileno()

    def send(self, message: Message) -> None:
        """A peer that is gone is noticed by ``receive``; here it does not matter any more."""
        try:
            self.sock.sendall(packed(message))
        except OSError:
            return

    def receive(self) -> list[Message] | None:
        """The whole messages of one read; None when the peer has closed or died."""
        try:
            data = self.sock.recv(CHUNK)
        except OSError:
            return None
        return list(self._unpacker.feed(data)) if data else None
