"""Name resolution that can be cancelled: `socket.getaddrinfo` can't be interrupted, so it waits in a thread of its own.

Used by `connection` for names; numeric addresses and ``localhost`` never leave the calling thread.
"""

from __future__ import annotations

import ipaddress
import selectors
import socket
import threading
import time
from typing import Any


class NoLookUp(Exception):
    """The system can't look names up now: no thread or no file handle is left; the text says which."""


Address = tuple[Any, Any, int, str, Any]


def is_loopback(host: str) -> bool:
    """Return whether a URL's host is this machine by name or number."""
    if host.lower().rstrip(".") == "localhost" or host.lower().rstrip(".").endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def resolve(host: str, port: int, wake: socket.socket, deadline: float) -> list[Address] | None:
    """Return the addresses of ``host``, or None if ``wake`` got readable or the monotonic ``deadline`` passed first.

    Raises ``OSError`` for a name that is not found, ``UnicodeError`` for one that can't be one and `NoLookUp`.
    """
    if is_loopback(host) or _is_numeric(host):
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    found: list[list[Address] | OSError | UnicodeError] = []
    try:
        done, finished = socket.socketpair()
    except OSError as error:
        raise NoLookUp(error.strerror or str(error)) from error

    def look_up() -> None:
        with finished:
            try:
                found.append(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
            except (OSError, UnicodeError) as error:
                found.append(error)

    try:
        threading.Thread(target=look_up, daemon=True, name="getaddrinfo").start()
    except RuntimeError as error:
        done.close()
        finished.close()
        raise NoLookUp("this computer has no thread left") from error
    with done, selectors.DefaultSelector() as selector:
        selector.register(done, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        selector.select(max(0.0, deadline - time.monotonic()))
    if not found:
        return None
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _is_numeric(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
