"""Tokens for starting workflows from outside."""

from dataclasses import replace

import pytest

from headrace.ports.invocations import InvocationToken
from headrace.ports.store import Store
from tests.storage.samples import MINE, NOW, OTHERS

SAMPLE = InvocationToken(1, MINE, 5, "ci", "d1", 3, "Ada", NOW, NOW + 9, None, None)


def given(store: Store, *tokens: InvocationToken) -> None:
    with store.write() as writer:
        for token in tokens:
            writer.put_invocation_token(token)


def test_of_one_workflow_newest_first(store: Store) -> None:
    used = replace(SAMPLE, id=3, digest="d3", revoked_at=NOW + 1, last_used_at=NOW + 0.5)
    given(store, SAMPLE, replace(SAMPLE, id=2, digest="d2", workflow_id=6), used)
    with store.read() as reader:
        assert list(reader.invocation_tokens(MINE, 5)) == [used, SAMPLE]
        assert not reader.invocation_tokens(OTHERS, 5)


def test_found_by_digest_whosever_it_is(store: Store) -> None:
    other = replace(SAMPLE, id=2, tenant=OTHERS, digest="d2")
    given(store, SAMPLE, other)
    with store.read() as reader:
        assert reader.invocation_token("d1") == SAMPLE
        assert reader.invocation_token("d2") == other
        assert reader.invocation_token("d") is None


def test_replaced_and_deleted(store: Store) -> None:
    other = replace(SAMPLE, id=2, digest="d2", workflow_id=6)
    given(store, SAMPLE, other)
    changed = replace(SAMPLE, revoked_at=NOW)
    given(store, changed)
    with store.read() as reader:
        assert list(reader.invocation_tokens(MINE, 5)) == [changed]
    with store.write() as writer:
        writer.delete_invocation_tokens(OTHERS, 5)
        assert writer.invocation_token("d1") == changed
        writer.delete_invocation_tokens(MINE, 5)
    with store.read() as reader:
        assert reader.invocation_token("d1") is None
        assert reader.invocation_token("d2") == other


def put_and_fail(store: Store) -> None:
    with store.write() as writer:
        writer.put_invocation_token(SAMPLE)
        raise ZeroDivisionError


def test_undone_with_its_transaction(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        put_and_fail(store)
    with store.read() as reader:
        assert reader.invocation_token("d1") is None
