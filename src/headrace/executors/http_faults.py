"""Why a request found no answer, as a sentence: the library's words for it name neither host nor cause."""

import ssl

from headrace.core.messages import text
from headrace.executors.executor import words_of
from headrace.executors.system_words import causes, way_words


def why(error: BaseException, host: str) -> str:
    """What happened to a request to ``host``. Nothing of its headers is shown: they may hold secrets."""
    import httpx2

    for cause in causes(error):
        match cause:
            case UnicodeEncodeError(encoding="ascii"):
                return text("said_header", {})
            case ssl.SSLCertVerificationError():
                return text("said_certificate", {"host": host, "why": cause.verify_message})
            case ssl.SSLError(reason="WRONG_VERSION_NUMBER" | "HTTP_REQUEST" | "RECORD_LAYER_FAILURE"):
                return text("said_no_tls", {"host": host})
            case httpx2.TooManyRedirects():
                return text("said_redirects", {})
            case httpx2.UnsupportedProtocol() | httpx2.InvalidURL() | OverflowError():
                return text("said_url", {})
            case httpx2.LocalProtocolError():
                return text("said_header_form", {})
            case httpx2.DecodingError():
                return text("said_encoding", {})
    if way := way_words(error, host):
        return way
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.WriteError):
        return text("said_broken_off", {"host": host})
    return words_of(error).rstrip(".")
