"""Alarms in the engine: written with what they tell of, waking the sender after the commit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from headrace.engine import Engine
from headrace.engine import batch as batches
from headrace.ports.alarms import ChannelRecord, ChannelStatus, NoticeFilter, NoticeRecord
from headrace.ports.notifier import Silent
from tests.engine.desk import TENANT, Desk, noop, task
from tests.engine.trouble import FaultyStore, unplugged

ON = [{"on": ["start", "end"], "channel": "ops"}]


class Bell(Silent):
    """Remembers for which channels it was rung, and what was stored by then."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.rung: list[tuple[set[tuple[int, str]], int]] = []

    def wake(self, channels: Iterable[tuple[int, str]]) -> None:
        self.rung.append((set(channels), len(notices(self._desk))))


def notices(desk: Desk) -> list[NoticeRecord]:
    with desk.store.read() as reader:
        return list(reader.notices(TENANT, NoticeFilter(), 1, 100).items)[::-1]


@pytest.fixture
def bell(desk: Desk) -> Bell:
    """Listens to the desk's engine."""
    made = Bell(desk)
    desk.engine = Engine(desk.store, desk.hands, desk.clock, notifier=made)
    return made


def channel(desk: Desk) -> None:
    record = ChannelRecord(
        1, TENANT, "ops", "webhook", {}, None, None, ChannelStatus.NEW, True, None, 1.0, 1.0
    )
    desk.ask(desk.engine.transact(lambda writer, now: writer.put_channel(record)))


def test_they_are_stored_when_the_bell_rings(desk: Desk, bell: Bell) -> None:
    channel(desk)
    desk.publish("w", task("a"), alarms=ON)
    run = desk.start("w")
    assert bell.rung == [({(TENANT, "ops")}, 1)]
    desk.finish(run, "a", ok=False, message="no")
    assert bell.rung[1:] == [({(TENANT, "ops")}, 2)]
    assert [(n.occasion, n.facts["status"]) for n in notices(desk)] == [
        ("start", "RUNNING"),
        ("end", "FAILED"),
    ]


def test_a_run_that_starts_and_ends_in_one_go_tells_both(desk: Desk, bell: Bell) -> None:
    desk.publish("w", noop("a"), alarms=ON)
    desk.start("w")
    assert [n.occasion for n in notices(desk)] == ["start", "end"]
    assert {n.channel for n in notices(desk)} == {"ops"}, "even where the channel is gone: it is told then"


def test_without_alarms_nobody_is_woken(desk: Desk, bell: Bell) -> None:
    desk.publish("w", noop("a"))
    desk.start("w")
    assert bell.rung == []


def test_a_commit_that_fails_leaves_no_alarm_and_later_it_is_told_once() -> None:
    store = FaultyStore()
    desk = Desk(store)
    bell = Bell(desk)
    desk.engine = Engine(store, desk.hands, desk.clock, notifier=bell)
    desk.publish("w", task("a"), alarms=[{"on": ["end"], "channel": "ops"}])
    run = desk.start("w")
    ended = desk.finished(run, "a")
    desk.accept(run, "a")
    store.before_commit = unplugged
    desk.post(run, ended)
    assert (notices(desk), bell.rung) == ([], [])
    store.mend()
    desk.go()
    assert [n.occasion for n in notices(desk)] == ["end"]
    assert bell.rung == [({(TENANT, "ops")}, 1)]


def test_a_fault_in_making_alarms_does_not_stop_a_run(
    desk: Desk, bell: Bell, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(batches, "tellings", broken)
    desk.publish("w", noop("a"), alarms=ON)
    run = desk.start("w")
    assert desk.statuses(run) == ["SUCCESSFUL"]
    assert [entry["event"] for entry in logged] == ["alarms could not be made"] * len(logged)
    assert logged
