"""Schedules and what became of their slots."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from headrace.ports.records import TenantRecord
from headrace.ports.schedules import FireRecord, ScheduleRecord
from headrace.ports.store import Store, Writer
from tests.storage.samples import MINE, NOW, OTHERS

SAMPLE = ScheduleRecord(MINE, "daily", 3, {"cron": "0 2 * * *", "until": "年"}, NOW, None, None)
FIRE = FireRecord(MINE, "daily", NOW, NOW + 1, "started")


def given(store: Store, *changes: dict[str, Any]) -> list[ScheduleRecord]:
    made = [replace(SAMPLE, **each) for each in changes]
    with store.write() as writer:
        for record in made:
            writer.put_schedule(record)
    return made


def written(store: Store, work: Callable[[Writer], Any]) -> Any:
    with store.write() as writer:
        return work(writer)


def test_what_was_written_is_read(store: Store) -> None:
    (plain, full) = given(
        store, {}, {"workflow": "full", "next_at": None, "last_at": NOW, "last_run": 7, "paused": True}
    )
    with store.read() as reader:
        assert reader.schedule(MINE, "daily") == plain
        assert reader.schedule(MINE, "full") == full
        assert reader.schedule(OTHERS, "daily") is None
        assert list(reader.all_schedules()) == [plain, full]


def test_it_is_replaced_and_deleted(store: Store) -> None:
    given(store, {}, {"version": 4, "paused": True}, {"tenant": OTHERS})
    with store.read() as reader:
        assert [(record.tenant, record.version) for record in reader.all_schedules()] == [
            (MINE, 4),
            (OTHERS, 3),
        ]
    written(store, lambda writer: writer.delete_schedule(MINE, "daily"))
    written(store, lambda writer: writer.delete_schedule(MINE, "daily"))
    with store.read() as reader:
        assert [record.tenant for record in reader.all_schedules()] == [OTHERS]


def test_the_earliest_first(store: Store) -> None:
    given(
        store,
        {"workflow": "late", "next_at": NOW + 2},
        {"workflow": "early", "next_at": NOW},
        {"workflow": "over", "next_at": None},
        {"workflow": "other", "tenant": OTHERS, "next_at": NOW + 1},
    )
    with store.read() as reader:
        assert reader.next_slot() == NOW
        assert [record.workflow for record in reader.due_schedules(NOW + 1, 10)] == ["early", "other"]
        assert [record.workflow for record in reader.due_schedules(NOW + 1, 1)] == ["early"]
        assert reader.due_schedules(NOW - 1, 10) == []
        assert reader.next_slots(MINE, ["late", "over", "other", "none"]) == {"late": NOW + 2}
        assert reader.next_slots(MINE, []) == {}


def test_those_of_a_disabled_tenant_are_not_due(store: Store) -> None:
    given(store, {"tenant": OTHERS}, {"next_at": NOW + 5})
    tenant = TenantRecord(OTHERS, "closed", disabled=True)
    written(store, lambda writer: writer.add_tenant(tenant))
    with store.read() as reader:
        assert reader.next_slot() == NOW + 5
        assert [record.tenant for record in reader.due_schedules(NOW + 9, 10)] == [MINE]
        assert reader.next_slots(OTHERS, ["daily"]) == {"daily": NOW}
    written(store, lambda writer: writer.change_tenant(replace(tenant, disabled=False)))
    with store.read() as reader:
        assert reader.next_slot() == NOW
        assert [record.tenant for record in reader.due_schedules(NOW + 9, 10)] == [OTHERS, MINE]


def test_without_any_there_is_no_next(store: Store) -> None:
    with store.read() as reader:
        assert reader.next_slot() is None
    given(store, {"next_at": None})
    with store.read() as reader:
        assert reader.next_slot() is None


def test_pages(store: Store) -> None:
    given(
        store,
        {"workflow": "B-100%", "next_at": None},
        {"workflow": "A-日报", "next_at": None},
        {"workflow": "c", "next_at": NOW},
        {"workflow": "hidden", "tenant": OTHERS},
    )
    with store.read() as reader:
        page = reader.schedules(MINE, None, 1, 2)
        assert ([record.workflow for record in page.items], page.total) == (["c", "A-日报"], 3)
        assert [record.workflow for record in reader.schedules(MINE, None, 2, 2).items] == ["B-100%"]
        assert [record.workflow for record in reader.schedules(MINE, "日报", 1, 9).items] == ["A-日报"]
        assert [record.workflow for record in reader.schedules(MINE, "b-100%", 1, 9).items] == ["B-100%"]


def test_a_slot_is_taken_once(store: Store) -> None:
    assert written(store, lambda writer: writer.add_fire(FIRE)) is True
    assert written(store, lambda writer: writer.add_fire(replace(FIRE, outcome="missed"))) is False
    assert written(store, lambda writer: writer.add_fire(replace(FIRE, tenant=OTHERS))) is True
    assert written(store, lambda writer: writer.add_fire(replace(FIRE, workflow="other"))) is True
    with store.read() as reader:
        assert reader.fires(MINE, "daily", 10) == [FIRE]


def test_what_became_of_slots(store: Store) -> None:
    fires = [
        replace(FIRE, slot=NOW + i, outcome=word, code=code, values=values)
        for i, (word, code, values) in enumerate(
            [("started", None, None), ("failed", "not_found", {"what": "版本"}), ("overlap", "x", None)]
        )
    ]
    for each in fires:
        written(store, lambda writer, each=each: writer.add_fire(each))
    changed = replace(fires[0], run_id=5)
    written(store, lambda writer: writer.change_fire(changed))
    with store.read() as reader:
        assert reader.fires(MINE, "daily", 10) == [fires[2], fires[1], changed]
        assert reader.fires(MINE, "daily", 1) == [fires[2]]
        assert reader.fires(OTHERS, "daily", 10) == []


def test_old_ones_are_forgotten(store: Store) -> None:
    for each in (
        FIRE,
        replace(FIRE, slot=NOW + 1),
        replace(FIRE, workflow="other"),
        replace(FIRE, tenant=OTHERS),
    ):
        written(store, lambda writer, each=each: writer.add_fire(each))
    written(store, lambda writer: writer.forget_fires(MINE, "daily", NOW + 1))
    with store.read() as reader:
        assert [record.slot for record in reader.fires(MINE, "daily", 10)] == [NOW + 1]
        assert len(reader.fires(MINE, "other", 10)) == len(reader.fires(OTHERS, "daily", 10)) == 1


def test_what_is_undone_is_undone(store: Store) -> None:
    given(store, {})
    with store.write() as writer:
        try:
            with writer.savepoint():
                writer.put_schedule(replace(SAMPLE, next_at=None))
                writer.add_fire(FIRE)
                writer.change_fire(replace(FIRE, run_id=1))
                raise LookupError
        except LookupError:
            pass
    with store.read() as reader:
        assert reader.schedule(MINE, "daily") == SAMPLE
        assert reader.fires(MINE, "daily", 10) == []
