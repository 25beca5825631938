"""The recorder as a process: commands on stdin, answers as files, and an end in every case."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inspector.capture.recorder_commands import RecordCommand, StopCommand, encode_command
from inspector.recording.folder import read_track
from inspector.recording.meta import read_meta
from tests.capture.raw_server import CHUNKED, Connection, answer, raw_server
from tests.capture.recording_runs import Recorded, new_folder
from tests.fresh_python import ROOT, run_python
from tests.waiting import wait_until


class Child:
    """A recorder process under test."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool
        self.ready = spool / "ready.json"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "inspector.capture", "--spool", str(spool), "--ready", str(self.ready)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )

    def say(self, line: bytes) -> None:
        """Write to its stdin."""
        assert self.process.stdin is not None
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def record(self, url: str, **options: Any) -> Path:
        """Start a recording."""
        folder = new_folder(self.spool)
        self.say(encode_command(RecordCommand(id=folder.name, url=url, **options)))
        return folder

    def end(self) -> tuple[int, str]:
        """Close stdin, wait; return the exit status and what it complained of."""
        _, complaints = self.process.communicate(timeout=10)
        return self.process.returncode, complaints.decode()


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    child = Child(tmp_path)
    yield child
    child.process.kill()
    child.process.communicate()


def _ended(folder: Path) -> bool:
    meta = read_meta(folder)
    return meta is not None and meta.ending is not None


def _quiet(connection: Connection) -> None:
    connection.send(CHUNKED + b"5\r\nhello\r\n")
    connection.wait_for_close()


def test_that_a_ready_recorder_says_who_it_is(child: Child) -> None:
    wait_until(child.ready.exists)
    ready = msgspec.json.decode(child.ready.read_bytes())
    assert ready["pid"] == child.process.pid
    assert ready["t_ns"] > 0
    assert child.end() == (0, "")


def test_that_recordings_are_made_one_after_the_other(child: Child) -> None:
    with raw_server(answer(CHUNKED, b"5\r\nhello\r\n", b"0\r\n\r\n")) as url:
        for _ in range(3):
            folder = child.record(url)
            wait_until(partial(_ended, folder))
            recorded = Recorded(folder).check()
            assert (recorded.ending.kind, recorded.content) == ("complete", b"hello")
    assert child.end() == (0, "")


def test_that_stop_ends_the_recording_it_names_and_no_other(child: Child) -> None:
    with raw_server(_quiet) as url:
        folder = child.record(url)
        wait_until(lambda: len(read_track(folder, "read")))
        child.say(encode_command(StopCommand(id="20260101-000000-ffffffff")))
        child.say(b'{"do":"stop","id":"%s"}\n' % folder.name.encode())
        wait_until(lambda: _ended(folder))
    assert Recorded(folder).check().ending.kind == "stopped"
    assert child.end() == (0, "")


def test_that_a_stop_that_overtakes_its_start_is_not_lost(child: Child) -> None:
    with raw_server(_quiet) as url:
        first = new_folder(child.spool)
        second = new_folder(child.spool)
        lines = [RecordCommand(id=first.name, url=url), RecordCommand(id=second.name, url=url)]
        child.say(b"".join(map(encode_command, lines)) + encode_command(StopCommand(id=second.name)))
        wait_until(lambda: _ended(first) and _ended(second))
    assert Recorded(second).check().ending.text == "Stopped by the user."


def test_that_a_second_recording_stops_the_first(child: Child) -> None:
    with raw_server(_quiet) as url, raw_server(answer(CHUNKED + b"0\r\n\r\n")) as other_url:
        first = child.record(url)
        wait_until(lambda: len(read_track(first, "read")))
        second = child.record(other_url)
        wait_until(lambda: _ended(first) and _ended(second))
    assert Recorded(first).check().ending.kind == "stopped"
    assert "another recording" in Recorded(first).ending.text
    assert Recorded(second).check().ending.kind == "complete"


def test_that_the_end_of_stdin_writes_the_ending_and_ends_the_process(child: Child) -> None:
    with raw_server(_quiet) as url:
        folder = child.record(url)
        wait_until(lambda: len(read_track(folder, "read")))
        assert child.end() == (0, "")
    recorded = Recorded(folder).check()
    assert (recorded.ending.kind, recorded.content) == ("stopped", b"hello")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_that_sigterm_ends_it_as_the_end_of_stdin_does(child: Child) -> None:
    with raw_server(_quiet) as url:
        folder = child.record(url)
        wait_until(lambda: len(read_track(folder, "read")))
        child.process.send_signal(signal.SIGTERM)
        assert child.process.wait(10) == 0
    assert Recorded(folder).check().ending.kind == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_that_ctrl_c_of_the_terminal_is_left_to_the_parent(child: Child) -> None:
    with raw_server(answer(CHUNKED + b"0\r\n\r\n")) as url:
        wait_until(child.ready.exists)
        child.process.send_signal(signal.SIGINT)
        folder = child.record(url)
        wait_until(lambda: _ended(folder))
    assert child.end() == (0, "")


