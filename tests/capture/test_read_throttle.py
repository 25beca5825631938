"""How a client reads: the kernel's buffer, the size of a read, and a slow reader that can be stopped at once."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.capture.cancellation import Cancellation
from inspector.capture.connection import Connector
from inspector.capture.read_throttle import LimitedReceiver, ReadSettings, TokenBucket, limited
from inspector.capture.socket_receiver import receiver_of
from tests.capture.kernel_times import kernel_times
from tests.capture.raw_server import CHUNKED, Connection, answer, raw_server
from tests.capture.recording_runs import record

BODY = bytes(range(256)) * 80
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)


def taken_by_the_kernel(receive_buffer_bytes: int) -> int:
    """Connect to a server with a small send buffer, read nothing, and return how much it got rid of."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        with Cancellation() as cancellation:
            reading = ReadSettings(receive_buffer_bytes=receive_buffer_bytes)
            stream = Connector(cancellation, reading).connect("127.0.0.1", listener.getsockname()[1], 10)
            sock, _ = listener.accept()
            with sock:
                sock.settimeout(0.3)
                taken = 0
                try:
                    while taken < 100_000:
                        taken += sock.send(bytes(1000))
                except TimeoutError:
                    pass
            stream.close()
    return taken


def test_that_the_receive_buffer_is_set_before_the_connection_is_made() -> None:
    assert taken_by_the_kernel(4096) < 25_000 < taken_by_the_kernel(0)


@pytest.mark.parametrize("size_bytes", [1, 700])
def test_that_no_read_takes_more_than_its_size_not_even_those_of_the_head(tmp_path: Path, size_bytes: int) -> None:
    with raw_server(answer(PLAIN + BODY[:2000])) as url:
        recorded = record(url, tmp_path, client={"read_size": size_bytes}).check()
    sizes = np.diff(recorded.read.end, prepend=0)
    assert recorded.content == BODY[:2000]
    assert sizes.max() <= size_bytes
    assert len(sizes) >= 2000 // size_bytes


def test_that_a_slow_reader_reads_no_faster_than_its_rate(tmp_path: Path) -> None:
    rate_bytes_per_s = 50_000
    with kernel_times(), raw_server(answer(PLAIN, BODY)) as url:
        recorded = record(url, tmp_path, client={"read_rate": rate_bytes_per_s}).check()
    assert recorded.content == BODY
    user_t_ns, end = recorded.read.column("user_t_ns"), recorded.read.end
    allowed_bytes = (user_t_ns - user_t_ns[0]) / 1e9 * rate_bytes_per_s
    burst_bytes = ReadSettings(rate_bytes_per_s=rate_bytes_per_s).burst_bytes
    assert (end <= 2 * burst_bytes + allowed_bytes).all()
    assert (recorded.piece.t_ns == user_t_ns).all()
    # All of it was in the kernel long before: the wait is the reader's.
    assert (user_t_ns[-1] - recorded.read.t_ns[-1]) / 1e9 > 0.2


def test_that_a_slow_reader_is_no_slower_than_its_rate_needs(tmp_path: Path) -> None:
    with raw_server(answer(PLAIN, BODY)) as url:
        recorded = record(url, tmp_path, client={"read_rate": 1_000_000_000}).check()
    assert recorded.content == BODY
    assert (recorded.ending.t_ns - recorded.meta.request.sent_t_ns) / 1e9 < 2


def test_that_a_slow_reader_is_stopped_at_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Cancellation() as cancellation:
        cancellation.attach(ours)
        reader = LimitedReceiver(receiver_of(ours), ReadSettings(rate_bytes_per_s=1), cancellation, taken_bytes=1000)
        tripped_s: list[float] = []

        def trip() -> None:
            tripped_s.append(time.monotonic())
            cancellation.trip("stopped", "Stopped.")

        timer = threading.Timer(0.1, trip)
        timer.start()
        received = reader.receive(memoryview(bytearray(10)))
        late_s = time.monotonic() - tripped_s[0]
        timer.join()
    assert received.size_bytes == 0
    assert late_s < 0.05 or time.get_clock_info("monotonic").resolution > 0.01


def test_that_a_slow_readers_limit_of_time_ends_it(tmp_path: Path) -> None:
    with raw_server(answer(PLAIN, BODY)) as url:
        recorded = record(url, tmp_path, client={"read_rate": 100}, max_seconds=0.2).check()
    assert recorded.ending.kind == "over_limit"
    assert 0 < len(recorded.content) < 100


def test_that_reads_that_nothing_limits_go_straight_to_the_socket() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Cancellation() as cancellation:
        receiver = receiver_of(ours)
        assert limited(receiver, ReadSettings(receive_buffer_bytes=4096), cancellation) is receiver
        assert limited(receiver, ReadSettings(size_bytes=1), cancellation) is not receiver


def test_that_a_stop_in_a_slow_stream_keeps_what_came(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.send(CHUNKED + b"400\r\n" + bytes(1024) + b"\r\n")
        connection.wait_for_close()

    with raw_server(script) as url, Cancellation() as cancellation:
        timer = threading.Timer(0.3, cancellation.trip, ("stopped", "Stopped."))
        timer.start()
        recorded = record(url, tmp_path, cancellation=cancellation, client={"read_rate": 1000}).check()
        timer.join()
    assert recorded.ending.kind == "stopped"
    assert 100 < recorded.read.total_bytes < 1024


@given(
    rate=st.integers(1, 10**9),
    reads=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**9)), max_size=50),
)
def test_that_a_bucket_never_gives_more_than_its_rate_and_one_burst(rate: int, reads: list[tuple[int, int]]) -> None:
    burst = ReadSettings(rate_bytes_per_s=rate).burst_bytes
    bucket = TokenBucket(rate, burst, 0)
    now_ns = taken = 0
    for size, later_ns in reads:
        now_ns += later_ns
        size_bytes = min(size, burst)
        now_ns += int(bucket.wait_s(size_bytes, now_ns) * 1e9) + 1
        assert bucket.wait_s(size_bytes, now_ns) < 1e-6
        bucket.take(size_bytes, now_ns)
        taken += size_bytes
        assert taken <= burst + now_ns / 1e9 * rate + 1 + 1e-6 * taken
