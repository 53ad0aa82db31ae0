"""The brute-force limit: waits grow, fade, and never lock an account for everybody."""

import pytest

from headrace.core.refusal import Refused
from headrace.identity.throttle import (
    FORGET_AFTER,
    LONGEST_WAIT,
    MOST_KEYS,
    PER_ACCOUNT,
    PER_ADDRESS,
    Throttle,
)


def fail(throttle: Throttle, times: int, account: str = "default/admin", address: str = "10.0.0.1") -> None:
    for _ in range(times):
        throttle.failed(account, address, now=100.0)


def seconds(throttle: Throttle, now: float, account: str = "default/admin", address: str = "10.0.0.1") -> int:
    try:
        throttle.check(account, address, now)
    except Refused as refused:
        return int(str(refused.values["seconds"])) if refused.kind == "throttled" else -1
    return 0


def test_a_few_failures_cost_nothing() -> None:
    throttle = Throttle()
    fail(throttle, PER_ACCOUNT - 1)
    assert seconds(throttle, 100.0) == 0


@pytest.mark.parametrize(("extra", "wait"), [(0, 2), (1, 4), (2, 8), (30, LONGEST_WAIT)])
def test_waits_double_up_to_a_bound(extra: int, wait: float) -> None:
    throttle = Throttle()
    fail(throttle, PER_ACCOUNT + extra)
    assert seconds(throttle, 100.0) == wait
    assert seconds(throttle, 100.0 + wait) == 0


def test_another_address_is_not_locked_out() -> None:
    throttle = Throttle()
    fail(throttle, PER_ACCOUNT)
    assert seconds(throttle, 100.0, address="10.0.0.2") == 0


def test_one_address_cannot_try_many_accounts() -> None:
    throttle = Throttle()
    for n in range(PER_ADDRESS):
        fail(throttle, 1, account=f"default/user{n}")
    assert seconds(throttle, 100.0, account="default/fresh") > 0


def test_success_clears_the_account() -> None:
    throttle = Throttle()
    fail(throttle, PER_ACCOUNT)
    throttle.succeeded("default/admin", "10.0.0.1")
    assert seconds(throttle, 100.0) == 0


def test_failures_fade() -> None:
    throttle = Throttle()
    fail(throttle, PER_ACCOUNT)
    throttle.failed("default/admin", "10.0.0.1", 100.0 + FORGET_AFTER + 1)
    assert seconds(throttle, 100.0 + FORGET_AFTER + 1) == 0


def test_memory_is_bounded() -> None:
    throttle = Throttle()
    for n in range(MOST_KEYS):
        fail(throttle, 1, account=f"a{n}", address=f"b{n}")
    assert len(throttle._counts) == MOST_KEYS


def test_one_account_does_not_lock_its_address_for_ever() -> None:
    """As a robot with an old password does, beside people behind the same proxy."""
    throttle = Throttle()
    fail(throttle, 20 * PER_ADDRESS)
    assert seconds(throttle, 100.0) == LONGEST_WAIT
    assert seconds(throttle, 100.0, account="default/kim") == 0


def test_failures_without_end_are_waited_for_still() -> None:
    throttle = Throttle()
    fail(throttle, 5_000)
    assert seconds(throttle, 100.0) == LONGEST_WAIT


def test_a_network_of_ipv6_counts_as_one_address() -> None:
    throttle = Throttle()
    for n in range(PER_ACCOUNT):
        fail(throttle, 1, address=f"2001:db8::{n:x}:1")
    assert seconds(throttle, 100.0, address="2001:db8::ffff") > 0
    assert seconds(throttle, 100.0, address="2001:db8:0:1::1") == 0


def test_ipv4_within_ipv6_is_the_ipv4_address() -> None:
    throttle = Throttle()
    fail(throttle, PER_ACCOUNT, address="::ffff:10.0.0.1")
    assert seconds(throttle, 100.0, address="10.0.0.1") > 0
    assert seconds(throttle, 100.0, address="::ffff:10.0.0.2") == 0


@pytest.mark.parametrize("address", ["local", "", "fe80::1%eth0"])
def test_whatever_an_address_is_counts(address: str) -> None:
    throttle = Throttle()
    fail(throttle, PER_ACCOUNT, address=address)
    assert seconds(throttle, 100.0, address=address) > 0
