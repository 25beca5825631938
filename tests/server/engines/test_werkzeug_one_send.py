"""The engine on the wire: one send for each yield, framing, the end of streams from either side."""

from __future__ import annotations

import gc
import os
import select
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import GeneratorType

import psutil
import pytest

from inspector.catalogue import VIEWS, View, query_of
from server.engines.werkzeug_one_send import Engine, OneSend, UntilGone
from tests.served import Wire, serving, serving_gated
from tests.waiting import DEADLINE_S, wait_until

COMPLETE_STREAMS = [view for view in VIEWS if not view.most_held_bytes and view.route != "/stream-without-context"]


def running_generators() -> list[str]:
    """Return the names of our generators that have begun and not ended."""
    gc.collect()
    return [
        each.__qualname__
        for each in gc.get_objects()
        if type(each) is GeneratorType and each.gi_frame and f"{os.sep}server{os.sep}" in each.gi_code.co_filename
    ]


def unnamed_files() -> list[str]:
    """Return the open files of this process that have no name any more."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        try:
            name = str(link.readlink())
        except OSError:
            continue
        if name.endswith("(deleted)"):
            found.append(name)
    return found


def test_that_one_yield_is_one_send_and_the_first_one_carries_the_head() -> None:
    with serving_gated() as (served, gate), served.get("/large.csv?rows=40") as wire:
        data = [wire.chunk()]
        for _ in range(39):
            gate.open()
            data.append(wire.chunk())
        assert wire.chunk() == b""
    frames = [b"%x\r\n%b\r\n" % (len(each), each) for each in data]
    first, *others = wire.received
    assert first == wire.head.encode() + b"\r\n\r\n" + frames[0]
    # The last chunk may come with the last row, which nothing holds back.
    assert b"".join(others) == b"".join(frames[1:]) + b"0\r\n\r\n"
    assert others[:38] == frames[1:39]


def test_that_a_large_yield_is_one_chunk() -> None:
    with serving() as served, served.get("/large.csv?rows=3&row_bytes=1048576&delay_ms=0") as wire:
        assert [len(chunk) for chunk in wire.chunks()] == [1_048_576] * 3


def test_that_the_last_chunk_is_sent_before_the_response_is_closed() -> None:
    """Werkzeug flushes after each item only; the terminator would wait for whatever closing takes."""
    server_side, client_side = socket.socketpair()
    with server_side, client_side:
        client_side.settimeout(DEADLINE_S)
        writer = OneSend(server_side)
        for piece in (b"2\r\n", b"hi", b"\r\n"):
            writer.write(piece)
        assert writer.flush() is None
        assert client_side.recv(100) == b"2\r\nhi\r\n"
        writer.write(b"0\r\n\r\n")
        assert client_side.recv(100) == b"0\r\n\r\n"


def test_that_data_that_looks_like_a_last_chunk_is_not_sent_apart() -> None:
    server_side, client_side = socket.socketpair()
    with server_side, client_side:
        client_side.settimeout(DEADLINE_S)
        writer = OneSend(server_side)
        for piece in (b"5\r\n", b"0\r\n\r\n", b"\r\n"):
            writer.write(piece)
        assert select.select([client_side], [], [], 0)[0] == []
        writer.flush()
        assert client_side.recv(100) == b"5\r\n0\r\n\r\n\r\n"


def test_that_a_reset_while_a_request_is_read_to_its_end_is_its_end() -> None:
    """Werkzeug would leave the response open: it reads on after the last item, and closes only then."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        server_side, _ = listener.accept()
        with server_side, UntilGone(socket.SocketIO(server_side, "r")) as reader:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            assert reader.read(100) == b""


def short(view: View, *, rows: int) -> str:
    """Return a request of a view that is soon answered, with those of the knobs that it has."""
    knobs = {"name": "Jo", "rows": str(rows), "delay_ms": "0"}
    return f"{view.route}?{query_of({name: text for name, text in knobs.items() if name in view.knobs})}"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.route)
def test_that_each_route_answers_head_without_a_body(view: View) -> None:
    with serving() as served, served.get(short(view, rows=2), method="HEAD") as wire:
        assert wire.status == 200
        assert wire.rest() == b""
        served.wait_for_closed_response()
    assert running_generators() == []


@pytest.mark.parametrize("view", COMPLETE_STREAMS, ids=lambda view: view.route)
def test_that_a_stream_is_chunked_for_http_1_1_and_ends_with_the_connection_for_1_0(view: View) -> None:
    path = short(view, rows=3)
    with serving() as served:
        with served.get(path) as wire:
            body = b"".join(wire.chunks())
            assert wire.head.startswith("HTTP/1.1 200 ")
        with served.get(path, version="1.0") as wire:
            assert wire.head.startswith("HTTP/1.0 200 ")
            assert "transfer-encoding" not in wire.headers
            assert wire.rest() == body
        assert body


