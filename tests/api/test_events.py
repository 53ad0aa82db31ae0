"""Events: everything once, in order, without gap over reconnects; ended with the right to see them."""

import json
from itertools import islice
from typing import Any

import httpx2
import pytest

from headrace.api.native.events import NAMED, Changes
from tests.api.conftest import Running
from tests.api.flows import ended, events, noop, publish, shell, start, step_until, workflow
from tests.api.two_tenants import tenant

READ_AGAIN = {"runs": [], "more": True}


def history(live: Running, run: int) -> list[Any]:
    with live.system.store.read() as reader:
        return [(row.seq, list(row.changes)) for row in reader.history(run, 0, 10_000)]


def told(client: httpx2.Client, run: int, last: int, **headers: str) -> list[Any]:
    """The events up to sequence number ``last``."""
    seen = []
    with client.stream("GET", f"/api/v1/runs/{run}/events", headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        for event in events(stream.iter_lines()):
            data = json.loads(event["data"])
            assert (data["run"], data["seq"]) == (run, int(event["id"]))
            seen.append((data["seq"], data["changes"]))
            if data["seq"] >= last:
                return seen
    raise AssertionError("the stream ended")


def test_the_stream_tells_the_whole_history(live: Running, client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a"), shell("b", "true", "a"), noop("c", "b")))
    run = start(client, "w")
    ended(client, run)
    whole = history(live, run)
    assert len(whole) > 2
    assert told(client, run, whole[-1][0]) == whole


def test_resuming_leaves_no_gap(live: Running, client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a"), shell("b", "true", "a"), noop("c", "b")))
    run = start(client, "w")
    ended(client, run)
    whole = history(live, run)
    for seq, _ in whole[:-1]:
        rest = [each for each in whole if each[0] > seq]
        assert told(client, run, whole[-1][0], **{"Last-Event-ID": str(seq)}) == rest


def test_who_knows_more_than_there_is_begins_anew(live: Running, client: httpx2.Client) -> None:
    """As a page that was open while the database was restored: it would hear of nothing for long."""
    publish(client, workflow("w", noop("a")))
    run = start(client, "w")
    ended(client, run)
    whole = history(live, run)
    assert told(client, run, whole[-1][0], **{"Last-Event-ID": str(whole[-1][0] + 1)}) == whole


def test_a_watcher_is_told_while_it_happens(live: Running, client: httpx2.Client) -> None:
    gate = {"id": "gate", "kind": "approval", "approvers": {"roles": ["administrator"]}, "allow_self": True}
    publish(client, workflow("w", gate, noop("after", "gate")))
    run = start(client, "w")
    wait = step_until(client, run, "gate", lambda step: step["wait"] == "approval")
    seen = []
    with client.stream("GET", f"/api/v1/runs/{run}/events") as stream:
        for event in events(stream.iter_lines()):
            seen.append(int(event["id"]))
            if len(seen) == 1:
                client.post(f"/api/v1/runs/{run}/steps/{wait['id']}/approve")
            if any("run" in change for change in json.loads(event["data"])["changes"]) and len(seen) > 1:
                break
    assert seen == [seq for seq, _ in history(live, run)]


def test_a_stream_ends_with_the_right_to_see_it(live: Running, client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exec sleep 60")))
    run = start(client, "w")
    kim = live.user("kim", ("viewer",))
    id = next(user["id"] for user in client.get("/api/v1/users").json()["items"] if user["name"] == "kim")
    with kim.stream("GET", f"/api/v1/runs/{run}/events") as stream:
        for number, _ in enumerate(stream.iter_lines()):
            if number == 0:
                assert client.patch(f"/api/v1/users/{id}", json={"disabled": True}).status_code == 200
    client.post(f"/api/v1/runs/{run}/terminate")
    ended(client, run, "CANCELED")


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/runs/{run}/events", "{log}?follow=true"])
def test_a_stream_ends_with_the_permission(live: Running, client: httpx2.Client, path: str) -> None:
    """Who stays, but has lost the role that let them see runs, sees no more of them."""
    publish(client, workflow("w", shell("a", "sleep 300")))
    run = start(client, "w")
    step = step_until(client, run, "a", lambda step: step["status"] == "RUNNING")["id"]
    log = f"/api/v1/runs/{run}/steps/{step}/attempts/1/log"
    viewer = live.user("kim", ("viewer",))
    id = viewer.get("/api/v1/me").json()["id"]
    with viewer.stream("GET", path.format(run=run, log=log)) as stream:
        lines = stream.iter_lines()
        next(lines)
        assert client.patch(f"/api/v1/users/{id}", json={"roles": []}).status_code == 200
        rest = list(islice(lines, 40))
        assert len(rest) < 40, "it goes on"
        assert "event: end" not in rest, "it ended because it was over"
    assert viewer.get("/api/v1/me").status_code == 200
    client.post(f"/api/v1/runs/{run}/terminate")


def test_absent_runs_have_no_events(client: httpx2.Client) -> None:
    assert client.get("/api/v1/runs/99/events").status_code == 404
    assert client.get("/api/v1/runs/1/events", headers={"Last-Event-ID": "x"}).status_code == 422


def test_a_list_is_told_which_runs_change(live: Running, client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    with client.stream("GET", "/api/v1/events") as stream:
        told = events(stream.iter_lines())
        assert json.loads(next(told)["data"]) == READ_AGAIN  # what came before is not told
        run = start(client, "w")
        data = json.loads(next(told)["data"])
    assert (data["more"], [each["id"] for each in data["runs"]]) == (False, [run])
    assert data["runs"][0]["workflow"] == "w"


def test_another_tenants_runs_are_not_told(live: Running, client: httpx2.Client) -> None:
    stranger = tenant(live, client, "other")
    publish(client, workflow("w", noop("a")))
    publish(stranger, workflow("mine", noop("a")))
    with stranger.stream("GET", "/api/v1/events") as stream:
        told = events(stream.iter_lines())
        assert json.loads(next(told)["data"]) == READ_AGAIN
        start(client, "w")
        run = start(stranger, "mine")
        data = json.loads(next(told)["data"])
    assert [(each["id"], each["workflow"]) for each in data["runs"]] == [(run, "mine")]


def test_too_many_changes_are_not_named() -> None:
    rung: list[None] = []

    class Bell:
        def ring(self) -> None:
            rung.append(None)

    changes = Changes(Bell())  # type: ignore[arg-type]
    assert changes.take() == ([], True)
    changes.ring([1])
    assert changes.take() == ([1], False)
    changes.ring(range(NAMED))
    changes.ring([NAMED])
    ids, more = changes.take()
    assert (ids[-1], len(ids), more) == (NAMED, NAMED, True)
    assert (changes.take(), len(rung)) == (([], False), 3)
