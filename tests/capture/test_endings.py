"""How a response ends is data: every kind of ending, on real sockets, with what came before it kept."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.capture.interrupt import Interrupt
from inspector.recording.folder import read_track
from inspector.recording.meta import Ending, EndingKind, read_meta
from tests.waiting import wait_until

from .framing_runs import chunked
from .raw_server import CHUNKED, Connection, answer, raw_server
from .recording_runs import new_folder, record

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
        assert f"No connection to {host} port {port}: Connection refused." in recorded.ending.text
        assert "Is the server running there?" in recorded.ending.text
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


@contextlib.contextmanager
def _full_backlog() -> Iterator[str]:
    """A listener that answers no connection attempt any more: connecting to it waits."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_that_a_connection_nobody_answers_times_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.capture.exchange.CONNECT_TIMEOUT_SECONDS", 0.2)
    with _full_backlog() as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "timed_out"
    assert "firewall" in recorded.ending.text


def _stop_when(fact: Callable[[], object], interrupt: Interrupt) -> threading.Thread:
    def stop() -> None:
        wait_until(fact)
        interrupt.trip("stopped", "Stopped by the user.")

    thread = threading.Thread(target=stop)
    thread.start()
    return thread


def test_that_stop_ends_a_quiet_stream_and_keeps_what_came(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.send(CHUNKED + b"5\r\nhello\r\n")
        connection.wait_for_close()

    folder = new_folder(tmp_path)
    interrupt = Interrupt()
    with raw_server(script) as url:
        thread = _stop_when(lambda: len(read_track(folder, "read")), interrupt)
        recorded = record(url, tmp_path, folder=folder, interrupt=interrupt).check()
        thread.join()
    assert (recorded.ending.kind, recorded.ending.text) == ("stopped", "Stopped by the user.")
    assert recorded.content == b"hello"


def test_that_stop_ends_a_stream_that_never_pauses(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.send(CHUNKED)
        with contextlib.suppress(OSError):
            while True:
                connection.send(b"5\r\nhello\r\n" * 1000)

    folder = new_folder(tmp_path)
    interrupt = Interrupt()
    with raw_server(script) as url:
        thread = _stop_when(lambda: len(read_track(folder, "read")) > 3, interrupt)
        recorded = record(url, tmp_path, folder=folder, interrupt=interrupt).check()
        thread.join()
    assert recorded.ending.kind == "stopped"
    assert recorded.content.startswith(b"hellohello")


def test_that_stop_ends_the_wait_for_a_head(tmp_path: Path) -> None:
    waiting = threading.Event()

    def script(connection: Connection) -> None:
        waiting.set()
        connection.wait_for_close()

    interrupt = Interrupt()
    with raw_server(script) as url:
        thread = _stop_when(waiting.is_set, interrupt)
        recorded = record(url, tmp_path, interrupt=interrupt).check()
        thread.join()
    assert recorded.ending.kind == "stopped"
    assert recorded.meta.request.sent_t_ns > 0
    assert recorded.meta.response is None


def test_that_stop_ends_a_connect_that_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.capture.exchange.CONNECT_TIMEOUT_SECONDS", 3600.0)
    interrupt = Interrupt()
    folder = new_folder(tmp_path)
    with _full_backlog() as url:
        thread = _stop_when(lambda: read_meta(folder), interrupt)
        recorded = record(url, tmp_path, folder=folder, interrupt=interrupt).check()
        thread.join()
    assert recorded.ending.kind == "stopped"


def test_that_stop_ends_a_name_look_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.capture.exchange.CONNECT_TIMEOUT_SECONDS", 3600.0)
    asked = threading.Event()
    answer_now = threading.Event()

    def never_answered(*_: object, **__: object) -> list[object]:
        asked.set()
        answer_now.wait(60)
        raise socket.gaierror(socket.EAI_NONAME, "nobody asked any more")

    monkeypatch.setattr("inspector.capture.resolve.socket.getaddrinfo", never_answered)
    interrupt = Interrupt()
    thread = _stop_when(asked.is_set, interrupt)
    recorded = record("http://slow.example/", tmp_path, interrupt=interrupt).check()
    answer_now.set()
    thread.join()
    assert recorded.ending.kind == "stopped"


def test_that_a_stop_before_the_start_sends_nothing(tmp_path: Path) -> None:
    interrupt = Interrupt()
    interrupt.trip("stopped", "Stopped by the user.")
    with raw_server(answer(b""), reads_request=False) as url:
        recorded = record(url, tmp_path, interrupt=interrupt).check()
    assert recorded.ending.kind == "stopped"


def test_that_too_much_content_is_over_the_limit(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        with contextlib.suppress(OSError):
            connection.send(CHUNKED)
            while True:
                connection.send(b"64\r\n" + b"x" * 100 + b"\r\n")

    with raw_server(script) as url:
        recorded = record(url, tmp_path, max_bytes=1000).check()
    assert recorded.ending.kind == "over_limit"
    assert "limit of 1000 bytes of content" in recorded.ending.text
    assert len(recorded.content) > 1000


@pytest.mark.parametrize(("max_bytes", "kind"), [(99, "over_limit"), (100, "complete")])
def test_that_content_of_exactly_the_limit_is_complete(tmp_path: Path, max_bytes: int, kind: EndingKind) -> None:
    with raw_server(answer(CHUNKED + chunked([b"x" * 50] * 2))) as url:
        recorded = record(url, tmp_path, max_bytes=max_bytes).check()
    assert recorded.ending.kind == kind


def test_that_time_is_limited_from_the_sending_on(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.send(CHUNKED + b"2\r\nhi\r\n")
        connection.wait_for_close()

    with raw_server(script) as url:
        recorded = record(url, tmp_path, max_seconds=0.2).check()
    assert recorded.ending.kind == "over_limit"
    assert "limit of 0.2 seconds" in recorded.ending.text
    assert recorded.ending.t_ns - recorded.meta.request.sent_t_ns >= 200_000_000
    assert recorded.content == b"hi"


def test_that_a_limit_of_time_that_is_not_reached_leaves_nothing_behind(tmp_path: Path) -> None:
    with raw_server(answer(CHUNKED + b"0\r\n\r\n")) as url:
        assert record(url, tmp_path, max_seconds=3600).check().ending.kind == "complete"


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
        (b"bad header\r\n", "breaks HTTP/1.1"),
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


@pytest.mark.parametrize("junk", [b"SSH-2.0-OpenSSH_9.2\r\n", b"\x15\x03\x01\x00\x02\x02\x50", b"<html>hello\r\n\r\n"])
def test_that_a_peer_that_speaks_no_http_is_a_protocol_error(tmp_path: Path, junk: bytes) -> None:
    with raw_server(answer(junk)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind in ("protocol_error", "cut_short")
    assert recorded.meta.response is None


def test_that_a_head_without_end_is_a_protocol_error(tmp_path: Path) -> None:
    with raw_server(answer(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "protocol_error"


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="needs /dev/full")
@pytest.mark.parametrize("name", ["wire.bin", "chunk.marks", "piece.marks", "read.marks"])
def test_that_a_full_disk_is_told_and_what_it_took_stays(tmp_path: Path, name: str) -> None:
    folder = new_folder(tmp_path)
    (folder / name).symlink_to("/dev/full")
    with raw_server(answer(CHUNKED + chunked([b"hello"]))) as url:
        ending = _ending_of(url, folder)
    assert ending.kind == "cut_short"
    assert f"{name} could not be written on: {os.strerror(errno.ENOSPC)}" in ending.text


def _ending_of(url: str, folder: Path) -> Ending:
    from inspector.capture.command import RecordCommand
    from inspector.capture.recorder import Recorder

    with Interrupt() as interrupt:
        Recorder(RecordCommand(id=folder.name, url=url), folder, interrupt).run()
    meta = read_meta(folder)
    assert meta is not None
    assert meta.ending is not None
    return meta.ending
