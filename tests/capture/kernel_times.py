"""Kernel receive times, surely: where no socket asks for them, Linux begins to give them only a moment later."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from inspector.capture.socket_receiver import KernelReceiver, receiver_of
from tests.waiting import DEADLINE_S


@contextmanager
def kernel_times() -> Iterator[tuple[KernelReceiver, socket.socket]]:
    """Yield a receiver whose times come from the kernel, and its peer; meanwhile every other one gets them, too."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as sock:
        receiver = receiver_of(sock)
        if not isinstance(receiver, KernelReceiver):
            pytest.skip("no kernel times on this system")
        peer, _ = listener.accept()
        with peer:
            deadline_s = time.monotonic() + DEADLINE_S
            while receiver.read_clock != "kernel" and time.monotonic() < deadline_s:
                peer.sendall(b"x")
                receiver.receive(memoryview(bytearray(9)))
            yield receiver, peer
