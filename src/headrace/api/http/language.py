"""Which language a reader wants: zh-CN or English, by ``Accept-Language``; English by default."""

from starlette.requests import HTTPConnection

from headrace.core.messages import Language


def language_of(header: str | None) -> Language:
    """The better liked of the two; equal liking goes to the one named first."""
    best: tuple[float, Language] = (0.0, "en")
    for entry in (header or "").split(",")[:20]:
        tag, _, parameter = entry.strip().partition(";")
        language = _known(tag.strip().lower())
        weight = _weight(parameter)
        if language is not None and weight > best[0]:
            best = (weight, language)
    return best[1]


def reader_language(request: HTTPConnection) -> Language:
    """The language of whoever sent the request."""
    return language_of(request.headers.get("accept-language"))


def _known(tag: str) -> Language | None:
    primary = tag.partition("-")[0]
    if primary == "zh":
        return "zh"
    return "en" if primary in ("en", "*") else None


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if not value or name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
