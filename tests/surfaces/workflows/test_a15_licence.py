"""Acceptance cases 10 and 15 under a licence: lower than the quota, and expired."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from headrace.ports.licence import LicenceRecord
from tests.api.conftest import Running, running
from tests.api.flows import noop
from tests.identity.licences import public_half, signed
from tests.surfaces.workflows.desk import FlowDesk, cell, desk_of

KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def licensed(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "home", license_key=public_half(KEY)) as live:
        yield live


def install(flow: FlowDesk, **claims: object) -> None:
    text = signed(KEY, {"holder": "Acme", **claims})
    answer = flow.client.post("/api/v1/license", json={"text": text})
    assert answer.status_code == 200, answer.text


def expire(flow: FlowDesk) -> None:
    """The clock goes on past the licence's end."""
    past = {"holder": "Acme", "validUntil": (datetime.now(UTC) - timedelta(days=1)).isoformat()}
    record = LicenceRecord(signed(KEY, past), past, None, 1.0, "admin")
    flow.live.system.inbox.transact(lambda writer, now: writer.set_licence(record)).result(20)


def test_a15_15_a_licence_lower_than_the_quota(licensed: Running) -> None:
    flow = desk_of(licensed)
    id = flow.flow(noop("a"))
    other = flow.tenant("other", maxWorkflows=5)
    install(flow, maxWorkflows=1)
    assert other.call("addWorkflow", 400, name="one")["err"] == "licence_workflows"
    assert flow.call("addWorkflow", 400, name="two")["err"] == "licence_workflows"
    flow.until(flow.start(id), "SUCCESS")
    flow.call("deployWorkflow", workflowId=id)


def test_a15_10_publishing_under_an_expired_licence(licensed: Running) -> None:
    flow = desk_of(licensed)
    id = flow.flow(noop("a"))
    expire(flow)
    flow.call("configWorkflow", workflowId=id, webConfig=[cell("a"), cell("b", noop("b"))])
    refused = flow.call("deployWorkflow", 400, workflowId=id)
    assert refused["err"] == "licence_expired"
    assert "Acme" in refused["msg"]
    assert flow.data("getWorkflow", workflowId=id)["status"] == "PUBLISHED"
    instance = flow.start(id)  # what is published goes on
    flow.until(instance, "SUCCESS")
    assert flow.states(instance) == {"a": "SUCCESS"}
