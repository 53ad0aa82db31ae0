"""Requests made from our own description, right and wrong: never a 5xx, always what it says."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import ADMIN_TOKEN, Running, running
from tests.api.two_tenants import things

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ENDLESS = ("/api/v1/runs/{runId}/events", "/api/v1/events")
HEADERS = {"Authorization": f"Bearer {ADMIN_TOKEN}"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home: Path = tmp_path_factory.mktemp("home")
    with running(home) as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value
)
def test_every_operation_keeps_to_its_description(live: Running, mode: GenerationMode) -> None:
    client = live.client(ADMIN_TOKEN)
    known = things(client, f"fuzz-{mode.value}").ids
    schema = schemathesis.openapi.from_dict(client.get("/api/v1/openapi.json").json())
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path not in ENDLESS:
            ask(operation, mode, live.url, known)
            tried += 1
    assert tried > 50
    assert client.get("/readyz").status_code == 200


def ask(operation: Any, mode: GenerationMode, url: str, known: dict[str, Any]) -> None:
    """A few requests of one operation; the right ones name objects that exist."""

    @seed(20261121)
    @settings(max_examples=10, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            case.path_parameters = {name: known.get(name, 1) for name in case.path_parameters or {}}
        answer = case.call(base_url=url, headers=HEADERS, timeout=20)
        case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # nothing can be wrong with a request without parameters
        check()
