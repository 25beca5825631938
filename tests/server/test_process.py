"""The server process: how it tells that it is ready, and that it ends in every case, whatever streams."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.served import Wire
from tests.server_process import port_of, server_process
from tests.waiting import DEADLINE_S, wait_until

STREAMS = ["/large.csv?rows=0&delay_ms=1", "/large.csv?rows=0&delay_ms=0", "/large.csv?rows=0&delay_ms=60000"]


@contextmanager
def streaming(port: int) -> Iterator[list[Wire]]:
    """Stream something chatty, something that is never read, and something quiet."""
    wires = [Wire(port, path) for path in STREAMS]
    try:
        for wire in wires:
            assert wire.chunk()
        yield wires
    finally:
        for wire in wires:
            wire.close()


def assert_ended_well(process: subprocess.Popen[str], wires: list[Wire]) -> None:
    """Check that a process ended with status 0 and nothing to say, and cut its streams."""
    out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, out, err) == (0, "", "")
    for wire in wires:
        wire.chunks_until_cut()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals between processes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_that_a_signal_ends_it_with_status_0_whatever_streams(number: signal.Signals) -> None:
    with server_process() as process, streaming(port_of(process)) as wires:
        process.send_signal(number)
        assert_ended_well(process, wires)


def test_that_it_ends_when_its_parent_closes_the_pipe_whatever_streams() -> None:
    with server_process("--parent-pipe") as process, streaming(port_of(process)) as wires:
        assert process.stdin is not None
        process.stdin.write("not for the server\n")
        process.stdin.flush()
        assert wires[0].chunk()
        process.stdin.close()
        process.stdin = None
        assert_ended_well(process, wires)


def test_that_without_the_option_the_end_of_standard_input_is_nothing() -> None:
    with server_process(stdin=subprocess.DEVNULL) as process:
        port = port_of(process)
        with Wire(port, "/large.csv?rows=1") as wire:
            assert wire.chunks()
        assert process.poll() is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_that_it_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    code = (
        "import subprocess, sys\n"
        "command = [sys.executable, '-m', 'server', '--parent-pipe', '--ready', sys.argv[1]]\n"
        "subprocess.Popen(command, stdin=subprocess.PIPE).wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(ready)], stdout=subprocess.DEVNULL)
    child = None
    try:
        wait_until(ready.exists, "the server to be ready")
        told = json.loads(ready.read_text())
        child = psutil.Process(told["pid"])
        with streaming(told["port"]):
            parent.kill()
            parent.wait()
            gone = wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "its end")
            assert gone
    finally:
        parent.kill()
        parent.wait()
        if child is not None and child.is_running() and child.status() != psutil.STATUS_ZOMBIE:
            child.kill()


def test_that_the_ready_file_tells_port_pid_and_monotonic_time(tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    before_t_ns = time.monotonic_ns()
    with server_process("--parent-pipe", "--ready", str(ready)) as process:
        wait_until(ready.exists, "the ready file")
        told = json.loads(ready.read_text())
        assert told["pid"] == process.pid
        assert told["port"] == port_of(process)
        assert before_t_ns < told["t_ns"] < time.monotonic_ns()
        with Wire(told["port"], "/large.csv?rows=1") as wire:
            assert wire.chunks()
    assert list(tmp_path.iterdir()) == [ready]


def test_that_a_port_can_be_chosen_and_a_taken_one_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with server_process("--port", str(port)) as process:
            _, err = process.communicate(timeout=DEADLINE_S)
            assert process.returncode == 1
            assert f"Port {port} is in use" in err
            assert "Traceback" not in err
    with server_process("--port", str(port)) as process:
        assert port_of(process) == port


@pytest.mark.parametrize("arguments", [["--port", "65536"], ["--port", "http"], ["--nothing"]])
def test_that_wrong_usage_is_status_2(arguments: list[str]) -> None:
    with server_process(*arguments) as process:
        _, err = process.communicate(timeout=DEADLINE_S)
        assert process.returncode == 2
        assert arguments[-1] in err


def test_that_a_recording_is_marked_only_in_the_spool(tmp_path: Path) -> None:
    """A thin check that the taps are in place; their own tests say what they write."""
    recording_id = "20261120-231504-4f2a9c01"
    (tmp_path / recording_id).mkdir()
    with server_process("--spool", str(tmp_path)) as process:
        port = port_of(process)
        with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as client:
            request = f"GET /large.csv?rows=3&rows_per_yield=2&delay_ms=0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            client.sendall(f"{request}Streaming-Inspector-Recording: {recording_id}\r\n\r\n".encode())
            while client.recv(65_536):
                pass
    sizes = {file.name: file.stat().st_size for file in (tmp_path / recording_id).iterdir()}
    assert sizes.pop("sources.jsonl") > 0
    assert sizes.pop("taps.jsonl") > 0
    assert sizes == {"part.marks": 3 * 24, "yield.marks": 2 * 24, "write.marks": 2 * 16}
