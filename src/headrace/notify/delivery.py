"""From a notice to what became of it: which channel, to whom, in which words, by which carrier."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from headrace.core.alarm import trial, wording
from headrace.core.alarm.channels import KINDS, address_of
from headrace.core.messages import Language, text
from headrace.notify import mail, robots, services, webhook
from headrace.notify.hidden import hidden
from headrace.notify.letter import Letter, Open
from headrace.notify.reach import Reach
from headrace.ports.alarms import ChannelRecord, NoticeRecord
from headrace.ports.errors import Broken
from headrace.ports.notifier import Outcome
from headrace.ports.store import Reader, Store
from headrace.ports.vault import Cipher

Carrier = Callable[[Reach, Open, Letter], Awaitable[Outcome]]

CARRIERS: Mapping[str, Carrier] = {
    "email": mail.send,
    "webhook": webhook.send,
    "apprise": services.send,
    **dict.fromkeys(robots.ROBOTS, robots.send),
}


class Undeliverable(Exception):
    """There is nowhere to send it; ``code`` and ``values`` are the message that says why."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Delivery:
    """Sends one message at a time, once. ``base`` is where people reach the pages of this server."""

    def __init__(self, store: Store, cipher: Cipher, reach: Reach, base: str) -> None:
        self._store = store
        self._cipher = cipher
        self._reach = reach
        self._base = base.rstrip("/")

    async def deliver(self, notice: NoticeRecord) -> tuple[str, Outcome]:
        """The text it was sent with, and how it went. Raises Broken where the database is away."""
        language: Language = "en"
        try:
            with self._store.read() as reader:
                channel = _channel(reader, notice)
                language = "zh" if channel.settings.get("language") == "zh" else "en"
                receivers = _receivers(reader, channel, notice.receiver)
            opened = self._open(channel)
        except Undeliverable as why:
            return "", Outcome(ok=False, response=text(why.code, why.values, language))
        url = f"{self._base}/runs/{notice.run}"
        message = wording(notice.facts, notice.template, language, zone_of(notice), url)
        letter = Letter(notice.key, message, receivers, notice.facts, url)
        return message.text, await self._carried(opened, letter)

    async def try_out(self, channel: ChannelRecord, receiver: str, language: Language) -> Outcome:
        """Send a test message; what comes of it is told in ``language`` too."""
        try:
            with self._store.read() as reader:
                receivers = _receivers(reader, channel, receiver or _first(channel))
            opened = self._open(channel)
        except Undeliverable as why:
            return Outcome(ok=False, response=text(why.code, why.values, language))
        letter = Letter("test", trial(language, channel.name), receivers, {"occasion": "test"}, self._base)
        spoken = replace(opened, settings={**opened.settings, "language": language})
        return await self._carried(spoken, letter)

    async def _carried(self, channel: Open, letter: Letter) -> Outcome:
        outcome = await CARRIERS[channel.kind](self._reach, channel, letter)
        return replace(outcome, response=hidden(channel, outcome.response))

    def _open(self, channel: ChannelRecord) -> Open:
        try:
            secret, signing_key = (
                None if sealed is None else self._cipher.decrypt(sealed)
                for sealed in (channel.secret, channel.signing_key)
            )
        except Broken:
            raise Undeliverable("alarm_secret") from None
        return Open(channel.name, channel.kind, channel.settings, secret, signing_key)


def zone_of(notice: NoticeRecord) -> tzinfo:
    """The schedule's, where the workflow has one, else the server's own."""
    name = notice.facts.get("zone")
    if name:
        return ZoneInfo(name)
    here = datetime.fromtimestamp(notice.created_at).astimezone().tzinfo
    assert here is not None
    return here


def _channel(reader: Reader, notice: NoticeRecord) -> ChannelRecord:
    channel = reader.channel(notice.tenant, notice.channel)
    if channel is None:
        raise Undeliverable("alarm_channel_gone", channel=notice.channel)
    if not channel.enabled:
        raise Undeliverable("alarm_channel_disabled", channel=notice.channel)
    return channel


def _first(channel: ChannelRecord) -> str:
    return next(iter(channel.settings.get("to") or ()), "")


def _receivers(reader: Reader, channel: ChannelRecord, receiver: str) -> list[str]:
    """Addresses for mail; for others whatever the alarm names."""
    if not KINDS[channel.kind].personal:
        return [name.strip() for name in receiver.split(",") if name.strip()]
    if not receiver:
        raise Undeliverable("alarm_receiver_none")
    if address_of(receiver):
        return [receiver]
    user = reader.user_named(channel.tenant, receiver)
    if user is None or user.disabled:
        raise Undeliverable("alarm_receiver_unknown", receiver=receiver)
    if not user.email:
        raise Undeliverable("alarm_receiver_address", receiver=receiver)
    return [user.email]
