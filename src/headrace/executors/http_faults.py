"""Why a request found no answer, as a sentence: the library's words for it name neither host nor cause."""

import errno
import socket
import ssl
from collections.abc import Iterator

from headrace.core.messages import text
from headrace.executors.executor import words_of

UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


def why(error: BaseException, host: str) -> str:
    """What happened to a request to ``host``. Nothing of its headers is shown: they may hold secrets."""
    import httpx2

    for cause in _causes(error):
        match cause:
            case UnicodeEncodeError(encoding="ascii"):
                return text("said_header", {})
            case socket.gaierror():
                return text("said_no_host", {"host": host})
            case ssl.SSLCertVerificationError():
                return text("said_certificate", {"host": host, "why": cause.verify_message})
            case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "HTTP_REQUEST" | "RECORD_LAYER_FAILURE"):
                return text("said_no_tls", {"host": host})
            case ConnectionRefusedError():
                return text("said_refused", {"host": host})
            case OSError(errno=number) if number in UNREACHABLE:
                return text("said_unreachable", {"host": host})
            case httpx2.TooManyRedirects():
                return text("said_redirects", {})
            case httpx2.UnsupportedProtocol() | httpx2.InvalidURL() | OverflowError():
                return text("said_url", {})
            case httpx2.LocalProtocolError():
                return text("said_header_form", {})
            case httpx2.DecodingError():
                return text("said_encoding", {})
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.WriteError):
        return text("said_broken_off", {"host": host})
    return words_of(error).rstrip(".")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and all of a group."""
    waiting, seen = [error], set[int]()
    while waiting:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, BaseExceptionGroup):
            waiting += found.exceptions
        waiting += [each for each in (found.__cause__, found.__context__) if each is not None]
