"""How a response ends is data: every kind of ending, on real sockets, with what came before it kept."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from inspector.capture.cancellation import Cancellation
from inspector.recording.folder import read_track
from inspector.recording.meta import Ending, read_meta
from tests.capture.framing_runs import chunked
from tests.capture.raw_server import CHUNKED, Connection, answer, raw_server
from tests.capture.recording_runs import new_folder, record
from tests.waiting import wait_until

_LENGTH_100 = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


@pytest.mark.parametrize(
    ("parts", "words", "content"),
    [
        ((_LENGTH_100, b"seven b"), "received 7 of 100 bytes", b"seven b"),
        ((_LENGTH_100,), "received 0 of 100 bytes", b""),
        ((CHUNKED, b"5\r\nhello\r\n"), "after 5 bytes of body, the last chunk (of size 0) is missing", b"hello"),
        ((CHUNKED, b"5\r\nhello\r\n64\r\nwor"), "received 3 of 100 bytes of a chunk", b"hellowor"),
        ((CHUNKED,), "after 0 bytes of body", b""),
        ((b"HTTP/1.1 200 OK\r\nContent-Le",), "before the response head was whole, after 27 bytes", b""),
        ((b"",), "before the response head was whole, after 0 bytes", b""),
    ],
)
def test_that_a_closed_connection_cuts_a_body_short(
    tmp_path: Path, parts: tuple[bytes, ...], words: str, content: bytes
) -> None:
    with raw_server(answer(*parts)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "cut_short"
    assert words in recorded.ending.text
    assert recorded.content == content


@pytest.mark.parametrize("head", [CHUNKED, _LENGTH_100, b"HTTP/1.1 200 OK\r\n\r\n"])
def test_that_a_reset_cuts_any_body_short_and_keeps_what_came(tmp_path: Path, head: bytes) -> None:
    folder = new_folder(tmp_path)

    def script(connection: Connection) -> None:
        connection.send(head + b"5\r\nhello\r\n")
        wait_until(lambda: len(read_track(folder, "read")))
        connection.reset()

    with raw_server(script) as url:
        recorded = record(url, tmp_path, folder=folder).check()
    assert recorded.ending.kind == "cut_short"
    assert "Connection reset by peer" in recorded.ending.text
    assert recorded.wire == b"5\r\nhello\r\n"


def test_that_a_reset_before_the_head_is_cut_short(tmp_path: Path) -> None:
    with raw_server(lambda connection: connection.reset()) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "cut_short"
    assert "after 0 bytes" in recorded.ending.text


def test_that_nobody_listening_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for host in ("127.0.0.1", "localhost"):
        recorded = record(f"http://{host}:{port}/", tmp_path).check()
        assert recorded.ending.kind == "refused"
        assert recorded.ending.text == f"No connection: {host} port {port} refused it. Is the server running?"
        assert recorded.meta.response is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://no.such.host.invalid/", "The name 'no.such.host.invalid' was not found"),
        ("ftp://127.0.0.1/", "is not a URL that can be recorded"),
        ("http:///path", "is not a URL that can be recorded"),
        ("nonsense", "is not a URL that can be recorded"),
        ("http://127.0.0.1:99999/", "is not a URL"),
        ("http://[::1/", "is not a URL"),
    ],
)
def test_that_what_can_not_be_reached_is_refused_with_a_reason(tmp_path: Path, url: str, words: str) -> None:
    recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "refused"
    assert words in recorded.ending.text


def test_that_a_header_that_can_not_be_sent_is_told(tmp_path: Path) -> None:
    with raw_server(answer(b"")) as url:
        recorded = record(url, tmp_path, headers=[("X-Bad", "a\r\nb")]).check()
    assert recorded.ending.kind == "protocol_error"
    assert recorded.ending.text.startswith("The request can't be sent")


def test_that_malformed_framing_names_the_offset_and_keeps_what_came(tmp_path: Path) -> None:
    with raw_server(answer(CHUNKED, b"5\r\nhello\r\n", b"5\r\nworld", b"!\r\n" + b"x" * 5000)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "protocol_error"
    assert "at byte 18 of the wire: '!' (0x21)" in recorded.ending.text
    assert recorded.content == b"helloworld"
    assert recorded.chunk.end.tolist() == [5, 10]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length is given as 5 and as 6"),
        (b"Content-Length: 5, 6\r\n", "Content-Length is given as 5 and as 6"),
        (b"Content-Length: five\r\n", "'five' is not a number of bytes"),
        (b"Transfer-Encoding: gzip\r\n", "Transfer-Encoding: gzip is not supported"),
        (b"Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: gzip, chunked is not supported"),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "chunked is sent twice"),
        (b"bad header\r\n", "Line 3 of the response head is not a header: 'bad header'."),
    ],
)
def test_that_a_head_that_frames_no_body_is_a_protocol_error_and_is_shown(
    tmp_path: Path, head: bytes, words: str
) -> None:
    with raw_server(answer(b"HTTP/1.1 200 OK\r\nX-Seen: yes\r\n" + head + b"\r\n", b"5\r\nhello")) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "protocol_error"
    assert words in recorded.ending.text
    assert ("X-Seen", "yes") in recorded.response.headers
    assert recorded.response.framing == "unknown"


@pytest.mark.parametrize("junk", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x15\x03\x01\x00\x02\x02\x50", b"<html>hello\r\n\r\n"])
def test_that_a_peer_that_speaks_no_http_is_a_protocol_error(tmp_path: Path, junk: bytes) -> None:
    with raw_server(answer(junk)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "protocol_error"
    assert recorded.ending.text.startswith("The answer is not HTTP")
    assert recorded.meta.response is None


@pytest.mark.parametrize("line", [b"5;" + b"x" * 20_000, b"0\r\nX: " + b"x" * 40_000])
def test_that_a_line_without_end_is_over_our_own_limit_and_no_breach(tmp_path: Path, line: bytes) -> None:
    with raw_server(answer(CHUNKED, b"5\r\nhello\r\n", line)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "over_limit"
    assert "the most that is read" in recorded.ending.text


def test_that_a_head_without_end_is_over_our_own_limit(tmp_path: Path) -> None:
    with raw_server(answer(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "over_limit"
    assert "longer than 256 KiB" in recorded.ending.text


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="needs /dev/full")
@pytest.mark.parametrize("name", ["wire.bin", "chunk.marks", "piece.marks", "read.marks"])
def test_that_a_full_disk_is_told_and_what_it_took_stays(tmp_path: Path, name: str) -> None:
    folder = new_folder(tmp_path)
    (folder / name).symlink_to("/dev/full")
    with raw_server(answer(CHUNKED + chunked([b"hello"]))) as url:
        ending = _ending_of(url, folder)
    assert ending.kind == "cut_short"
    assert f"{name} could not be written: {os.strerror(errno.ENOSPC)}" in ending.text


def _ending_of(url: str, folder: Path) -> Ending:
    from inspector.capture.recorder import Recorder
    from inspector.capture.recorder_commands import RecordCommand

    with Cancellation() as cancellation:
        Recorder(RecordCommand(id=folder.name, url=url), folder, cancellation).run()
    meta = read_meta(folder)
    assert meta is not None
    assert meta.ending is not None
    return meta.ending
