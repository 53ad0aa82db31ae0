"""What happens to a run, as it happens: server-sent events that can be resumed without a gap."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import TaskViewer, admit
from headrace.api.http.answers import encode, instant, sends
from headrace.api.http.ids import LARGEST, PREFIX, RunId
from headrace.api.http.streams import COMMENT, HEARTBEAT, Streams, Wakeup, event, guarded, stream
from headrace.api.http.system import System
from headrace.api.http.views import run_of
from headrace.api.http.waiting import Sys, reading
from headrace.ports.records import HistoryRow

router = APIRouter(prefix=PREFIX, tags=["runs"])
BATCH = 500

After = Annotated[int, Query(ge=0, le=LARGEST, description="begin after this event; Last-Event-ID wins")]
LastEventId = Annotated[int | None, Header(ge=0, le=LARGEST)]


@router.get("/runs/{runId}/events", response_class=Response, responses=sends("text/event-stream"))
async def watch_run(
    request: Request,
    caller: TaskViewer,
    system: Sys,
    run_id: RunId,
    after: After = 0,
    last_event_id: LastEventId = None,
) -> Response:
    """Every change of the run: ``id`` is its sequence number, ``data`` is ``{run, seq, at, changes}``."""
    await reading(system, lambda r: run_of(r, caller.tenant, run_id))
    since = after if last_event_id is None else last_event_id
    body = _changes(system, request.app.state.streams, run_id, since)
    return stream(guarded(body, lambda: admit(request)))


async def _changes(system: System, streams: Streams, run_id: int, since: int) -> AsyncIterator[bytes]:
    wakeup = Wakeup(asyncio.get_running_loop())
    with system.watch.run(run_id, wakeup.ring):
        yield COMMENT
        while not streams.closing.is_set():
            rows = await reading(system, lambda r, since=since: r.history(run_id, since, BATCH))  # type: ignore[misc]
            for row in rows:
                since = row.seq
                yield _event(row)
            if len(rows) < BATCH:
                await wakeup.wait(HEARTBEAT, streams)
                yield COMMENT


def _event(row: HistoryRow) -> bytes:
    body = {"run": row.run, "seq": row.seq, "at": instant(row.at), "changes": row.changes}
    return event("change", row.seq, encode(body))
