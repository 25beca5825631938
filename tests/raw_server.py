"""A server of one socket that sends the bytes a test gives it: for responses that no sound server would send."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.waiting import DEADLINE_S


@contextmanager
def sending(response: bytes, *, connections: int = 1) -> Iterator[int]:
    """Answer this many connections with ``response`` and close them; give the port on 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(DEADLINE_S)

        def answer() -> None:
            for _ in range(connections):
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(response)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()
