"""What a plain YAML scalar means here: JSON's words and numbers; everything else is text.

So ``on``, ``yes``, ``02:00``, ``2026-12-01`` and ``0123`` stay what their author wrote.
"""

import re
from typing import Any

NULL = re.compile(r"~|null|Null|NULL|")
FLAG = re.compile(r"true|True|TRUE|false|False|FALSE")
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})")
FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def scalar(text: str) -> Any:
    """None, a bool, an int, a float, or the text itself."""
    if NULL.fullmatch(text):
        return None
    if FLAG.fullmatch(text):
        return text[0] in "tT"
    if INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= 40 and FLOAT.fullmatch(text) and ("." in text or "e" in text.lower()):
        return float(text)
    return text
