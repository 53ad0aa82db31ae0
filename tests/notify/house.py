"""A running system, and what a test does with channels and alarms in it. No server: calls go to the use
cases, as the API's do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headrace import main
from headrace.config import Settings
from headrace.core.access.caller import Caller
from headrace.core.alarm.channels import Secrets
from headrace.core.words import Permission
from headrace.ports.alarms import NoticeFilter, NoticeRecord, NoticeStatus
from headrace.ports.inbox import StartRun
from headrace.usecases import alarms, channels, definitions
from headrace.usecases.channels import ChannelChange

TENANT, SECONDS = 1, 20.0
ADA = Caller(TENANT, "default", 1, "ada", frozenset(), frozenset(Permission))
Json = Any


class House:
    """One life of a server."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.system = main.build(Settings(home=home, admin_password="a password", **settings))
        self.system.start()

    def do(self, work: Any) -> Any:
        return self.system.inbox.transact(work).result(SECONDS)

    def channel(self, name: str, kind: str, settings: Json, secret: str | None = None) -> None:
        change = ChannelChange(kind, settings, Secrets(secret))
        self.do(lambda w, now: channels.create_channel(w, now, ADA, name, change, self.system.cipher))

    def webhook(self, name: str, url: str) -> None:
        self.channel(name, "webhook", {"url": url})

    def publish(self, name: str, *nodes: Json, **spec: Json) -> None:
        document = {
            "apiVersion": "headrace/v1",
            "kind": "Workflow",
            "metadata": {"name": name},
            "spec": {"nodes": list(nodes) or [{"id": "a", "executor": "noop"}], **spec},
        }
        known = self.system.capabilities
        self.do(
            lambda w, now: definitions.apply_definition(
                w, now, ADA, definitions.check(document, known), known, True
            )
        )

    def start(self, name: str, **more: Any) -> int:
        return self.system.inbox.start_run(StartRun(TENANT, name, **more)).result(SECONDS)

    def run(self, name: str, **more: Any) -> int:
        """Started, and ended."""
        changed = threading.Event()
        with self.system.watch.tenant(TENANT, lambda ids: changed.set()):
            run = self.start(name, **more)
            while self.status(run) == "RUNNING":
                assert changed.wait(SECONDS)
                changed.clear()
        return run

    def status(self, run_id: int) -> str:
        with self.system.store.read() as reader:
            run = reader.run(None, run_id)
        assert run is not None
        return run.status

    def notices(self, **which: Any) -> list[NoticeRecord]:
        """Oldest first."""
        with self.system.store.read() as reader:
            return list(reader.notices(TENANT, NoticeFilter(**which), 1, 1_000).items)[::-1]

    def settled(self, **which: Any) -> list[NoticeRecord]:
        """As soon as none is PENDING that has not been tried; marks are commits of the engine."""
        return self.until(lambda found: all(n.tries or n.status != "PENDING" for n in found), **which)

    def until(self, wanted: Any, **which: Any) -> list[NoticeRecord]:
        for _ in range(2_000):
            found = self.notices(**which)
            if found and wanted(found):
                return found
            threading.Event().wait(0.01)
        raise AssertionError(self.notices(**which))

    def resend(self, notice: NoticeRecord) -> None:
        channel = self.do(lambda w, now: alarms.resend(w, now, ADA, notice.id))
        self.system.notifier.wake([(TENANT, channel)])


@contextmanager
def house(home: Path, **settings: Any) -> Iterator[House]:
    made = House(home, **settings)
    try:
        yield made
    finally:
        made.system.stop()


__all__ = ["ADA", "TENANT", "House", "NoticeStatus", "house"]
