"""Each engine as a process: the same bytes, one yield at a time, recorded, checked, and gone when it is told to end."""

from __future__ import annotations

import json
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from werkzeug.serving import WSGIRequestHandler

from inspector.catalogue import ENGINES, available, engine_of, knob_of
from inspector.catalogue.availability import missing_text
from inspector.recording.folder import RECORDING_HEADER
from server.__main__ import main
from server.engines import PLACES
from server.engines.engine_settings import DEFAULT_KNOBS, EngineSettings, listening_socket, set_send_buffer
from server.engines.werkzeug_one_send import Engine
from server.engines.werkzeug_servers import FourSendsHandler, Http10Handler
from tests.needs import each_of, needs
from tests.served import Wire, serving
from tests.server_process import port_of, server_process
from tests.tapping import Recorded, new_recording, stream_of
from tests.waiting import DEADLINE_S, wait_until

ROWS = "/large.csv?rows=200&delay_ms=0"
#: The next row is made only when the test is long over.
QUIET = "/large.csv?rows=2&delay_ms=60000&jitter=0"
CHATTY = "/large.csv?rows=0&delay_ms=1"
FULL = "/large.csv?rows=0&delay_ms=0&row_bytes=10000"


def all_of(wire: Wire) -> bytes:
    """Return a whole body; some engines keep the connection open after it."""
    if "transfer-encoding" not in wire.headers:
        return wire.rest()
    return b"".join(iter(wire.chunk, b""))


def first_row(wire: Wire) -> bytes:
    return wire.chunk() if "transfer-encoding" in wire.headers else wire.line()


