"""The key, where it is kept, and changing it; names resolved for one tenant."""

from pathlib import Path

import pytest

from headrace.core.refusal import Refused
from headrace.ports.errors import Broken
from headrace.ports.vault import ConnectionRecord, SecretRecord
from headrace.storage import MemoryStore
from headrace.vault.cipher import KEY_FILE, FernetCipher, add_key, keys_of, new_key, open_cipher, write_keys
from headrace.vault.resolver import StoreResolver

VALUE = "canary-7f3a 名"


def test_the_first_start_makes_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    token = open_cipher(tmp_path, None).encrypt(VALUE)
    assert VALUE not in token
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert open_cipher(tmp_path, None).decrypt(token) == VALUE


def test_another_key(tmp_path: Path) -> None:
    old = open_cipher(tmp_path, None).encrypt(VALUE)
    add_key(tmp_path)
    cipher = open_cipher(tmp_path, None)
    assert len(keys_of(tmp_path)) == 2
    assert cipher.decrypt(old) == VALUE
    fresh = cipher.renewed(old)
    write_keys(tmp_path, keys_of(tmp_path)[:1])
    last = open_cipher(tmp_path, None)
    assert last.decrypt(fresh) == VALUE
    for call in (last.decrypt, last.renewed):
        with pytest.raises(Broken, match=r"^vault_key$"):
            call(old)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_keys_of_the_settings(tmp_path: Path) -> None:
    one, other = new_key(), new_key()
    token = open_cipher(tmp_path, other).encrypt(VALUE)
    assert open_cipher(tmp_path, f"{one}, {other}").decrypt(token) == VALUE
    assert not (tmp_path / KEY_FILE).exists()
    with pytest.raises(Broken, match="vault_key_malformed"):
        FernetCipher(["too short"])


def test_names_are_one_tenants(tmp_path: Path) -> None:
    cipher, store = open_cipher(tmp_path, None), MemoryStore()
    with store.write() as writer:
        writer.put_secret(SecretRecord(1, "word", "", cipher.encrypt(VALUE), 1.0, 1.0, "amy"))
        writer.put_connection(ConnectionRecord(1, "db", "postgresql", secret="word"))
        writer.put_connection(ConnectionRecord(1, "open", "sqlite", database="d"))
    resolver = StoreResolver(store, cipher)
    assert resolver.secret(1, "word") == VALUE
    assert resolver.connection(1, "db")[1] == VALUE
    assert resolver.connection(1, "open")[1] is None
    for call, name, code in (
        (resolver.secret, "word", "work_secret_unknown"),
        (resolver.connection, "db", "work_connection_unknown"),
    ):
        with pytest.raises(Refused, match=code):
            call(2, name)
