"""Another tenant's objects are absent, whatever names them and wherever (S03, S04)."""

import itertools
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from headrace.api.app import create_app
from tests.api.conftest import Running
from tests.api.flows import read
from tests.api.two_tenants import Things, body, everything, native, tenant, things

NOBODYS = ("number", "type", "tenantId", "provider")
MINE, THEIRS = "my-canary", "their-canary"


@pytest.fixture
def both(live: Running, client: httpx2.Client) -> Iterator[tuple[Things, Things]]:
    """What is mine and what is theirs; afterwards theirs must be as it was."""
    theirs = things(tenant(live, client, "acme"), THEIRS)
    before = everything(theirs)
    yield things(tenant(live, client, "mine"), MINE), theirs
    assert everything(theirs) == before


def mixtures(path: str, mine: Things, theirs: Things) -> Iterator[dict[str, Any]]:
    """Parameters with at least one of theirs, in every combination with mine."""
    named = [name for name in mine.ids if f"{{{name}}}" in path and name not in NOBODYS]
    fixed = {name: mine.ids[name] for name in NOBODYS}
    for chosen in itertools.product((mine, theirs), repeat=len(named)):
        if theirs in chosen:
            yield {**fixed, **{name: each.ids[name] for name, each in zip(named, chosen, strict=True)}}


def test_every_id_of_another_tenant_is_absent(live: Running, both: tuple[Things, Things]) -> None:
    mine, theirs = both
    seen = []
    for method, path in native(create_app(live.system)):
        for ids in mixtures(path, mine, theirs):
            if method == "PUT" and path.endswith("/{name}"):
                continue  # makes an object of one's own with that name
            answer = mine.client.request(method, path.format(**ids), json=body(method, path, ids))
            seen.append((method, path, answer.status_code))
            assert answer.status_code == 404, (method, path, ids, answer.text)
            assert THEIRS not in answer.text or "name" in ids
    assert len(seen) > 40


def test_names_belong_to_a_tenant(both: tuple[Things, Things]) -> None:
    mine, theirs = both
    name = theirs.ids["name"]
    assert mine.client.put(f"/api/v1/targets/host/{name}", json={}).status_code == 200
    assert read(mine.client, f"/targets/host/{name}")["attributes"] == {}


def test_bodies_and_queries_do_not_reach_over(both: tuple[Things, Things]) -> None:
    mine, theirs = both
    target = read(theirs.client, "/targets")["items"][0]["id"]
    runs = f"/api/v1/workflows/{mine.ids['name']}/runs"
    assert mine.client.post(runs, json={"targets": [{"id": target}]}).status_code in (404, 422)
    assert mine.client.post("/api/v1/users", json={"name": "x", "roles": [THEIRS]}).status_code == 422


def test_lists_hold_nothing_of_another_tenant(live: Running, both: tuple[Things, Things]) -> None:
    mine, _ = both
    for method, path in native(create_app(live.system)):
        if method != "GET" or "log" in path or "events" in path:
            continue
        answer = mine.client.get(path.format(**mine.ids) + "?size=2000&all=true")
        assert THEIRS not in answer.text, path
