"""What the API needs of the composed system; ``main.build`` provides it."""

from collections.abc import Mapping
from typing import Protocol

from headrace.config import Settings
from headrace.core.run.capabilities import Capabilities
from headrace.ports.clock import Clock
from headrace.ports.identity import Gate, SignIns
from headrace.ports.inbox import Inbox
from headrace.ports.licence import LicenceVerifier
from headrace.ports.logs import Logs
from headrace.ports.notifier import Notifier
from headrace.ports.store import Store
from headrace.ports.vault import Cipher, Prober
from headrace.ports.watch import Watch


class System(Protocol):
    """The running parts behind the API."""

    @property
    def settings(self) -> Settings: ...
    @property
    def store(self) -> Store: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def logs(self) -> Logs: ...
    @property
    def watch(self) -> Watch: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def cipher(self) -> Cipher: ...
    @property
    def notifier(self) -> Notifier: ...
    @property
    def prober(self) -> Prober: ...
    @property
    def licences(self) -> LicenceVerifier: ...
    @property
    def sign_ins(self) -> SignIns: ...
    @property
    def gate(self) -> Gate: ...
    @property
    def capabilities(self) -> Mapping[str, Capabilities]: ...
    def trouble(self) -> Mapping[str, str]:
        """What keeps the system from serving, by part; empty when ready."""
        ...

    def counters(self) -> Mapping[str, float]:
        """Figures for /metrics by name; names ending in ``_total`` only grow."""
        ...
