"""Settings that every engine gets, and what engines share: listening socket, waiting for the end, ending at once."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import NoReturn

from inspector.catalogue import KnobValues, knob_of, knobs_told_to
from server.control_channel import ControlChannel

HOST = "127.0.0.1"
#: Told the port as soon as connections are taken.
Announce = Callable[[int], None]
_BACKLOG = 128
DEFAULT_KNOBS = KnobValues({name: knob_of(name).default for name in knobs_told_to("server")})


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How to serve. ``port`` 0 is any free one; ``spool`` is that of the taps; ``knobs`` are those of the process.

    ``control`` is what turns running streams, None for a server that nobody turns.
    """

    port: int = 0
    spool: Path | None = None
    knobs: KnobValues = DEFAULT_KNOBS
    control: ControlChannel | None = None

    @property
    def send_buffer_bytes(self) -> int:
        """SO_SNDBUF of the connections, 0 for the system's own."""
        return self.knobs.whole("send_buffer")


def listening_socket(settings: EngineSettings) -> socket.socket:
    """Return a socket that listens on 127.0.0.1. Raises ``SystemExit`` with a sentence on stderr for a taken port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # On Windows the option would let two servers share a port.
    if sys.platform != "win32":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    set_send_buffer(listener, settings.send_buffer_bytes)
    try:
        listener.bind((HOST, settings.port))
    except OSError as error:
        listener.close()
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "in use by another program" if error.errno == errno.EADDRINUSE else "not for this user"
        print(f"Port {settings.port} is {why}.", file=sys.stderr)
        raise SystemExit(1) from None
    listener.listen(_BACKLOG)
    return listener


def set_send_buffer(listener: socket.socket, size_bytes: int) -> None:
    """Set what connections of a listening socket inherit as their send buffer (SO_SNDBUF); 0 leaves it alone."""
    if size_bytes:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size_bytes)


def wait_for(ended: Event) -> None:
    """Wait in the main thread until the process is asked to end."""
    # Windows runs signal handlers only between waits.
    while not ended.wait(0.1 if sys.platform == "win32" else None):
        pass


def end_process() -> NoReturn:
    """End this process at once, whatever its threads are doing: the system closes its connections."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
