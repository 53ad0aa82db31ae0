"""A channel's secrets taken out of what is told of sending: servers repeat addresses and passwords."""

import re
from base64 import b64encode
from urllib.parse import quote, unquote, urlsplit

from headrace.notify.letter import Open

MASK = "******"
SHORTEST = 4  # characters; nothing shorter could be masked without masking half of every answer
TELLING = 12  # characters of a part of an address from which on it may be a token


def hidden(channel: Open, told: str) -> str:
    """``told`` without the channel's secrets, also where it was cut in the middle of one."""
    forms = sorted(_forms(channel), key=len, reverse=True)
    if not forms:
        return told
    masked = re.sub("|".join(map(re.escape, forms)), MASK, told)
    begun = max((_begun(masked, form) for form in forms), default=0)
    return masked[: len(masked) - begun] + MASK if begun else masked


def _begun(told: str, form: str) -> int:
    """How many characters of ``form`` the text ends with."""
    return next((n for n in range(len(form) - 1, SHORTEST - 1, -1) if told.endswith(form[:n])), 0)


def _forms(channel: Open) -> set[str]:
    """How its secrets may appear."""
    found = set()
    for secret in filter(None, (channel.secret, channel.signing_key)):
        for part in {secret, *_parts(secret)}:
            found |= {part, quote(part), quote(part, safe=""), unquote(part)}
        login = f"\0{channel.settings.get('user', '')}\0{secret}"  # as mail servers are told it
        found |= {b64encode(each.encode()).decode() for each in (secret, login)}
    return {form for form in found if len(form) >= SHORTEST}


def _parts(secret: str) -> set[str]:
    """Of a secret that is an address: what may be a token in it. A host's name is none."""
    try:
        scheme, netloc, path, query, _ = urlsplit(secret)
    except ValueError:
        return set()
    first = netloc.rpartition("@")[0] if scheme in ("http", "https") else netloc
    whole = f"{path}?{query}" if query else path
    pieces = {each for each in re.split(r"[/?&=;:@,]", f"{first}/{whole}") if len(each) >= TELLING}
    hosts = {each for each in pieces if "." in each and each in netloc}
    return (pieces - hosts) | ({whole} if len(whole) >= TELLING else set())
