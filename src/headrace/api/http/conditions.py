"""Conditional edits: ``ETag``, ``If-Match``, ``If-None-Match`` (RFC 9110)."""

from headrace.core.refusal import Refused

SHOWN = 200  # characters of a header


def quoted(etag: str) -> str:
    return f'"{etag}"'


def refuse_stale(
    current: str | None, if_match: str | None, if_none_match: str | None = None, by: str = "-"
) -> None:
    """Raise Refused unless an edit was made for the state that is stored.

    ``current`` is the stored ETag, None where nothing is stored yet; ``by`` who wrote it. Editing something
    that exists needs ``If-Match`` (unconditional), and it has to fit (stale).
    """
    if if_none_match is not None and current is not None and _names(if_none_match, current):
        raise Refused("stale", "exists_already")
    if if_match is None:
        if current is not None:
            raise Refused("unconditional", "if_match_missing")
    elif current is None:
        raise Refused("stale", "etag_absent", {"found": if_match[:SHOWN]})
    elif not _names(if_match, current):
        raise Refused("stale", "etag_stale", {"found": if_match[:SHOWN], "wanted": quoted(current), "by": by})


def _names(header: str, current: str) -> bool:
    return any(each.strip() in ("*", quoted(current)) for each in header.split(","))
