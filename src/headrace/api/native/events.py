"""What happens to a run, as it happens: server-sent events that can be resumed without a gap."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import TaskViewer, admit_viewer
from headrace.api.http.answers import encode, sends
from headrace.api.http.ids import LARGEST, PREFIX, RunId
from headrace.api.http.language import reader_language
from headrace.api.http.streams import COMMENT, HEARTBEAT, Streams, Wakeup, event, guarded, stream
from headrace.api.http.system import System
from headrace.api.http.views import run_of
from headrace.api.http.waiting import Sys, reading
from headrace.api.native.shapes import RunShape, run_shapes
from headrace.core.instants import instant
from headrace.core.messages import Language
from headrace.core.retold import retold
from headrace.ports.records import HistoryRow
from headrace.ports.store import Reader

router = APIRouter(prefix=PREFIX, tags=["runs"])
BATCH = 500
NAMED = 100  # changed runs told in one event
PAUSE = 0.5  # seconds between two events about the tenant's runs

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
    asked = after if last_event_id is None else last_event_id

    def look(reader: Reader) -> int:
        run_of(reader, caller.tenant, run_id)
        return asked if asked <= reader.sequence(run_id) else 0  # not of this database: it was restored

    since = await reading(system, look)
    body = _changes(system, request.app.state.streams, run_id, since, reader_language(request))
    return stream(guarded(body, lambda: admit_viewer(request)))


async def _changes(
    system: System, streams: Streams, run_id: int, since: int, language: Language
) -> AsyncIterator[bytes]:
    wakeup = Wakeup(asyncio.get_running_loop())
    with system.watch.run(run_id, wakeup.ring):
        yield COMMENT
        while not streams.closing.is_set():
            rows = await reading(system, lambda r, since=since: r.history(run_id, since, BATCH))  # type: ignore[misc]
            for row in rows:
                since = row.seq
                yield _event(row, language)
            if len(rows) < BATCH:
                await wakeup.wait(HEARTBEAT, streams)
                yield COMMENT


@router.get("/events", response_class=Response, responses=sends("text/event-stream"))
async def watch_runs(request: Request, caller: TaskViewer, system: Sys) -> Response:
    """The runs of the tenant as they change: ``data`` is ``{runs: [...], more}``, at most twice a second.

    ``more`` says that not all that changed are named, and that a client reads its lists again. So begins
    every stream: what changed between a client's last look and its beginning is not missed.
    """
    body = _heads(system, request.app.state.streams, caller.tenant, reader_language(request))
    return stream(guarded(body, lambda: admit_viewer(request)))


async def _heads(system: System, streams: Streams, tenant: int, language: Language) -> AsyncIterator[bytes]:
    wakeup = Wakeup(asyncio.get_running_loop())
    changes = Changes(wakeup)
    with system.watch.tenant(tenant, changes.ring):
        yield COMMENT
        number = 0
        while not streams.closing.is_set():
            ids, more = changes.take()
            runs = await reading(system, lambda r, ids=ids: _shown(r, tenant, ids, language)) if ids else []  # type: ignore[misc]
            if runs or more:
                number += 1
                yield event("runs", number, encode({"runs": runs, "more": more}))
                await asyncio.sleep(PAUSE)
            else:
                await wakeup.wait(HEARTBEAT, streams)
                yield COMMENT


def _shown(reader: Reader, tenant: int, ids: list[int], language: Language) -> list[RunShape]:
    """In the order in which they changed."""
    found = reader.runs_by_id(tenant, ids)
    return run_shapes(reader, [found[id] for id in ids if id in found], language)


class Changes:
    """Ids of changed runs between the engine's thread, which adds, and one stream, which takes them."""

    def __init__(self, wakeup: Wakeup) -> None:
        self._wakeup = wakeup
        self._lock = threading.Lock()
        self._ids: dict[int, None] = {}
        self._more = True  # what changed before this began

    def ring(self, ids: Sequence[int]) -> None:
        with self._lock:
            self._ids.update(dict.fromkeys(ids[:NAMED]))
            if len(self._ids) > NAMED or len(ids) > NAMED:
                self._more = True
                self._ids = dict(list(self._ids.items())[-NAMED:])
        self._wakeup.ring()

    def take(self) -> tuple[list[int], bool]:
        """What changed since the last time, and whether that is not all."""
        with self._lock:
            ids, more = list(self._ids), self._more
            self._ids, self._more = {}, False
        return ids, more


def _event(row: HistoryRow, language: Language) -> bytes:
    changes = [
        {**each, "message": retold(each["message"], language)} if each.get("message") else each
        for each in row.changes
    ]
    body = {"run": row.run, "seq": row.seq, "at": instant(row.at), "changes": changes}
    return event("change", row.seq, encode(body))
