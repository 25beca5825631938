"""The small parts of the recorder by themselves: commands, heads, body plans, clocks, files."""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path

import numpy as np
import pytest

from inspector.capture import write_back
from inspector.capture.client_buffer import ClientBuffer
from inspector.capture.framing.framer_factory import BadFraming, plan_body
from inspector.capture.name_resolution import is_loopback
from inspector.capture.receive_clock import ReceiveClock
from inspector.capture.recorder_commands import BadCommand, RecordCommand, StopCommand, decode_command, encode_command
from inspector.capture.recording_writer import AppendFile, WriteFailed
from tests.capture.kernel_times import kernel_times


def test_that_commands_survive_the_pipe() -> None:
    for command in (
        RecordCommand(id="a", url="http://x/", headers=[("A", "b"), ("A", "c")], max_seconds=1.5, max_bytes=3),
        StopCommand(id="a"),
    ):
        line = encode_command(command)
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1
        assert decode_command(line) == command


def test_that_a_command_is_read_as_a_parent_may_write_it() -> None:
    line = b'{"do":"record","id":"i","url":"u","method":"GET","headers":[["n","v"]],"title":"","knobs":{"rows":"3"},'
    line += b'"client_buffer_bytes":0,"max_seconds":null,"max_bytes":null}\n'
    assert decode_command(line) == RecordCommand(id="i", url="u", headers=[("n", "v")], knobs={"rows": "3"})


@pytest.mark.parametrize("line", [b"", b"{}", b'{"do":"stop"}', b'{"do":"stop","id":3}', b"\xff"])
def test_that_what_is_no_command_raises_bad_command(line: bytes) -> None:
    with pytest.raises(BadCommand, match="not a command"):
        decode_command(line)


@pytest.mark.parametrize(
    ("method", "status", "headers", "framing", "length_bytes"),
    [
        ("GET", 200, [("Transfer-Encoding", "chunked")], "chunked", None),
        ("GET", 200, [("Content-Length", "007")], "content-length", 7),
        ("GET", 200, [("Content-Length", "7"), ("content-length", "7")], "content-length", 7),
        ("GET", 200, [("Content-Length", "0" * 30 + "5"), ("Content-Length", "5")], "content-length", 5),
        ("GET", 200, [("Content-Length", "9" * 23)], "content-length", int("9" * 23)),
        ("GET", 200, [], "close-delimited", None),
        ("GET", 204, [("Transfer-Encoding", "chunked")], "none", 0),
        ("GET", 304, [("Content-Length", "7")], "none", 0),
        ("GET", 101, [], "none", 0),
        ("HEAD", 200, [("Content-Length", "7")], "none", 0),
    ],
)
def test_that_the_framing_follows_from_the_head(
    method: str, status: int, headers: list[tuple[str, str]], framing: str, length_bytes: int | None
) -> None:
    plan = plan_body(method, status, "HTTP/1.1", headers)
    assert (plan.framing, plan.length_bytes) == (framing, length_bytes)


@pytest.mark.parametrize("length", ["-1", "+1", "1.0", "0x1", "1_000", "9" * 101, "²", "1;2", ""])
def test_that_a_length_that_is_none_is_bad_framing(length: str) -> None:
    with pytest.raises(BadFraming, match="Content-Length"):
        plan_body("GET", 200, "HTTP/1.1", [("Content-Length", length)])


def test_that_codings_are_listed_in_the_order_they_were_applied() -> None:
    headers = [("Content-Encoding", "Deflate, identity"), ("content-encoding", "gzip")]
    assert plan_body("GET", 200, "HTTP/1.1", headers).codings == ("deflate", "gzip")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("app.localhost", True),
        ("localhost.example", False),
        ("192.168.0.1", False),
        ("example.org", False),
        ("127.0.0.1.example.org", False),
    ],
)
def test_that_only_this_machine_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_that_the_offset_between_clocks_is_measured_again_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel_clock = ReceiveClock()
    kernel_clock.follow(1)
    assert abs(time.monotonic_ns() + kernel_clock.offset_ns - time.time_ns()) < 100_000_000
    assert 0 < kernel_clock.spread_ns < 1_000_000_000
    offset_ns = kernel_clock.offset_ns
    # The wall clock is set an hour back between two measurements.
    monkeypatch.setattr(
        "inspector.capture.receive_clock.time.time_ns", lambda: time.monotonic_ns() + offset_ns - 3600 * 10**9
    )
    kernel_clock.follow(999_999_999)
    assert kernel_clock.offset_ns == offset_ns
    kernel_clock.follow(1_000_000_001)
    assert abs(kernel_clock.offset_ns - offset_ns + 3600 * 10**9) < 100_000_000


