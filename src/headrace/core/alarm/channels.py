"""Kinds of channels, and what each needs to know."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from headrace.core.definition.faults import Faults, shown
from headrace.core.definition.section import Section
from headrace.core.refusal import Refused

Json = Any

LANGUAGES = ("en", "zh")
SECURITY = ("starttls", "ssl", "none")
PORTS: Mapping[str, int] = {"starttls": 587, "ssl": 465, "none": 25}
ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>,;:\"\\()\x00-\x1f\x7f]{1,190}")
HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
OUR_HEADERS = frozenset({"host", "content-length", "content-type", "transfer-encoding", "connection"})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
WEB = re.compile(
    r"https?://(?:[^\s\x00-\x1f\x7f/?#@:\[\]\\]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?(?:[/?][^\s\x00-\x1f\x7f#]*)?"
)
TOKEN = re.compile(r"[A-Za-z0-9_-]{8,200}")
SERVICE = re.compile(r"[a-z][a-z0-9+.-]{1,40}://\S+")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a person gives, in clear. Only this page and the one who encrypts see it."""

    secret: str | None = None
    signing_key: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """``personal``: each receiver gets a message of their own. ``needs`` is the message that says what the
    secret must be, where one is needed; ``fits`` whether a text can be one. ``place``: the settings that say
    where a kept secret is sent to."""

    settings: Collection[str]
    check: Callable[[Section], None]
    personal: bool = False
    needs: str | None = None
    fits: Callable[[str], bool] = bool
    signed: bool = False
    place: Collection[str] = ()


def address_of(text: str) -> str | None:
    """The text where it is an e-mail address."""
    return text if ADDRESS.fullmatch(text) else None


def web_address(text: str) -> bool:
    """``http(s)://host…`` without credentials."""
    found = WEB.fullmatch(text)
    return found is not None and 0 < int(found["port"] or 1) <= 65_535


def same_place(kind: str, before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Whether a kept secret would still go to where it was meant to go."""
    return all(before.get(key) == after.get(key) for key in KINDS[kind].place)


def check_channel(
    kind: str, settings: Mapping[str, Json], secrets: Secrets, has: Collection[str] = ()
) -> None:
    """Refused (invalid, channel_invalid) with all problems. ``has`` names the secrets that are kept
    already: ``secret``, ``signing_key``."""
    faults = Faults()
    found = KINDS.get(kind)
    if found is None:
        faults.unknown("kind", "definition_choice", kind, KINDS)
    else:
        block = Section(settings, "settings", faults, {"language", *found.settings})
        block.choice("language", LANGUAGES, "en")
        found.check(block)
        _check_secrets(kind, found, secrets, has, faults)
        if kind == "email":
            _check_login(block, bool(secrets.secret) or "secret" in has)
    if faults.problems:
        raise Refused("invalid", "channel_invalid", {"count": len(faults.problems)}, faults.problems)


def _check_secrets(kind: str, found: Kind, secrets: Secrets, has: Collection[str], faults: Faults) -> None:
    kept = not secrets.secret and "secret" in has
    if found.needs and not kept and not found.fits(secrets.secret or ""):
        faults.add("secret", found.needs)
    if secrets.signing_key and not found.signed:
        faults.add("signingKey", "channel_secret_needless", kind=kind)


def _email(block: Section) -> None:
    block.need("host") and block.text("host", longest=255)
    block.integer("port", 587, 1, 65_535)
    block.choice("security", SECURITY, "starttls")
    block.text("user", longest=255)
    if block.need("from"):
        _check_address(block, "from", block.text("from", longest=255))
    for i, text in enumerate(block.texts("to")):
        _check_address(block, f"to[{i}]", text)


def _check_address(block: Section, key: str, text: str) -> None:
    if text and address_of(text) is None:
        block.faults.add(f"{block.path}.{key}", "channel_address", found=shown(text))


def _check_login(block: Section, password: bool) -> None:
    if not password:
        return
    if not block.has("user"):
        block.wrong("user", "channel_user_missing")
    if block.value.get("security") == "none" and block.value.get("host") not in LOOPBACK:
        block.wrong("security", "channel_clear")


def _webhook(block: Section) -> None:
    if block.need("url") and not web_address(block.text("url", longest=2_000)):
        block.wrong("url", "channel_url")
    for name, value in block.mapping("headers").items():
        why = _wrong_header(name, value)
        if why:
            block.faults.add(
                f"{block.path}.headers.{name[:80]}", "channel_header", found=shown(name), why=why
            )


def _wrong_header(name: str, value: Json) -> str | None:
    if not HEADER.fullmatch(name) or not isinstance(value, str) or len(value) > 2_000:
        return "name: text"
    if any(char < " " or char > "~" for char in value):
        return "ASCII"
    ours = name.lower() in OUR_HEADERS or name.lower().startswith("x-headrace-")
    return "reserved" if ours else None


def _nothing(block: Section) -> None:
    """A chat's robot is known by its secret alone."""


def _robot(text: str) -> bool:
    return TOKEN.fullmatch(text) is not None or web_address(text)


KINDS: Mapping[str, Kind] = {
    "email": Kind(
        ("host", "port", "security", "user", "from", "to"),
        _email,
        personal=True,
        place=("host", "port", "security"),
    ),
    "webhook": Kind(("url", "headers"), _webhook),
    "dingtalk": Kind((), _nothing, needs="channel_secret_robot", fits=_robot, signed=True),
    "wecom": Kind((), _nothing, needs="channel_secret_robot", fits=_robot),
    "feishu": Kind((), _nothing, needs="channel_secret_robot", fits=_robot, signed=True),
    "slack": Kind((), _nothing, needs="channel_secret_webhook", fits=web_address),
    "apprise": Kind(
        (), _nothing, needs="channel_secret_service", fits=lambda text: SERVICE.fullmatch(text) is not None
    ),
}
