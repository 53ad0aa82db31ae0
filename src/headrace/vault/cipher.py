"""Fernet with one or more keys: the first encrypts, all decrypt."""

import hmac
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from headrace.ports.errors import Broken

KEY_FILE = "vault.key"


class FernetCipher:
    """``ports.vault.Cipher``. ``keys`` are url-safe base64 of 32 bytes, the newest first."""

    def __init__(self, keys: list[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise Broken("vault_key_malformed") from None
        self._mark = sha256(b"fingerprint " + keys[0].encode()).digest()

    def encrypt(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise Broken("vault_key") from None

    def fingerprint(self, data: bytes) -> str:
        """Another one when there is a new first key."""
        return hmac.digest(self._mark, data, "sha256").hex()

    def renewed(self, token: str) -> str:
        """The same value under the first key."""
        try:
            return self._fernet.rotate(token.encode()).decode()
        except InvalidToken:
            raise Broken("vault_key") from None


def open_cipher(home: Path, configured: str | None) -> FernetCipher:
    """With the configured keys (separated by commas), else those of the file under home, one a line.

    A first start makes the file, readable by its owner alone.
    """
    if configured:
        return FernetCipher([key.strip() for key in configured.split(",")])
    return FernetCipher(keys_of(home))


def keys_of(home: Path) -> list[str]:
    """The newest first."""
    path = home / KEY_FILE
    with suppress(FileExistsError):
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(new_key() + "\n")
    return path.read_text().split()


def add_key(home: Path) -> None:
    """A new first key; the older ones stay until everything is encrypted anew."""
    keys = [new_key(), *keys_of(home)]
    write_keys(home, keys)


def write_keys(home: Path, keys: list[str]) -> None:
    """Replace the file as a whole."""
    path = home / f"{KEY_FILE}.new"
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    path.replace(home / KEY_FILE)


def new_key() -> str:
    return Fernet.generate_key().decode()