@contextmanager
def engine_process(name: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run an engine; yield its process and its port."""
    with server_process("--engine", name, "--parent-pipe", *arguments) as process:
        yield process, port_of(process)


def family(process: subprocess.Popen[str]) -> list[psutil.Process]:
    found = psutil.Process(process.pid)
    return [found, *found.children(recursive=True)]


def assert_all_gone(processes: list[psutil.Process], port: int) -> None:
    def gone() -> bool:
        return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)

    def refused() -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) != 0

    wait_until(gone, "the end of all processes")
    # A process that was killed is shown as ended before its last thread has closed its sockets.
    wait_until(refused, "a free port")


def test_that_every_row_of_the_table_has_its_place() -> None:
    assert list(PLACES) == [row.name for row in ENGINES]
    assert knob_of("send_bytes").only_with == ("engine", ("waitress",))


@pytest.mark.parametrize("name", each_of(*(row.name for row in ENGINES)))
def test_that_an_engine_serves_records_and_ends_with_its_parent_whatever_streams(name: str, tmp_path: Path) -> None:
    with serving() as served, served.get(ROWS) as wire:
        expected = wire.body()
    recording_id = new_recording(tmp_path / "spool")
    ready = tmp_path / "ready.json"
    streams = [QUIET] if name == "gunicorn-sync" else [QUIET, CHATTY, FULL]
    with engine_process(name, "--spool", str(tmp_path / "spool"), "--ready", str(ready)) as (process, port):
        wait_until(ready.exists, "the ready file")
        told = json.loads(ready.read_text())
        assert (told["port"], told["pid"]) == (port, process.pid)
        with Wire(port, ROWS, fields=f"{RECORDING_HEADER}: {recording_id}\r\n") as wire:
            assert wire.head.startswith(f"HTTP/{engine_of(name).http_version} 200")
            assert all_of(wire) == expected
        with Wire(port, ROWS, host="example.com") as wire:
            assert wire.status == 421
        recorded = Recorded(tmp_path / "spool" / recording_id)
        wait_until(lambda: len(recorded.ends("write")) == 200, "the marks")
        assert recorded.ends("part")[-1] == recorded.ends("yield")[-1] == recorded.ends("write")[-1] == len(expected)
        wires = [Wire(port, path) for path in streams]
        assert all(first_row(wire) for wire in wires)
        processes = family(process)
        assert len(processes) == (2 if name.startswith("gunicorn") else 1)
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
        assert (*process.communicate(timeout=DEADLINE_S), process.returncode) == ("", "", 0)
        assert_all_gone(processes, port)
        for wire in wires:
            wire.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals between processes")
@pytest.mark.parametrize("name", each_of("waitress", "cheroot", "gunicorn-sync"))
def test_that_a_signal_ends_an_engine_that_cannot_be_stopped(name: str) -> None:
    with engine_process(name) as (process, port), Wire(port, CHATTY) as wire:
        assert wire.chunk()
        processes = family(process)
        process.send_signal(signal.SIGTERM)
        assert (*process.communicate(timeout=DEADLINE_S), process.returncode) == ("", "", 0)
        assert_all_gone(processes, port)
        wire.chunks_until_cut()


@needs("gunicorn-gthread")
def test_that_a_worker_of_gunicorn_ends_with_an_arbiter_that_is_killed() -> None:
    with engine_process("gunicorn-gthread") as (process, port), Wire(port, CHATTY) as wire:
        assert wire.chunk()
        processes = family(process)
        process.kill()
        process.wait()
        assert_all_gone(processes, port)


@needs("waitress")
def test_that_waitress_collects_send_bytes_before_it_sends() -> None:
    small_rows = "/large.csv?rows=0&row_bytes=100&delay_ms=1"
    with engine_process("waitress", "--send-bytes", "2000") as (_, port), Wire(port, small_rows) as wire:
        assert wire.chunk()
        assert len(wire.received[0]) >= 2_000
    with engine_process("waitress") as (_, port), Wire(port, QUIET) as wire:
        assert wire.chunk()


@pytest.mark.parametrize("engine", each_of("waitress", "werkzeug"))
def test_that_a_taken_port_is_said_in_a_sentence(engine: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with server_process("--engine", engine, "--port", str(port)) as process:
            _, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 1
    assert f"Port {port} is in use" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments", [["--engine", "apache"], ["--send-bytes", "0"], ["--send-buffer", "100"], ["--send-buffer", "x"]]
)
def test_that_an_engine_or_a_value_that_there_is_not_is_wrong_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_that_an_engine_that_is_not_installed_is_said_with_its_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    assert missing_text(engine_of("waitress")) == "not installed: pip install waitress"
    assert main(["--engine", "waitress"]) == 1
    assert "can't be used: not installed: pip install waitress" in capsys.readouterr().err


def test_that_an_engine_of_another_system_is_not_available(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert missing_text(engine_of("gunicorn-sync")) == "does not run on this system"
    assert available(engine_of("werkzeug"))


@pytest.mark.parametrize("size_bytes", [4_096, 65_536])
def test_that_connections_inherit_the_send_buffer_of_the_listening_socket(size_bytes: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        set_send_buffer(probe, size_bytes)
        # Linux doubles it for its own book-keeping.
        wanted = probe.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        assert size_bytes <= wanted <= 2 * size_bytes
    with listening_socket(EngineSettings(knobs=DEFAULT_KNOBS.changed({"send_buffer": size_bytes}))) as listener:
        client = socket.create_connection(listener.getsockname())
        with client, listener.accept()[0] as accepted:
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == wanted
    with Engine(stream_of([]), threading.Event(), send_buffer_bytes=size_bytes) as engine:
        assert engine._server.socket.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == wanted


FOUR_SENDS = [b"3", b"\r\n", b"one", b"\r\n", b"3", b"\r\n", b"two", b"\r\n", b"0\r\n\r\n"]


@pytest.mark.parametrize(("handler", "sends"), [(FourSendsHandler, FOUR_SENDS), (Http10Handler, [b"one", b"two"])])
def test_that_the_stock_handlers_send_as_werkzeug_does(
    handler: type[WSGIRequestHandler], sends: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    write = socketserver._SocketWriter.write  # type: ignore[attr-defined]

    def writes(self: object, data: bytes) -> int:
        written.append(bytes(data))
        return int(write(self, data))

    monkeypatch.setattr(socketserver._SocketWriter, "write", writes)  # type: ignore[attr-defined]
    with Engine(stream_of([b"one", b"two"]), threading.Event(), handler=handler) as engine, Wire(engine.port, "/") as w:
        assert all_of(w) == b"onetwo"
        assert w.head.startswith(f"{handler.protocol_version} 200")
    assert written[1:] == sends
    assert handler.disable_nagle_algorithm is False
