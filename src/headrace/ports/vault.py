"""See the parts of it below."""

from typing import Protocol


class VaultReader(Protocol): ...


class VaultWriter(Protocol): ...
