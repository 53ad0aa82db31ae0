"""How a secret value may appear in what others print and answer: as it is, and in the usual disguises."""

import base64
import json
import re
from urllib.parse import quote, quote_plus

SHORTEST = 4  # bytes; of a disguise, or of a line of a secret with several
LONG_LINE = 8  # bytes; shorter lines of such a secret are too common to be masked
UNQUOTED = ("", "/", "*", "!'()*", "!#$&'()*+,/:;=?@")
"""What programs leave as it is in a URL: most, Python, Java and forms of browsers, and a browser's
``encodeURIComponent`` and ``encodeURI``."""


def forms(value: str) -> set[bytes]:
    """How a value may appear: plain, in JSON, in a URL, in base64 wherever it begins; its lines too."""
    lines = [line for line in value.splitlines() if len(line.encode("utf-8", "surrogatepass")) >= LONG_LINE]
    found: set[bytes] = set()
    for part in {value, value.strip(), *lines}:
        raw = part.encode("utf-8", "surrogatepass")
        found |= {raw, json.dumps(part)[1:-1].encode()}
        found.add(json.dumps(part, ensure_ascii=False)[1:-1].encode("utf-8", "surrogatepass"))
        for quoted in _quoted(raw):
            found |= {quoted.encode(), re.sub("%..", lambda m: m[0].lower(), quoted).encode()}
        found |= _base64(raw)
    return {form for form in found if len(form) >= SHORTEST}


def _quoted(raw: bytes) -> set[str]:
    """For a URL: programs differ in what they leave as it is, and in how they write a space."""
    found = {encode(raw, safe=safe) for encode in (quote, quote_plus) for safe in UNQUOTED}
    return found | {quoted.replace("~", "%7E") for quoted in found}


def _base64(raw: bytes) -> set[bytes]:
    """The characters that the value determines, for each of the three places it may begin at."""
    found: set[bytes] = set()
    for offset, unsure in ((0, 0), (1, 2), (2, 3)):
        sure = (offset + len(raw)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * offset + raw)[unsure:]
            found |= {whole[: sure - unsure], whole, whole.rstrip(b"=")}  # the latter where it ends
    lines = base64.b64encode(raw)[: len(raw) * 8 // 6]
    for width in (64, 76):  # as programs break it into lines
        found |= {lines[i : i + width] for i in range(0, len(lines), width)}
    return {form for form in found if len(form) > SHORTEST}
