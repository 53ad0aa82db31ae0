"""What the machine refused, in words that have another language: of this process, of its keepers (who use the
machine's own words, the same in English), of another host."""

import errno
import socket
from collections.abc import Iterator

from headrace.core.messages import text

_WORDS = {
    errno.ENOENT: "said_os_missing",
    errno.EACCES: "said_os_denied",
    errno.ENOTDIR: "said_os_no_folder",
    errno.EISDIR: "said_os_folder",
    errno.ENOSPC: "said_os_full",
    errno.EDQUOT: "said_os_quota",
    errno.EFBIG: "said_os_large",
    errno.EROFS: "said_os_readonly",
    errno.ENOEXEC: "said_os_format",
    errno.E2BIG: "said_os_arguments",
    errno.EMFILE: "said_os_files",
    errno.ENOMEM: "said_os_memory",
    errno.EIO: "said_os_io",
}
_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


def system_words(error: OSError) -> str:
    """Why, without the path, which may be one of ours."""
    code = _WORDS.get(error.errno or 0)
    return text(code, {}) if code else error.strerror or type(error).__name__


def way_words(error: BaseException, host: str) -> str | None:
    """Why there was no way to ``host``; None where that is not the cause."""
    for cause in causes(error):
        match cause:
            case socket.gaierror():
                return text("said_no_host", {"host": host})
            case ConnectionRefusedError():
                return text("said_refused", {"host": host})
            case OSError(errno=number) if number in _UNREACHABLE:
                return text("said_unreachable", {"host": host})
    return None


def causes(error: BaseException) -> Iterator[BaseException]:
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
