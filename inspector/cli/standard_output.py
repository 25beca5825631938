"""Writes data to standard output, which may be closed, full, slow or abandoned, without holding anything else up.

What is printed waits in memory until standard output takes it, so that a reader that stands still blocks nobody: the
commands go on, look at Ctrl+C, and save their files first.
"""

from __future__ import annotations

import os
import select
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from .console import complain

#: A writable pipe takes this many bytes without waiting (POSIX: PIPE_BUF is 512 at least, 4,096 on Linux).
_STEP_BYTES = getattr(select, "PIPE_BUF", 512)
_FILE_STEP_BYTES = 1 << 20
_LOOK_AGAIN_S = 0.1
_CLOSED = "Standard output is closed, so nothing was printed."
_NOBODY_READS = "Standard output has no reader any more."


class StandardOutput:
    """What one command prints. ``failure`` is a sentence once standard output is lost; what follows is dropped."""

    def __init__(self) -> None:
        stream = sys.stdout
        self._stream: TextIO = stream
        self._waiting = bytearray()
        self._fd = _fd_of(stream)
        self._step_bytes = _FILE_STEP_BYTES if _is_file(self._fd) else _STEP_BYTES
        self.failure = _CLOSED if 1 in _closed else ""
        self.is_terminal = not self.failure and stream.isatty()

    @property
    def has_no_reader(self) -> bool:
        """Return whether it was lost because its reader went away, as that of ``| head`` does."""
        return self.failure == _NOBODY_READS

    @property
    def is_behind(self) -> bool:
        """Return whether something waits to be taken: a command that goes on printing would fill the memory."""
        return bool(self._waiting)

    def put(self, text: str) -> None:
        """Print a text with its newlines; characters that the encoding lacks become escapes."""
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        self.put_bytes(text.encode(encoding, "backslashreplace"))

    def put_bytes(self, data: bytes) -> None:
        """Print bytes as they are."""
        if not self.failure:
            self._waiting += data
            self.push()

    def push(self) -> None:
        """Hand over what is taken without waiting, and look whether anybody still reads."""
        if not self._waiting and not self.failure and self._has_lost_its_reader():
            self._lose(_NOBODY_READS)
        while self._waiting and not self.failure and self._is_ready(0):
            self._write_some()

    def finish(self, given_up: Callable[[], bool] = lambda: False) -> None:
        """Wait until all was taken, until it is lost, or until ``given_up()``."""
        while self._waiting and not self.failure:
            if given_up():
                self._waiting.clear()
                self.failure = "Standard output was not read to its end."
            elif self._is_ready(_LOOK_AGAIN_S):
                self._write_some()

    def _is_ready(self, seconds: float) -> bool:
        if self._fd is None or sys.platform == "win32":  # Windows can wait for sockets alone
            return True
        poll = select.poll()
        poll.register(self._fd, select.POLLOUT)
        return bool(poll.poll(seconds * 1000))

    def _write_some(self) -> None:
        try:
            if self._fd is None:
                self._stream.write(self._waiting.decode(errors="replace"))
                self._waiting.clear()
            else:
                del self._waiting[: os.write(self._fd, self._waiting[: self._step_bytes])]
        except BlockingIOError:
            return
        except (OSError, ValueError) as error:
            self._lose(failure_text(error))

    def _lose(self, why: str) -> None:
        self._waiting.clear()
        self.failure = why
        give_nothing_to_flush()

    def _has_lost_its_reader(self) -> bool:
        if self._fd is None or sys.platform == "win32":
            return False
        poll = select.poll()
        poll.register(self._fd, 0)
        return any(events & select.POLLERR for _, events in poll.poll(0))


def print_all(text: str | bytes, given_up: Callable[[], bool] = lambda: False) -> bool:
    """Print everything, or say why not; return whether it was printed."""
    output = StandardOutput()
    if isinstance(text, str):
        output.put(text)
    else:
        output.put_bytes(text)
    output.finish(given_up)
    if output.failure:
        complain(output.failure)
    return not output.failure


def open_closed_streams() -> None:
    """Give descriptors 0 to 2 that are closed a place to go, so that no file or socket of ours becomes one of them."""
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            _closed.add(fd)
            os.open(os.devnull, os.O_RDWR)  # takes the lowest that is free: this one
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - stays open


def give_nothing_to_flush() -> None:
    """Point a standard output that is lost to nowhere: the interpreter flushes it once more at its end."""
    fd = _fd_of(sys.stdout)
    if fd is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, fd)
        os.close(nowhere)


#: Descriptors that the program was started without.
_closed: set[int] = set()


def _is_file(fd: int | None) -> bool:
    return fd is not None and stat.S_ISREG(os.fstat(fd).st_mode)


def _fd_of(stream: TextIO) -> int | None:
    """Return the descriptor of a stream, None for one without; what was written to it before is handed over."""
    try:
        stream.flush()
        return stream.fileno()
    except (OSError, ValueError):
        return None


def failure_text(error: Exception) -> str:
    """Return the sentence for an error of standard output."""
    if isinstance(error, BrokenPipeError):
        return _NOBODY_READS
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"Standard output can't be written: {reason}."
