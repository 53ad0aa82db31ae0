"""Sends what is PENDING: one thread with a loop, in it a worker for each channel that has something to do.

A worker reads, sends, and has the engine mark what became of it. A crash between sending and marking means
that it is sent again, under the same id. A channel that hangs or fails holds up only itself.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress

import structlog

from headrace.config import failpoint
from headrace.core.messages import Language
from headrace.notify.delivery import Delivery
from headrace.ports.alarms import ChannelRecord, NoticeRecord
from headrace.ports.clock import Clock
from headrace.ports.errors import Broken
from headrace.ports.inbox import Inbox
from headrace.ports.notifier import Outcome
from headrace.ports.store import Store, Writer

log = structlog.get_logger()

AT_ONCE = 50  # notices read of a channel at a time
LONGEST_SLEEP = 60.0  # a wall clock that jumps is noticed this soon
DATABASE_AGAIN = 5.0  # seconds until a database that was away is tried again
FORGET_EVERY = 3600.0  # seconds
FORGET_AT_ONCE = 1_000
PATIENCE = 3.0  # for what is due when the server stops; the rest is sent after the next start
Key = tuple[int, str]
Mark = Callable[[Writer, float, int, int, str, Outcome], None]
"""(writer, now, tenant, notice, text, outcome): write down how sending went."""


class Sender:
    """``ports.notifier.Notifier``. ``start`` begins with what an earlier process left."""

    def __init__(self, store: Store, clock: Clock, delivery: Delivery, mark: Mark, kept: float) -> None:
        self._store = store
        self._mark = mark
        self._kept = kept  # seconds that notices are kept
        self._clock = clock
        self._delivery = delivery
        self._inbox: Inbox | None = None
        self._loop = asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        self._workers: dict[Key, asyncio.Task[None]] = {}
        self._bells: dict[Key, asyncio.Event] = {}
        self._stopping = False

    # -- any thread

    def start(self, inbox: Inbox) -> None:
        """Marks go through ``inbox``."""
        self._inbox = inbox
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
        self._thread.start()
        with suppress(Broken):
            with self._store.read() as reader:
                self.wake(reader.waiting_channels())

    def wake(self, channels: Iterable[Key]) -> None:
        self._from_outside(self._ring, list(channels))

    def test(self, channel: ChannelRecord, receiver: str, language: Language) -> Future[Outcome]:
        return asyncio.run_coroutine_threadsafe(
            self._delivery.try_out(channel, receiver, language), self._loop
        )

    def stop(self, patience: float = PATIENCE) -> None:
        """Send what is due, for so many seconds at the most; what is not sent by then stays PENDING."""
        thread, self._thread = self._thread, None
        if thread is None:
            self._loop.close()
            return
        self._committed(patience)
        self._from_outside(self._end, patience)
        thread.join(patience + 5.0)

    def _committed(self, patience: float) -> None:
        """What the engine was told before is written; what is to be sent of it is known here."""
        assert self._inbox is not None
        with suppress(Broken, TimeoutError):
            self._inbox.transact(lambda writer, now: None).result(patience)

    def _from_outside(self, call: object, *values: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: the next start finds it all
            self._loop.call_soon_threadsafe(call, *values)  # type: ignore[arg-type]

    # -- the loop's thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._housekeeping = self._loop.create_task(self._forget())
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def _ring(self, channels: list[Key]) -> None:
        for key in channels:
            bell = self._bells.setdefault(key, asyncio.Event())
            bell.set()
            if key not in self._workers and not self._stopping:
                self._workers[key] = self._loop.create_task(self._work(key, bell))

    def _end(self, patience: float) -> None:
        self._stopping = True
        for bell in self._bells.values():
            bell.set()
        self._loop.create_task(self._ended(patience))

    async def _ended(self, patience: float) -> None:
        if self._workers:
            await asyncio.wait(self._workers.values(), timeout=patience)
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await asyncio.sleep(0)  # connections are let go one round after they are closed
        self._loop.stop()

    async def _forget(self) -> None:
        """Delete old notices now and then."""
        assert self._inbox is not None
        while True:
            await asyncio.sleep(FORGET_EVERY)
            with suppress(Broken):
                while await asyncio.wrap_future(self._inbox.transact(self._some_forgotten)) == FORGET_AT_ONCE:
                    pass

    def _some_forgotten(self, writer: Writer, now: float) -> int:
        return writer.forget_notices(now - self._kept, FORGET_AT_ONCE)

    # -- a channel's worker

    async def _work(self, key: Key, bell: asyncio.Event) -> None:
        """Until the channel has nothing more to send."""
        try:
            while await self._round(key, bell):
                pass
        finally:
            del self._workers[key], self._bells[key]

    async def _round(self, key: Key, bell: asyncio.Event) -> bool:
        """Send what is due, then wait for more. False where there is nothing to wait for."""
        bell.clear()
        try:
            due, next_at = self._due(key)
            for notice in due:
                await self._send(notice)
        except Broken:
            next_at = self._clock.now() + DATABASE_AGAIN
            due = []
        if due or bell.is_set():
            return True
        if next_at is None or self._stopping:
            return False
        await self._rest(bell, next_at)
        return True

    def _due(self, key: Key) -> tuple[list[NoticeRecord], float | None]:
        with self._store.read() as reader:
            found = list(reader.due_notices(*key, self._clock.now(), AT_ONCE))
            return found, None if found else reader.next_notice(*key)

    async def _rest(self, bell: asyncio.Event, until: float) -> None:
        seconds = min(LONGEST_SLEEP, max(0.01, until - self._clock.now()))
        with suppress(TimeoutError):
            await asyncio.wait_for(bell.wait(), seconds)

    async def _send(self, notice: NoticeRecord) -> None:
        failpoint("alarm_before_send")
        try:
            text, outcome = await self._delivery.deliver(notice)
        except Broken:
            raise
        except Exception as error:
            log.error("an alarm could not be sent", notice=notice.id, exc_info=error)
            text, outcome = "", Outcome(ok=False, response=type(error).__name__, again=True)
        failpoint("alarm_before_mark")
        await self._marked(notice, text, outcome)

    async def _marked(self, notice: NoticeRecord, text: str, outcome: Outcome) -> None:
        """Until the database takes it: sending again would be worse than waiting."""
        assert self._inbox is not None
        while True:
            marked = self._inbox.transact(
                lambda writer, now: self._mark(writer, now, notice.tenant, notice.id, text, outcome)
            )
            try:
                return await asyncio.wrap_future(marked)
            except Broken as broken:
                if broken.code == "server_stopping":
                    raise
                log.error("a sent alarm could not be marked", notice=notice.id, code=broken.code)
                await asyncio.sleep(DATABASE_AGAIN)
