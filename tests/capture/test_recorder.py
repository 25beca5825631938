"""Recording real sockets: bodies of every framing, what the marks say, and that content is what was sent."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from inspector.recording.folder import RECORDING_HEADER, read_track
from tests.capture.framing_runs import chunked
from tests.capture.raw_server import CHUNKED, Connection, answer, raw_server
from tests.capture.recording_runs import new_folder, record
from tests.waiting import wait_until

_OK = b"HTTP/1.1 200 OK\r\n"


def _has_reads(folder: Path, count: int) -> bool:
    return len(read_track(folder, "read")) == count


def test_that_each_chunk_sent_alone_is_one_read_one_chunk_and_one_piece(tmp_path: Path) -> None:
    rows = [b"row %d,%s\n" % (number, b"x" * number) for number in range(12)]
    folder = new_folder(tmp_path)

    def script(connection: Connection) -> None:
        connection.send(CHUNKED)
        for number, row in enumerate(rows):
            connection.send(chunked([row], end=b""))
            # The next row is sent only when followers of the folder see this one.
            wait_until(partial(_has_reads, folder, number + 1))
        connection.send(b"0\r\n\r\n")

    with raw_server(script) as url:
        recorded = record(url, tmp_path, folder=folder).check()
    assert recorded.ending.kind == "complete"
    assert recorded.content == b"".join(rows)
    assert recorded.chunk.sizes().tolist() == [len(row) for row in rows]
    assert recorded.piece.rows.tolist() == [
        [user_t_ns, content_end] for _, _, _, content_end, user_t_ns, _ in recorded.read.rows[: len(rows)].tolist()
    ]
    assert recorded.chunk.t_ns.tolist() == recorded.read.t_ns[: len(rows)].tolist()
    assert len(recorded.read) == len(rows) + 1  # the last chunk brings no content


def test_that_a_chunk_is_marked_when_its_last_octet_came_not_its_line_end(tmp_path: Path) -> None:
    folder = new_folder(tmp_path)

    def script(connection: Connection) -> None:
        for part, reads in ((CHUNKED, 0), (b"5\r\nhel", 1), (b"lo", 2), (b"\r\n", 3), (b"0\r\n\r\n", 4)):
            connection.send(part)
            wait_until(partial(_has_reads, folder, reads))

    with raw_server(script) as url:
        recorded = record(url, tmp_path, folder=folder).check()
    assert recorded.read.column("body_end").tolist() == [3, 5, 5, 5]
    assert recorded.chunk.rows[:, 1:4].tolist() == [[5, 8, 5]]
    assert recorded.chunk.t_ns[0] == recorded.read.t_ns[1]


@pytest.mark.parametrize(
    ("head", "body", "framing", "content"),
    [
        (_OK + b"Content-Length: 5\r\n\r\n", b"hello", "content-length", b"hello"),
        (_OK + b"Content-Length: 0\r\n\r\n", b"", "content-length", b""),
        (_OK + b"Content-Length: 5, 5\r\n\r\n", b"hello", "content-length", b"hello"),
        (_OK + b"\r\n", b"hello", "close-delimited", b"hello"),
        (b"HTTP/1.0 200 OK\r\n\r\n", b"hello", "close-delimited", b"hello"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b"", "none", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b"", "none", b""),
        (_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0\r\n\r\n", "chunked", b""),
        (_OK + b"transfer-encoding: Chunked\r\nContent-Length: 3\r\n\r\n", b"1\r\nx\r\n0\r\n\r\n", "chunked", b"x"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n", b"no", "content-length", b"no"),
        (b"HTTP/1.1 302 Found\r\nLocation: /else\r\nContent-Length: 2\r\n\r\n", b"go", "content-length", b"go"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_that_bodies_of_every_framing_are_complete(
    tmp_path: Path, head: bytes, body: bytes, framing: str, content: bytes, together: bool
) -> None:
    with raw_server(answer(head + body) if together else answer(head, body)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "complete"
    assert (recorded.response.framing, recorded.content, recorded.wire) == (framing, content, body)
    assert recorded.response.status == int(head.split()[1])
    assert ("can't tell" in recorded.ending.text) == (framing == "close-delimited")


def test_that_head_has_no_body_whatever_its_headers_say(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        assert connection.request.startswith(b"HEAD / HTTP/1.1\r\n")
        connection.send(_OK + b"Content-Length: 5\r\nContent-Encoding: gzip\r\n\r\n")
        connection.wait_for_close()

    with raw_server(script) as url:
        recorded = record(url, tmp_path, method="HEAD").check()
    assert (recorded.ending.kind, recorded.response.framing, recorded.meta.notes) == ("complete", "none", [])


def test_that_informational_responses_are_skipped_and_noted(tmp_path: Path) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    with raw_server(answer(b"HTTP/1.1 100 Continue\r\n\r\n" + early, CHUNKED + b"2\r\nhi\r\n", b"0\r\n\r\n")) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.response.status == 200
    assert recorded.content == b"hi"
    assert recorded.meta.notes == ["informational responses before the head: 100 Continue, 103 Early Hints"]


def test_that_trailers_and_what_follows_the_end_are_told(tmp_path: Path) -> None:
    with raw_server(answer(CHUNKED + b"2;a=1\r\nhi\r\n0\r\nX-Rows: 1\r\nx-sum: 2\r\n\r\nHTTP")) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.meta.trailers == [("X-Rows", "1"), ("x-sum", "2")]
    assert recorded.ending.kind == "complete"
    assert recorded.meta.notes == [
        "chunk extensions were sent, the first: ;a=1 (kept in wire.bin only)",
        "4 bytes came after the end of the message",
    ]


def test_that_both_framings_at_once_are_noted(tmp_path: Path) -> None:
    head = b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
    with raw_server(answer(head + b"0\r\n\r\n")) as url:
        recorded = record(url, tmp_path).check()
    assert [note.partition(";")[0] for note in recorded.meta.notes] == [
        "both Transfer-Encoding and Content-Length were sent",
        "Transfer-Encoding in an HTTP/1.0 response",
    ]


def test_that_head_and_request_are_recorded_as_they_were(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def script(connection: Connection) -> None:
        seen.append(connection.request)
        connection.send(b"HTTP/1.1 200 Fine\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 0\r\n\r\n")

    with raw_server(script) as url:
        headers = [("X-Twice", "a"), ("X-Twice", "b"), ("accept-encoding", "gzip"), ("User-Agent", "mine")]
        recorded = record(f"{url}/p?q=1#f", tmp_path, headers=headers, title="T", knobs={"rows": "3"}).check()
    assert recorded.response.headers[:2] == [("X-Two", "1"), ("x-two", "2")]
    assert (recorded.response.reason, recorded.response.http_version) == ("Fine", "HTTP/1.1")
    lines = seen[0].decode().split("\r\n")
    assert lines[0] == "GET /p?q=1 HTTP/1.1"
    assert sorted(lines[1:-2]) == sorted(f"{name}: {value}" for name, value in recorded.meta.request.headers)
    assert {"X-Twice: a", "X-Twice: b", "accept-encoding: gzip", "User-Agent: mine"} <= set(lines)
    assert (recorded.meta.title, recorded.meta.request.knobs, recorded.meta.request.method) == (
        "T",
        {"rows": "3"},
        "GET",
    )
    assert 0 < recorded.meta.request.sent_t_ns <= recorded.response.head_t_ns <= recorded.ending.t_ns


def test_that_a_recording_asks_for_no_coding_and_tells_its_id_to_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with raw_server(answer(_OK + b"Content-Length: 0\r\n\r\n")) as url:
        local = record(url, tmp_path)
    far = record("http://host.invalid./", tmp_path)
    sent = dict(local.meta.request.headers)
    assert sent["Accept-Encoding"] == "identity"
    assert sent["User-Agent"].startswith("streaming-inspector/")
    assert sent[RECORDING_HEADER] == local.folder.name
    assert RECORDING_HEADER not in dict(far.meta.request.headers)


@pytest.mark.parametrize("client_buffer_bytes", [0, 1, 7, 64, 1000, 100_000])
def test_that_pieces_tile_the_content_through_the_client_buffer(tmp_path: Path, client_buffer_bytes: int) -> None:
    rows = [bytes([65 + number % 26]) * (number * 7 % 50 + 1) for number in range(400)]
    body = chunked(rows)
    with raw_server(answer(CHUNKED, body[:1000], body[1000:1003], body[1003:])) as url:
        recorded = record(url, tmp_path, client={"client_buffer": client_buffer_bytes}).check()
    assert recorded.content == b"".join(rows)
    assert recorded.meta.client_buffer_bytes == client_buffer_bytes
    if client_buffer_bytes:
        whole, rest = divmod(len(recorded.content), client_buffer_bytes)
        assert recorded.piece.sizes().tolist() == [client_buffer_bytes] * whole + [rest] * (rest > 0)
        reads = np.searchsorted(recorded.read.column("content_end"), recorded.piece.end[:whole], "left")
        assert recorded.piece.t_ns[:whole].tolist() == recorded.read.column("user_t_ns")[reads].tolist()


def test_that_kernel_times_are_taken_where_there_are_any(tmp_path: Path) -> None:
    body = chunked([b"x" * 500] * 20_000)
    with raw_server(answer(CHUNKED, *[body[at : at + 9_000] for at in range(0, len(body), 9_000)])) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.content == b"x" * 10_000_000
    if recorded.meta.read_clock == "kernel":
        assert 0 < recorded.meta.clock_spread_ns < 1_000_000_000
        assert (recorded.read.t_ns < recorded.read.column("user_t_ns")).any()
    else:
        assert (recorded.read.t_ns == recorded.read.column("user_t_ns")).all()


def test_that_many_small_live_sends_keep_every_octet(tmp_path: Path) -> None:
    rows = [b"%d\n" % number for number in range(20_000)]

    def script(connection: Connection) -> None:
        connection.send(CHUNKED)
        for row in rows:
            connection.send(chunked([row], end=b""))
        connection.send(b"0\r\n\r\n")

    with raw_server(script) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.content == b"".join(rows)
    assert recorded.chunk.sizes().tolist() == [len(row) for row in rows]


def test_that_a_folder_that_is_gone_ends_the_recording_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from inspector.capture.cancellation import Cancellation
    from inspector.capture.recorder import Recorder
    from inspector.capture.recorder_commands import RecordCommand

    with Cancellation() as cancellation:
        recorder = Recorder(RecordCommand(id="x", url="http://127.0.0.1:1/"), tmp_path / "gone", cancellation)
        recorder.run()
    assert recorder.meta.ending is not None
    assert recorder.meta.ending.kind == "cut_short"
    assert "No such file" in recorder.meta.ending.text
    assert "meta.json could not be written" in capsys.readouterr().err