def test_that_a_killed_recorder_leaves_whole_rows_and_what_it_had(child: Child) -> None:
    going_on = threading.Event()

    def script(connection: Connection) -> None:
        connection.send(CHUNKED)
        number = 0
        while not going_on.is_set():
            connection.send(b"8\r\n%07d\n\r\n" % number)
            number += 1

    with raw_server(script) as url:
        folder = child.record(url)
        wait_until(lambda: len(read_track(folder, "chunk")) > 1000)
        child.process.kill()
        child.process.wait()
        going_on.set()
    chunk, read = read_track(folder, "chunk"), read_track(folder, "read")
    meta = read_meta(folder)
    assert meta is not None
    assert meta.ending is None
    for name, columns in (("read", 6), ("chunk", 5), ("piece", 2)):
        assert (folder / f"{name}.marks").stat().st_size % (8 * columns) == 0
    wire = (folder / "wire.bin").read_bytes()
    assert len(wire) >= read.total_bytes
    assert len(wire) >= chunk.column("wire_end")[-1]
    assert chunk.total_bytes >= read.column("content_end")[-1] - 8
    assert wire.startswith(b"".join(b"8\r\n%07d\n\r\n" % number for number in range(1000)))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"nonsense\n", "not a command"),
        (b'{"do":"dance"}\n', "not a command"),
        (b'{"do":"record","id":"20260101-000000-0000000f"}\n', "missing required field `url`"),
        (b'{"do":"record","id":"../../etc","url":"http://127.0.0.1/"}\n', "is not a recording folder"),
        (b'{"do":"record","id":"20260101-000000-eeeeeeee","url":"http://127.0.0.1/"}\n', "is not a recording folder"),
    ],
)
def test_that_a_bad_command_is_complained_of_and_the_next_one_obeyed(child: Child, line: bytes, words: str) -> None:
    with raw_server(answer(CHUNKED + b"0\r\n\r\n")) as url:
        child.say(line)
        folder = child.record(url)
        wait_until(lambda: _ended(folder))
    status, complaints = child.end()
    assert status == 0
    assert words in complaints
    assert complaints.count("\n") == 1


def test_that_the_recorder_is_ready_without_what_plain_http_does_without() -> None:
    others = {"PySide6", "flask", "server", "jinja2", "httpx", "ssl", "asyncio", "http", "email", "multiprocessing"}
    code = (
        "import sys, inspector.capture.__main__; "
        f"print(sorted({{name.split('.')[0] for name in sys.modules}} & {others}))"
    )
    result = run_python(code)
    assert (result.returncode, result.stdout) == (0, "[]\n"), result.stderr


LOADED_LATE = """
import gzip, sys, pathlib
import inspector.capture.__main__
from inspector.capture.cancellation import Cancellation
from inspector.capture.recorder import Recorder
from inspector.capture.recorder_commands import RecordCommand
from tests.capture.raw_server import raw_server

at_request = []

def script(connection):
    at_request.append(set(sys.modules))
    connection.send({head!r})
    for part in {parts!r}:
        connection.send(part)

folder = pathlib.Path({folder!r})
with raw_server(script) as url, Cancellation() as cancellation:
    recorder = Recorder(RecordCommand(id=folder.name, url=url + {path!r}), folder, cancellation)
    recorder.run()
assert recorder.meta.ending.kind == "complete", recorder.meta.ending
print(sorted(set(sys.modules) - at_request[0]))
"""


@pytest.mark.parametrize("path", ["/plain?a=1", "/\u00e4?only=httpx"])
@pytest.mark.parametrize(
    ("head", "parts"),
    [
        (CHUNKED, [b"3\r\nabc\r\n", b"0\r\n\r\n"]),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", [b"ab", b"cd"]),
        (b"HTTP/1.0 200 OK\r\nContent-Encoding: gzip\r\n\r\n", [gzip.compress(b"abc" * 9000)]),
    ],
)
def test_that_nothing_is_loaded_between_request_and_ending(
    head: bytes, parts: list[bytes], path: str, tmp_path: Path
) -> None:
    folder = new_folder(tmp_path)
    result = run_python(LOADED_LATE.format(head=head, parts=parts, folder=str(folder), path=path))
    assert (result.returncode, result.stdout) == (0, "[]\n"), result.stderr


def test_that_the_control_thread_does_not_keep_a_recorder_alive(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "inspector.capture", "--spool", str(tmp_path), "--ready", str(tmp_path / "ready")],
        stdin=read_end,
        cwd=ROOT,
    )
    os.close(read_end)
    wait_until((tmp_path / "ready").exists)
    os.close(write_end)
    assert process.wait(10) == 0
