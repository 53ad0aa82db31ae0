"""Who sends messages, after the commit that wrote them down."""

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from headrace.core.messages import Language
from headrace.ports.alarms import ChannelRecord


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt to send went. ``again``: it may go better later. ``response`` is fit for people."""

    ok: bool
    response: str
    again: bool = False


class Notifier(Protocol):
    """Sends what is PENDING in the store, each channel at its own pace."""

    def wake(self, channels: Iterable[tuple[int, str]]) -> None:
        """There is something to send over these (tenant, channel). Returns at once, from any thread."""
        ...

    def test(self, channel: ChannelRecord, receiver: str, language: Language) -> Future[Outcome]:
        """Send a test message now, once."""
        ...


class Silent:
    """Sends nothing: what is PENDING waits for a process that does."""

    def wake(self, channels: Iterable[tuple[int, str]]) -> None:
        pass

    def test(self, channel: ChannelRecord, receiver: str, language: Language) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        future.set_result(Outcome(ok=False, response=""))
        return future
