"""Server-sent events: streams that end when the client, the user's rights or the server do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import StreamingResponse

from headrace.core.refusal import Refused

HEARTBEAT = 3.0  # seconds of silence before a comment line; also how often rights are checked again


@dataclass(slots=True)
class Streams:
    """All open streams of one application; ``close`` ends them so that the server can stop."""

    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def close(self) -> None:
        self.closing.set()


@dataclass(slots=True)
class Wakeup:
    """Rouses one stream; ``ring`` may be called from any thread."""

    loop: asyncio.AbstractEventLoop
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        try:
            self.loop.call_soon_threadsafe(self.bell.set)
        except RuntimeError:  # the loop is closed: nobody listens any more
            return

    async def wait(self, seconds: float, streams: Streams) -> bool:
        """Until rung, closing, or ``seconds`` have passed; whether it was rung."""
        waits = [asyncio.ensure_future(self.bell.wait()), asyncio.ensure_future(streams.closing.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
        rung = self.bell.is_set()
        self.bell.clear()
        return rung


def event(kind: str, id: str | int, data: bytes) -> bytes:
    """One event; ``data`` is JSON and so holds no line break."""
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (str(id).encode(), kind.encode(), data)


COMMENT = b": still here\n\n"


async def guarded(
    source: AsyncIterator[bytes], still_allowed: Callable[[], Awaitable[object]]
) -> AsyncIterator[bytes]:
    """``source``, ended when the right to see it is gone. Rights are checked before every piece."""
    async for piece in source:
        try:
            await still_allowed()
        except Refused:
            return
        yield piece


def stream(body: AsyncIterator[bytes]) -> StreamingResponse:
    return StreamingResponse(body, headers={"X-Accel-Buffering": "no"}, media_type="text/event-stream")