def test_that_two_streams_do_not_wait_for_each_other() -> None:
    with serving_gated() as (served, gate), served.get("/large.csv?rows=2") as held:
        assert held.chunk()
        gate.wait_for_pause(1)
        with served.get("/large.csv?rows=1") as other:
            assert len(other.chunks()) == 1
        gate.open()
        assert len(held.chunks()) == 1


@pytest.mark.parametrize("query", ["rows=0&delay_ms=1", "rows=0&delay_ms=0", "rows=0&delay_ms=1&fetch_rows=3"])
@pytest.mark.parametrize("route", ["/large.csv", "/classic/large.csv", "/timeline", "/my-large-page.html"])
def test_that_an_endless_stream_ends_when_the_client_leaves(route: str, query: str) -> None:
    with serving() as served:
        with served.get(f"{route}?{query}") as wire:
            assert wire.chunk()
        served.wait_for_closed_response()
        wait_until(lambda: not running_generators(), "the generators to end")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_that_the_temporary_file_is_gone_when_the_client_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = unnamed_files()
    with serving() as served:
        with served.get("/through-a-file.csv?rows=400&row_bytes=65536&delay_ms=0") as wire:
            assert wire.status == 200
            assert len(unnamed_files()) == len(before) + 1
        served.wait_for_closed_response()
        wait_until(lambda: unnamed_files() == before, "the file to be closed")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_that_the_temporary_file_is_gone_when_the_client_leaves_before_it_is_written(tmp_path: Path) -> None:
    before = unnamed_files()
    with serving_gated() as (served, gate):
        with served.get("/through-a-file.csv?rows=3"):
            gate.wait_for_pause(1)
            assert len(unnamed_files()) == len(before) + 1
        gate.open(2)
        served.wait_for_closed_response()
        wait_until(lambda: unnamed_files() == before, "the file to be closed")


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_that_the_temporary_file_is_gone_when_the_server_stops_while_it_is_written() -> None:
    before = unnamed_files()
    with serving_gated() as (served, gate), served.get("/through-a-file.csv?rows=3"):
        gate.wait_for_pause(1)
        gate.close()
        served.wait_for_closed_response()
    assert unnamed_files() == before
    assert running_generators() == []


def test_that_stop_ends_quiet_chatty_and_blocked_streams_and_runs_their_finally(
    capfd: pytest.CaptureFixture[str],
) -> None:
    endless = ["/large.csv?rows=0&delay_ms=60000", "/large.csv?rows=0&delay_ms=0", "/timeline?rows=0&delay_ms=1",
               "/my-large-page.html?rows=0&delay_ms=1", "/stream?name=Jo&delay_ms=60000"]  # fmt: skip
    collecting = ["/in-memory.csv?delay_ms=60000", "/through-a-file.csv?delay_ms=60000"]
    with serving() as served:
        wires = [served.get(path) for path in endless + collecting]
        for wire in wires[: len(endless)]:
            assert wire.chunk()
        idle = socket.create_connection(("127.0.0.1", served.port))
        wait_until(lambda: len(served.engine._server._connections) == len(wires) + 1, "all connections")
        served.engine.stop()
        assert running_generators() == []
        assert [thread.name for thread in threading.enumerate() if thread.name in ("connection", "accept")] == []
        for wire in wires[: len(endless)]:
            wire.chunks_until_cut()
        for wire in wires:
            wire.close()
        idle.close()
    assert capfd.readouterr().err == ""


def test_that_the_port_is_free_after_a_stop() -> None:
    with serving() as first:
        port = first.port
        with first.get("/large.csv?rows=0&delay_ms=1") as wire:
            wire.chunk()
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_that_the_port_is_bound_on_loopback_only() -> None:
    with serving() as served:
        bound = [each for each in psutil.Process().net_connections("inet") if each.status == psutil.CONN_LISTEN]
        assert [(each.laddr.ip, each.laddr.port) for each in bound] == [("127.0.0.1", served.port)]


def test_that_an_exception_before_the_first_yield_is_a_500_logged_once(capfd: pytest.CaptureFixture[str]) -> None:
    def app(_environ: object, start_response: object) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])  # type: ignore[operator]
        raise ValueError("a mistake of the app")
        yield b""

    with Engine(app, threading.Event()) as engine, Wire(engine.port, "/") as wire:
        assert wire.status == 500
        assert wire.body()
        wire.rest()
    assert capfd.readouterr().err.count("ValueError: a mistake of the app") == 1


def test_that_nobody_is_told_of_requests_that_went_well(capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as served:
        for path in ("/", "/timeline?rows=1", "/nowhere"):
            with served.get(path) as wire:
                wire.body()
        with socket.create_connection(("127.0.0.1", served.port)) as client:
            client.settimeout(DEADLINE_S)
            client.sendall(b"no http at all\r\n\r\n")
            assert b"400" in client.recv(10_000)
    assert capfd.readouterr() == ("", "")
