"""Bodies of every shape: never a 5xx, always the envelope."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.api.conftest import Running, running
from tests.api.flows import noop
from tests.surfaces.workflows.desk import FlowDesk, desk_of
from tests.surfaces.workflows.test_access import MATRIX

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
WORDS = st.sampled_from(
    ["dag-node", "dag-edge", "a", "b", "ON", "SINGLE", "SIMPLE", "0 0 9 ? * 1", "2026-01-01"]
)
KEYS = st.sampled_from(
    ["id", "shape", "data", "node", "source", "target", "cell", "cells", "case", "position", "x", "executor"]
)
JSON = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | TEXTS, inner, max_size=5),
    max_leaves=12,
)
FIELDS = [
    *("workflowId", "id", "name", "remark", "etag", "webConfig", "cronConfig", "alarmList", "invokeStatus"),
    *("page", "pageSize", "searchKeyWord", "executeStatus", "workflowInstanceId", "workInstanceId"),
    *("token", "params", "idempotencyKey", "outerAddress", "format", "workflowConfig"),
]
CRON = st.fixed_dictionaries(
    {},
    optional={
        "enable": st.booleans(),
        "type": st.sampled_from(["ALL", "SINGLE"]),
        "setMode": st.sampled_from(["SIMPLE", "ADVANCE"]),
        "cron": WORDS | TEXTS,
        "workDate": st.lists(WORDS | TEXTS | st.none(), max_size=2),
        "timezone": WORDS,
    },
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home: Path = tmp_path_factory.mktemp("home")
    with running(home, invocations_per_minute=100_000) as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("call", [*MATRIX, "open/invokeWorkflow"])
def test_no_body_breaks_a_call(live: Running, call: str) -> None:
    flow = desk_of(live)
    id = flow.flow(noop("a"), noop("b", "a"), publish=False)
    known = st.fixed_dictionaries(
        {"workflowId": st.just(id), "id": st.just(id), "name": st.just(flow.name(id))},
        optional={
            "webConfig": st.lists(st.dictionaries(KEYS, JSON, max_size=5) | JSON, max_size=5) | JSON,
            "cronConfig": CRON,
            "alarmList": st.lists(JSON, max_size=3),
            "invokeStatus": st.sampled_from(["ON", "OFF"]),
            "workflowConfig": JSON,
        },
    )
    anything = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6) | JSON

    @seed(20261121)
    @settings(max_examples=20, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(body=known | anything)
    def check(body: Any) -> None:
        if call == "importWorkflow" and isinstance(body, dict):
            body = {**body, "format": "headrace/job-flow"}
        ask(flow, call, body)

    check()
    assert flow.client.get("/readyz").status_code == 200


def ask(flow: FlowDesk, call: str, body: Any) -> None:
    answer = flow.client.post(f"/workflow/{call}", json=body)
    assert answer.status_code < 500, (body, answer.text)
    if call == "exportWorkflow" and answer.status_code == 200:
        return
    envelope = answer.json()
    assert envelope["code"] in (str(answer.status_code), "55500"), answer.text
    assert envelope["msg"]
