"""What a licence's claims mean, and when it counts."""

from typing import Any

import pytest

from headrace.core.access.licence import COMMUNITY, Licence, licence_of
from headrace.core.refusal import Refused

GOOD = {"holder": "某市水务局", "validFrom": "2027-01-31", "validUntil": "2028-01-31T00:00:00+08:00"}


def test_claims_become_a_licence() -> None:
    found = licence_of({**GOOD, "maxWorkflows": 3, "maxUsers": None})
    assert found == Licence("某市水务局", "commercial", 1801353600.0, 1832860800.0, 3, None, None)


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        ({}, {"licence_holder"}),
        ({"holder": ""}, {"licence_holder"}),
        ({"holder": "x" * 201}, {"licence_holder"}),
        ({"holder": 1, "maxUsers": True}, {"licence_holder", "licence_limit"}),
        ({**GOOD, "maxUsers": -1}, {"licence_limit"}),
        ({**GOOD, "maxTenants": 2.5}, {"licence_limit"}),
        ({**GOOD, "maxWorkflows": 2**53}, {"licence_limit"}),
        ({**GOOD, "validFrom": "soon"}, {"licence_instant"}),
        ({**GOOD, "validUntil": 1832860800}, {"licence_instant"}),
        ({**GOOD, "validUntil": "2027-01-31"}, {"licence_span"}),
    ],
)
def test_every_fault_of_the_claims_is_named(claims: dict[str, Any], codes: set[str]) -> None:
    with pytest.raises(Refused) as refused:
        licence_of(claims)
    assert refused.value.code == "licence_malformed"
    assert {problem.code for problem in refused.value.problems} == codes


def test_it_counts_from_its_first_instant_to_before_its_last() -> None:
    licence = Licence("x", "commercial", 10.0, 20.0)
    assert [licence.fault(now) for now in (9.9, 10.0, 19.9, 20.0)] == [
        "licence_not_yet",
        None,
        None,
        "licence_expired",
    ]


def test_the_community_licence_never_ends() -> None:
    assert COMMUNITY.fault(0.0) is None
    assert COMMUNITY.fault(1e12) is None
    assert (COMMUNITY.max_workflows, COMMUNITY.max_users, COMMUNITY.max_tenants) == (None, None, None)
