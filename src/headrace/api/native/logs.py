"""The output of an attempt: ranges of bytes, the whole as a download, or live."""

import asyncio
import codecs
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from headrace.api.http.access import TaskViewer, admit_viewer
from headrace.api.http.answers import encode, sends
from headrace.api.http.ids import LARGEST, PREFIX, AttemptNumber, RunId, StepId
from headrace.api.http.streams import COMMENT, HEARTBEAT, Streams, Wakeup, event, guarded, stream
from headrace.api.http.system import System
from headrace.api.http.views import step_of
from headrace.api.http.waiting import Sys, reading
from headrace.core.words import StepStatus
from headrace.ports.errors import Gone, Refused
from headrace.ports.logs import Logs

router = APIRouter(prefix=PREFIX, tags=["steps"])
CHUNK = 64 * 1024
LOOK = 0.25  # seconds between looks at a log that is being written
_RANGE = re.compile(r"bytes=(\d{0,16})-(\d{0,16})")
ACTIVE = frozenset({StepStatus.READY, StepStatus.RUNNING, StepStatus.CANCELING})


@dataclass(frozen=True, slots=True)
class AttemptLog:
    """One attempt's log; offsets and sizes are bytes."""

    logs: Logs
    run: int
    step: int
    number: int

    async def size(self) -> int:
        return await anyio.to_thread.run_sync(self.logs.size, self.run, self.step, self.number)

    async def read(self, start: int, length: int) -> bytes:
        return await anyio.to_thread.run_sync(self.logs.read, self.run, self.step, self.number, start, length)


@router.get(
    "/runs/{runId}/steps/{stepId}/attempts/{number}/log",
    response_class=Response,
    responses={**sends("text/plain", "text/event-stream"), **sends("text/plain", status=206)},
)
async def read_log(
    request: Request,
    caller: TaskViewer,
    system: Sys,
    run_id: RunId,
    step_id: StepId,
    number: AttemptNumber,
    range: Annotated[str | None, Header(max_length=100)] = None,
    last_event_id: Annotated[int | None, Header(ge=0, le=LARGEST)] = None,
    offset: Annotated[int, Query(ge=0, le=LARGEST, description="follow: begin at this byte")] = 0,
    follow: bool = False,
    download: bool = False,
) -> Response:
    """The bytes as the work wrote them; with ``follow`` events of ``{offset, text}`` until it ends."""
    step = await reading(system, lambda r: step_of(r, caller.tenant, run_id, step_id))
    if number > step.attempt:
        raise Gone("attempt", number)
    log = AttemptLog(system.logs, run_id, step_id, number)
    if follow:
        begin = offset if last_event_id is None else last_event_id
        body = _live(system, request.app.state.streams, caller.tenant, log, begin)
        return stream(guarded(body, lambda: admit_viewer(request)))
    return await _bytes(log, range, download)


async def _bytes(log: AttemptLog, range: str | None, download: bool) -> Response:
    size = await log.size()
    part = _part(range, size)
    start, end = part or (0, size)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start)}
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if download:
        name = f"run-{log.run}-step-{log.step}-attempt-{log.number}.log"
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return StreamingResponse(
        _pieces(log, start, end), 206 if part else 200, headers, "text/plain; charset=utf-8"
    )


def _part(range: str | None, size: int) -> tuple[int, int] | None:
    """The bytes asked for as [start, end); None for all of them; Refused where there are none such."""
    match = _RANGE.fullmatch(range.replace(" ", "")) if range else None
    first, last = match.groups() if match else ("", "")
    if first == last == "" or (first and last and int(last) < int(first)):
        return None  # RFC 9110: a range that cannot be read is ignored
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= size:
        raise Refused("range", "range_outside", {"size": size})
    return start, end


async def _pieces(log: AttemptLog, start: int, end: int) -> AsyncIterator[bytes]:
    while start < end:
        piece = await log.read(start, min(CHUNK, end - start))
        if not piece:
            return  # the file became shorter: the client sees an incomplete answer
        start += len(piece)
        yield piece


async def _live(
    system: System, streams: Streams, tenant: int, log: AttemptLog, offset: int
) -> AsyncIterator[bytes]:
    """Events until the attempt has ended and everything it wrote is told; ids are offsets."""
    wakeup = Wakeup(asyncio.get_running_loop())
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with system.watch.run(log.run, wakeup.ring):
        yield COMMENT
        rung, quiet = True, 0.0
        ended = False
        while not streams.closing.is_set():
            if rung or quiet >= HEARTBEAT:
                yield COMMENT
                quiet = 0.0
                ended = not await _at_work(system, tenant, log)  # before reading: what it wrote is there
            while piece := await log.read(offset, CHUNK):
                offset += len(piece)
                yield _text(decoder, piece, offset)
            if ended:
                yield _end(decoder, offset)
                return
            rung = await wakeup.wait(LOOK, streams)
            quiet += LOOK


def _text(decoder: codecs.IncrementalDecoder, piece: bytes, offset: int) -> bytes:
    """``offset`` is where the next event goes on; a character cut in two waits for its rest."""
    text = decoder.decode(piece)
    rest = len(decoder.getstate()[0])
    return event("text", offset - rest, encode({"offset": offset - rest, "text": text}))


def _end(decoder: codecs.IncrementalDecoder, offset: int) -> bytes:
    return event("end", offset, encode({"offset": offset, "text": decoder.decode(b"", final=True)}))


async def _at_work(system: System, tenant: int, log: AttemptLog) -> bool:
    step = await reading(system, lambda r: step_of(r, tenant, log.run, log.step))
    return step.attempt == log.number and step.status in ACTIVE
