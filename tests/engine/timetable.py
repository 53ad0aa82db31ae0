"""Workflows published with a schedule, on a desk whose clock tells readable times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from headrace.ports.schedules import FireRecord, ScheduleRecord
from headrace.ports.store import Store, Writer
from headrace.usecases import definitions
from tests.engine.desk import CAPABILITIES, TENANT, Desk, noop
from tests.people import caller

Json = Any


def at(text: str, zone: str = "UTC") -> float:
    """Epoch seconds of ``2026-12-01T02:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def clock(instant: float | None, zone: str = "UTC") -> str | None:
    """``12-01T02:00``."""
    if instant is None:
        return None
    return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).strftime("%m-%dT%H:%M:%S")


class Timetable(Desk):
    """A desk on Tuesday, the first of December 2026, at noon."""

    def __init__(self, store: Store | None = None, start: str = "2026-12-01T12:00") -> None:
        super().__init__(store)
        self.clock.time = at(start)

    def document(self, name: str, *nodes: Json, **spec: Json) -> Json:
        return {
            "apiVersion": "headrace/v1",
            "kind": "Workflow",
            "metadata": {"name": name},
            "spec": {"nodes": list(nodes) or [noop("a")], **spec},
        }

    def put(self, name: str, *nodes: Json, publish: bool = True, tenant: int = TENANT, **spec: Json) -> None:
        """Apply a definition, as its author would."""
        checked = definitions.check(self.document(name, *nodes, **spec), CAPABILITIES)
        by = caller("ada", tenant)

        def work(writer: Writer, now: float) -> None:
            definitions.apply_definition(writer, now, by, checked, CAPABILITIES, publish)

        self.ask(self.engine.transact(work))

    def every(self, name: str, cron: str, *nodes: Json, **rule: Json) -> None:
        """A workflow with that schedule."""
        self.put(name, *nodes, schedule={"cron": cron, **rule})

    def offline(self, name: str) -> None:
        self.ask(self.engine.transact(lambda w, now: definitions.offline(w, now, caller(), name).name))

    def until(self, text: str) -> None:
        """Let the clock run, batch by batch, at every instant at which something is due."""
        end = at(text)
        self.go()
        while True:
            known = (self.engine._timers.next_at(), self.engine._next_slot)
            next_at = min((each for each in known if each is not None), default=end)
            if next_at > end:
                break
            self.clock.time = max(self.clock.time, next_at)
            self.go()
            if next_at == end:
                break
        self.clock.time = end
        self.go()

    def jump(self, text: str) -> None:
        """The clock shows another time from one moment to the next."""
        self.clock.time = at(text)
        self.go()

    # -- looking

    def fires(self, name: str, tenant: int = TENANT) -> list[FireRecord]:
        """The oldest first."""
        with self.store.read() as reader:
            return list(reader.fires(tenant, name, 100_000))[::-1]

    def told(self, name: str) -> list[str]:
        """``12-01T02:00:00 started``."""
        return [f"{clock(fire.slot)} {fire.outcome}" for fire in self.fires(name)]

    def started(self, name: str, zone: str = "UTC") -> list[str | None]:
        """The slots that started a run; each run is there and knows its slot."""
        found = [fire for fire in self.fires(name) if fire.outcome == "started"]
        for fire in found:
            assert fire.run_id is not None
            assert self.run(fire.run_id).planned_at == fire.slot
        return [clock(fire.slot, zone) for fire in found]

    def schedule(self, name: str, tenant: int = TENANT) -> ScheduleRecord | None:
        with self.store.read() as reader:
            return reader.schedule(tenant, name)

    def next(self, name: str) -> str | None:
        record = self.schedule(name)
        return None if record is None else clock(record.next_at)

    def runs_of(self, name: str) -> list[int]:
        """Ids, the oldest first."""
        return [fire.run_id for fire in self.fires(name) if fire.run_id is not None]