def test_that_the_best_of_several_measurements_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.accumulate([100, 900, *[100] * 9])  # the first pair of readings is 900 ns apart, the rest 100
    monkeypatch.setattr("inspector.capture.receive_clock.time.monotonic_ns", lambda: next(ticks))
    monkeypatch.setattr("inspector.capture.receive_clock.time.time_ns", lambda: 1_000_000)
    kernel_clock = ReceiveClock()
    kernel_clock.follow(1)
    assert kernel_clock.spread_ns == 100


def test_that_an_empty_client_buffer_hands_out_nothing() -> None:
    pieces = ClientBuffer(10)
    assert pieces.take_one(5, 9) == b""
    assert pieces.rest(7).tolist() == [[7, 9]]
    assert pieces.rest(8).tolist() == []


def test_that_a_piece_has_the_time_of_the_read_that_filled_it() -> None:
    pieces = ClientBuffer(10)
    rows = pieces.take(np.array([100, 200, 300, 400]), np.array([4, 10, 10, 35]))
    assert rows.tolist() == [[200, 10], [400, 20], [400, 30]]
    assert pieces.rest(500).tolist() == [[500, 35]]
    straight = ClientBuffer(0)
    assert straight.take(np.array([100, 200, 300]), np.array([0, 4, 4])).tolist() == [[200, 4]]
    assert straight.take(np.array([400, 500]), np.array([4, 9])).tolist() == [[500, 9]]


def test_that_kernel_times_never_fall_nor_pass_our_own_when_the_wall_clock_is_set() -> None:
    found = []
    with kernel_times() as (receiver, peer):
        for step_ns in (0, 10**12, -(2 * 10**12), 0):
            peer.sendall(b"x")
            receiver._clock.offset_ns += step_ns
            found.append(receiver.receive(memoryview(bytearray(9))))
    times = [received.t_ns for received in found]
    assert times == sorted(times)
    assert times[1] == times[0]
    assert times[2] == found[2].user_t_ns
    assert all(received.t_ns <= received.user_t_ns for received in found)


def test_that_a_write_that_the_system_takes_in_parts_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(
        "inspector.capture.recording_writer.os.write", lambda fd, data: real(fd, memoryview(data).cast("B")[:7])
    )
    file = AppendFile(tmp_path / "f")
    rows = np.arange(12, dtype=np.int64).reshape(3, 4)
    file.append(rows.data)
    file.append(b"rest")
    file.close()
    assert (tmp_path / "f").read_bytes() == rows.tobytes() + b"rest"
    assert file.size_bytes == 100


def test_that_files_grow_by_what_is_appended_and_old_content_goes(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"old content")
    file = AppendFile(tmp_path / "f")
    file.append(b"ab")
    file.append(memoryview(bytearray(b"cd")))
    assert (tmp_path / "f").read_bytes() == b"abcd"
    assert file.size_bytes == 4
    file.close()


def test_that_a_file_that_can_not_be_made_is_a_failed_disk(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match=r"f can't be made: No such file or directory"):
        AppendFile(tmp_path / "none" / "f")


def test_that_big_files_are_written_back_window_by_window_and_stay_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows: list[tuple[int, int]] = []
    real = write_back._sync_file_range
    if real is None:
        pytest.skip("no sync_file_range on this system")

    def seen(fd: int, start: int, size_bytes: int, flags: int) -> int:
        windows.append((start, flags))
        return real(fd, start, size_bytes, flags)

    monkeypatch.setattr(write_back, "_WINDOW_BYTES", 1 << 20)
    monkeypatch.setattr(write_back, "_sync_file_range", seen)
    file = AppendFile(tmp_path / "f", write_back=True)
    data = os.urandom(700_000)
    for _ in range(5):
        file.append(data)
    file.close()
    assert windows == [(0, 2), (1 << 20, 2), (0, 7), (2 << 20, 2), (1 << 20, 7)]
    assert (tmp_path / "f").read_bytes() == data * 5
