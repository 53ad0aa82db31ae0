"""A channel's secrets taken out of what is told of sending: servers repeat addresses and passwords."""

import re
from urllib.parse import unquote, urlsplit

from headrace.disguises import SHORTEST, forms
from headrace.notify.letter import Open

MASK = "******"
TELLING = 12  # characters of a part of an address from which on it may be a token


def hidden(channel: Open, told: str) -> str:
    """``told`` without the channel's secrets, also where it was cut in the middle of one."""
    found = sorted(_forms(channel), key=len, reverse=True)
    if not found:
        return told
    masked = re.sub("|".join(map(re.escape, found)), MASK, told)
    begun = max(_begun(masked, form) for form in found)
    return masked[: len(masked) - begun] + MASK if begun else masked


def _begun(told: str, form: str) -> int:
    """How many characters of ``form`` the text ends with."""
    return next((n for n in range(len(form) - 1, SHORTEST - 1, -1) if told.endswith(form[:n])), 0)


def _forms(channel: Open) -> set[str]:
    """How its secrets may appear."""
    found: set[bytes] = set()
    for secret in filter(None, (channel.secret, channel.signing_key)):
        login = f"\0{channel.settings.get('user', '')}\0{secret}"  # as mail servers are told it
        for part in {login, secret, *_parts(secret)}:
            found |= forms(part) | forms(unquote(part))
    return {form.decode("utf-8", "surrogatepass") for form in found}


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
