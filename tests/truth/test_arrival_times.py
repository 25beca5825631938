"""What a time of arrival claims: held against the clock of the sender, also where the reader is slow."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspector.capture.cancellation import Cancellation
from inspector.capture.read_throttle import LimitedReceiver, ReadSettings
from inspector.capture.socket_receiver import EXACT, LAST_EXACT, UPPER_BOUND, UserReceiver, receiver_of
from inspector.recording.track import Track
from tests.capture.raw_server import CHUNKED, Connection, raw_server
from tests.capture.recording_runs import Recorded, record

_CHUNKS = 80
_EVERY_S = 0.005
#: What lies between a send and its arrival on a busy machine; a slow reader is wrong by more.
_NEAR_NS = 20_000_000


def _recorded_with_stamps(
    tmp_path: Path, **options: Any
) -> tuple[Recorded, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Record chunks that are sent one by one; return also when each was sent, monotonic."""
    stamps: list[int] = []
    never = threading.Event()

    def script(connection: Connection) -> None:
        connection.send(CHUNKED)
        for number in range(_CHUNKS):
            never.wait(_EVERY_S)
            stamps.append(time.monotonic_ns())
            connection.send(b"14\r\n%020d\r\n" % number)
        connection.send(b"0\r\n\r\n")

    with raw_server(script) as url:
        recorded = record(url, tmp_path, **options).check()
    return recorded, np.array(stamps, dtype=np.int64)


def _bounds(track: Track) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(track.column("at_most").astype(bool))


@pytest.mark.parametrize("read_rate", [1000, 2000])
def test_that_a_time_is_near_the_sending_or_said_to_be_an_upper_bound(tmp_path: Path, read_rate: int) -> None:
    recorded, stamps = _recorded_with_stamps(tmp_path, client={"read_rate": read_rate})
    late_ns = recorded.chunk.t_ns - stamps
    is_bound = _bounds(recorded.chunk)
    assert (late_ns >= 0).all()
    if recorded.meta.read_clock == "kernel":
        assert np.percentile(late_ns[~is_bound], 90) < _NEAR_NS if (~is_bound).any() else True
    assert is_bound.any()


def test_that_a_reader_without_a_limit_has_hardly_any_upper_bound(tmp_path: Path) -> None:
    recorded, stamps = _recorded_with_stamps(tmp_path)
    assert recorded.meta.read_clock != "kernel" or not _bounds(recorded.read).any()
    assert np.median(recorded.chunk.t_ns - stamps) < _NEAR_NS


def test_that_only_a_read_that_leaves_something_behind_has_an_upper_bound() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as sock:
        peer, _ = listener.accept()
        with peer:
            for receiver in (receiver_of(sock), UserReceiver(sock)):
                peer.sendall(b"x" * 10)
                peer.sendall(b"y" * 10)
                found = [receiver.receive(memoryview(bytearray(size))) for size in (5, 15)]
                peer.sendall(b"z" * 5)
                found.append(receiver.receive(memoryview(bytearray(9))))
                assert [each.size_bytes for each in found] == [5, 15, 5]
                assert [each.lateness for each in found] == [UPPER_BOUND, EXACT, EXACT]


def test_that_a_wait_of_the_reader_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as sock,
        Cancellation() as interrupt,
    ):
        peer, _ = listener.accept()
        with peer:
            for receiver in (receiver_of(sock), UserReceiver(sock)):
                limited = LimitedReceiver(receiver, ReadSettings(rate_bytes_per_s=1000), interrupt, taken_bytes=50)
                peer.sendall(b"x" * 10)
                received = limited.receive(memoryview(bytearray(100)))
                # A kernel takes the option before it stamps: its first octets may have our own clock's time.
                expected = LAST_EXACT if receiver.read_clock == "kernel" else UPPER_BOUND
                assert (received.size_bytes, received.lateness) == (10, expected)
