"""Messages on a stream socket: four bytes of length, then JSON. Written for both ends."""

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

Message = dict[str, Any]
CHUNK = 1 << 16
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def framed(body: bytes) -> bytes:
    """A JSON text as it goes over the wire."""
    return len(body).to_bytes(4, "big") + body


def decoded(body: bytearray) -> Message:
    message: Message = _decode(body.decode())
    return message


class Unpacker:
    """Collects bytes and gives whole messages."""

    def __init__(self, decode: Callable[[bytearray], Message] = decoded) -> None:
        self._decode = decode
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        held = self._held
        held += data
        while len(held) >= 4:
            end = 4 + int.from_bytes(held[:4], "big")
            if len(held) < end:
                return
            body = held[4:end]
            del held[:end]
            yield self._decode(body)


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
            self.sock.sendall(framed(_encode(message).encode("ascii")))
        except OSError:
            return

    def receive(self) -> list[Message] | None:
        """The whole messages of one read; None when the peer has closed or died."""
        try:
            data = self.sock.recv(CHUNK)
        except OSError:
            return None
        return list(self._unpacker.feed(data)) if data else None
