"""What a step's program prints: into its log, with a cap and in bounded memory."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headrace.executors.keeper.masks import Masks

CHUNK = 1 << 16
FULL_PIPE = (1 << 20) // CHUNK + 1  # reads that empty the largest pipe an ordinary user can make
LONGEST_LINE = 1024  # of a progress line, and of the last error line that is kept
MARK = b"::progress "
Progress = Callable[[float, str], None]


class Log:
    """An attempt's log file. A full disk ends the log, not the work; ``trouble`` then says why.

    The file is made with the first write, ``head`` first: what prints nothing costs no file. A file, or
    whatever else, that is there already is opened at once; OSError when it cannot be.
    """

    def __init__(self, path: str, cap: int, head: bytes = b"") -> None:
        self._path = path
        self._cap = cap
        self._left = cap
        self._head = head
        self._fd = -1
        self.trouble: str | None = None
        if os.path.lexists(path):
            self.open()

    def open(self) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._fd = os.open(self._path, flags, 0o600)
        self.write(b"")

    def write(self, data: bytes) -> None:
        if self._fd < 0 and not self._opened():
            return
        data, self._head = self._head + data, b""
        if self._left < 0:
            return
        room = self._left
        self._left -= len(data)
        if self._left < 0:
            data = data[:room] + f"\n############ CUT at {self._cap} bytes ############\n".encode()
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            self._left = -1
            self.trouble = os.strerror(error.errno or 0)

    def _opened(self) -> bool:
        if self.trouble is None:
            try:
                self.open()
            except OSError as error:
                self.trouble = os.strerror(error.errno or 0)
        return self.trouble is None

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)


class Lines:
    """Finds ``::progress PERCENT MESSAGE`` lines in a stream that may hold anything, of any length."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tail = b""  # the beginning of the line that is not complete yet

    def feed(self, data: bytes) -> None:
        if MARK in data or (self._tail and MARK.startswith(self._tail[: len(MARK)])):
            self._read(data)
            return
        cut = data.rfind(b"\n")
        self._tail = (
            data[cut + 1 : cut + 1 + LONGEST_LINE] if cut >= 0 else (self._tail + data)[:LONGEST_LINE]
        )

    def _read(self, data: bytes) -> None:
        *lines, rest = (self._tail + data).split(b"\n")
        self._tail = rest[:LONGEST_LINE]
        for line in lines:
            if line.startswith(MARK):
                self._tell(line[len(MARK) : LONGEST_LINE])

    def _tell(self, line: bytes) -> None:
        percent, _, message = line.decode("utf-8", "replace").strip().partition(" ")
        try:
            value = float(percent.rstrip("%"))
        except ValueError:
            return
        if 0 <= value <= 100:
            self._progress(value, visible(message).strip())


class LastLine:
    """Remembers the last line that is not blank."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> None:
        self._held = (self._held + data[-2 * LONGEST_LINE :])[-2 * LONGEST_LINE :]

    @property
    def text(self) -> str:
        if not self._held:
            return ""
        lines = [visible(line).strip() for line in self._held.decode("utf-8", "replace").splitlines()]
        return next((line for line in reversed(lines) if line), "")[:LONGEST_LINE]


def visible(line: str) -> str:
    """Without colours and whatever else a terminal would not show."""
    begin, *rest = line.split("\x1b")
    parts = [begin, *(_after_escape(part) for part in rest)]
    return "".join(letter for part in parts for letter in part if letter >= " " and letter != "\x7f")


def _after_escape(part: str) -> str:
    """What follows ``[31m`` and its like."""
    if not part.startswith("["):
        return part[1:]
    end = next((i for i, letter in enumerate(part) if i and "@" <= letter <= "~"), len(part))
    return part[end + 1 :]


class Pipe:
    """One of the program's output streams."""

    def __init__(self, log: Log, feed: Callable[[bytes], None], masks: "Masks | None") -> None:
        self.inner, self.outer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(self.outer, True)
        self._log = log
        self._feed = feed
        self._masked = masks.stream() if masks else None
        self.open = True

    def started(self) -> None:
        """The program has its end now; ours would keep the stream open."""
        os.close(self.outer)
        self.outer = -1

    def take(self) -> bool:
        """One read. False: nothing there now, or closed."""
        try:
            data = os.read(self.inner, CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self.open = False
            return False
        self._told(self._masked.feed(data) if self._masked else data)
        return True

    def _told(self, data: bytes) -> None:
        if data:
            self._log.write(data)
            self._feed(data)

    def close(self) -> None:
        """Take what is left, then let go. Our writers are dead: a pipe's worth is all there can be."""
        for _ in range(FULL_PIPE):
            if not self.open or not self.take():
                break
        if self._masked:
            self._told(self._masked.end())
        os.close(self.inner)
        if self.outer >= 0:
            os.close(self.outer)
