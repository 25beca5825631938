"""A recording served again: the same bytes with the same borders at the same times, to nobody's pages but its own."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import structs

from inspector.playback.playback_server import PlaybackServer
from inspector.playback.recorded_response import RecordedResponse
from inspector.recording.meta import BadRecording, Ending, read_meta, write_meta
from tests.sample_recording import SENT_T_NS, Sample, write_sample

_ID = "20261120-231504-4f2a9c01"
_ROWS = [b"one\n", b"two\n" * 40, b"three\n"]


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """Three rows in chunks, one every 20 ms."""
    return write_sample(tmp_path / _ID, _ROWS)


@contextmanager
def _served(sample: Sample, *, speed: float = 1.0, loops: bool = False) -> Iterator[PlaybackServer]:
    server = PlaybackServer(RecordedResponse(sample.folder), "127.0.0.1", 0, speed=speed, loops=loops)
    server.begin()
    try:
        yield server
    finally:
        server.end()


def _asked(server: PlaybackServer, request: bytes) -> bytes:
    """Send octets and return all that comes back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(request)
        found = b""
        while data := client.recv(65_536):
            found += data
        return found


def _request(server: PlaybackServer, line: str = "GET / HTTP/1.1", **headers: str) -> bytes:
    fields = {"Host": f"127.0.0.1:{server.port}", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return "\r\n".join([line, *(f"{name}: {text}" for name, text in fields.items()), "", ""]).encode()


def test_that_every_request_gets_the_wire_as_it_was_recorded(sample: Sample) -> None:
    with _served(sample, speed=10) as server:
        answers = {_asked(server, _request(server)) for _ in range(2)}
    assert len(answers) == 1
    head, _, body = answers.pop().partition(b"\r\n\r\n")
    assert body == sample.wire
    assert head.split(b"\r\n") == [
        b"HTTP/1.1 200 OK", b"Content-Type: text/html; charset=utf-8", b"Transfer-Encoding: chunked",
        b"Connection: close",
    ]  # fmt: skip


def test_that_the_bytes_come_when_they_came(sample: Sample) -> None:
    with _served(sample, speed=0.25) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        began_ns = time.monotonic_ns()
        client.request("GET", "/")
        response = client.getresponse()
        times_ms = []
        while response.readline():
            times_ms.append((time.monotonic_ns() - began_ns) / 1e6)
        client.close()
    # Rows 20 ms apart, four times as slow: never early, whatever the load of the machine.
    assert times_ms[1] - times_ms[0] > 40
    assert times_ms[-1] >= 160


def test_that_a_client_of_http_1_0_gets_the_content_without_chunks(sample: Sample) -> None:
    with _served(sample, speed=10) as server:
        head, _, body = _asked(server, b"GET / HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")
    assert b"Transfer-Encoding" not in head
    assert body == sample.content


def test_that_any_method_is_answered_and_head_without_a_body(sample: Sample) -> None:
    with _served(sample, speed=10) as server:
        assert _asked(server, _request(server, "HEAD / HTTP/1.1")).endswith(b"\r\n\r\n")
        posted = _request(server, "POST /submit HTTP/1.1", Content_Length="4") + b"body"
        assert _asked(server, posted).endswith(sample.wire)
        assert _asked(server, _request(server, "QUERY / HTTP/1.1")).endswith(sample.wire)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "attacker.example"}, b"421"),
        ({"Host": "127.0.0.1:1"}, b"421"),
        ({"Origin": "https://attacker.example"}, b"403"),
        ({"Origin": "null"}, b"403"),
        ({"Sec_Fetch_Site": "cross-site"}, b"403"),
    ],
)
def test_that_pages_of_other_sites_are_refused(sample: Sample, headers: dict[str, str], status: bytes) -> None:
    with _served(sample) as server:
        answer = _asked(server, _request(server, **headers))
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert sample.content not in answer
    assert b"one" not in answer


def test_that_its_own_pages_are_not_refused(sample: Sample) -> None:
    with _served(sample, speed=10) as server:
        own = _request(server, Origin=f"http://127.0.0.1:{server.port}", Sec_Fetch_Site="same-origin")
        assert _asked(server, own).endswith(sample.wire)


def test_that_a_body_that_was_cut_is_cut_again(sample: Sample) -> None:
    cut = len(sample.wire) - 9
    sample = write_sample(sample.folder.parent / f"{_ID[:-1]}2", _ROWS, read_cuts=[cut])
    meta = read_meta(sample.folder)
    assert meta is not None
    with (sample.folder / "read.marks").open("rb+") as reads:
        row = 6 * 8
        while int.from_bytes(reads.read(row)[8:16], "little") < cut:
            pass
        reads.truncate(reads.tell())
    cut_short = Ending(kind="cut_short", text="The connection was lost.", t_ns=SENT_T_NS + 60_000_000)
    write_meta(sample.folder, structs.replace(meta, ending=cut_short))
    with _served(sample, speed=10) as server:
        body = _asked(server, _request(server)).partition(b"\r\n\r\n")[2]
    assert body == sample.wire[:cut]


def test_that_a_loop_goes_on_until_the_server_ends(sample: Sample) -> None:
    with _served(sample, speed=20, loops=True) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        client.request("GET", "/")
        response = client.getresponse()
        assert response.read(3 * len(sample.content)) == 3 * sample.content
        threading.Thread(target=server.ended.set).start()
        with pytest.raises(http.client.IncompleteRead):
            response.read()
        client.close()


def test_that_a_compressed_body_is_not_repeated(tmp_path: Path) -> None:
    coded = RecordedResponse(write_sample(tmp_path / _ID, _ROWS, gzip=True).folder)
    assert "gzip" in coded.why_no_loop


def test_that_a_recording_without_a_response_is_not_served(sample: Sample) -> None:
    meta = read_meta(sample.folder)
    assert meta is not None
    write_meta(sample.folder, structs.replace(meta, response=None))
    with pytest.raises(BadRecording, match="no response"):
        RecordedResponse(sample.folder)


def test_that_ending_cuts_what_is_being_sent_and_leaves_no_thread(sample: Sample) -> None:
    server = PlaybackServer(RecordedResponse(sample.folder), "127.0.0.1", 0, speed=0.01)
    server.begin()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(_request(server))
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        server.end()
        while client.recv(65_536):
            pass
    assert not [thread for thread in threading.enumerate() if "playback" in thread.name]
