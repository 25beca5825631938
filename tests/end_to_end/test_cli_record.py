"""``record``: how responses end and what the program then does; tables, files, limits, signals and secrets."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import psutil
import pytest

from tests.command_line import report_of, run_cli, start_cli, wait_until_streaming
from tests.needs import TERMINAL, needs
from tests.raw_server import sending
from tests.waiting import wait_until

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nSet-Cookie: sid=c00kie\r\n\r\nabc"
BAD_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n"
HEADER = b"      #        t_ms     gap_ms      size        total  content"
if sys.platform != "win32":
    import pty

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")


@pytest.fixture(scope="module")
def silent_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    """A record of a host that takes connections and says nothing, begun early: it takes all its time to give up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        home = tmp_path_factory.mktemp("home")
        with start_cli(home, "record", address, "--json") as process:
            wait_until(lambda: list(home.glob("recordings/*/meta.json")), "the recorder to begin")
            yield process


@pytest.mark.usefixtures("silent_tls")
def test_that_a_refused_connection_is_an_ending_with_a_file(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = run_cli(tmp_path, "record", f"http://127.0.0.1:{port}/", "--json", "-o", tmp_path / "one.stream")
    report = report_of(result)
    assert (result.returncode, report["ending"]["kind"], report["response"]) == (1, "refused", None)
    assert str(port) in report["ending"]["text"]
    assert (tmp_path / "one.stream").is_file()


@posix
def test_that_a_proxy_of_ours_that_can_not_run_is_not_called_a_refused_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bin" / "nginx"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{broken.parent}{os.pathsep}{os.environ['PATH']}")
    result = run_cli(tmp_path / "home", "record", "/large.csv?rows=1&proxy=nginx", "--json")
    report = report_of(result)
    assert (result.returncode, report["ending"]["kind"], report["response"]) == (1, "not_started", None)
    assert "could not be kept running" in report["ending"]["text"]
    assert (report["verdict"]["kind"], report["verdict"]["headline"]) == ("not_started", "Not started")
    assert "No connection" not in result.stdout.decode() + result.stderr.decode()


@posix
def test_that_a_target_that_nobody_serves_is_a_refused_connection_all_the_same(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    report = report_of(run_cli(tmp_path, "record", f"http://127.0.0.1:{port}/", "--json"))
    assert report["ending"]["kind"] == "refused"
    assert (report["verdict"]["kind"], report["verdict"]["headline"]) == ("no_connection", "No connection")


def test_that_broken_framing_is_a_protocol_error_and_what_came_before_is_kept(tmp_path: Path) -> None:
    with sending(BAD_CHUNK) as port:
        result = run_cli(tmp_path, "record", f":{port}/x", "--json")
    report = report_of(result)
    assert (result.returncode, report["ending"]["kind"]) == (1, "protocol_error")
    assert [end for _, end in report["layers"]["chunk"]["marks"]] == [3]


def test_that_a_failing_generator_cuts_the_response_short(tmp_path: Path) -> None:
    result = run_cli(tmp_path, "record", "/stream", "--json")
    report = report_of(result)
    assert (result.returncode, report["ending"]["kind"], report["response"]["status"]) == (1, "cut_short", 200)


def test_that_an_error_before_the_first_yield_is_complete_with_its_status(tmp_path: Path) -> None:
    result = run_cli(tmp_path, "record", "/stream-checked", "--json")
    report = report_of(result)
    assert (result.returncode, report["ending"]["kind"], report["response"]["status"]) == (0, "complete", 400)


@pytest.mark.parametrize("limit", [("--max-bytes", "100"), ("--max-seconds", "0.2")])
def test_that_a_limit_ends_an_endless_stream(tmp_path: Path, limit: tuple[str, str]) -> None:
    result = run_cli(tmp_path, "record", "/large.csv?rows=0&delay_ms=5", "--json", *limit)
    report = report_of(result)
    assert (result.returncode, report["ending"]["kind"]) == (1, "over_limit")
    if limit[0] == "--max-bytes":
        assert report["layers"]["piece"]["marks"][-1][1] >= 100
    else:
        assert 0.2e9 <= report["ending"]["t_ns"] < 5e9


@posix
def test_that_an_interrupt_stops_and_still_writes_everything(tmp_path: Path) -> None:
    process = start_cli(tmp_path, "record", "/large.csv?rows=0&delay_ms=5", "--json", "-o", tmp_path / "one.stream")
    wait_until_streaming(tmp_path)
    children = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    report = report_of(subprocess.CompletedProcess([], process.returncode, output, errors))
    assert (process.returncode, report["ending"]["kind"]) == (1, "stopped")
    assert len(report["layers"]["chunk"]["marks"]) > 0
    assert errors.startswith(b"stopped: ")
    assert len(children) == 2
    assert [child for child in children if child.is_running()] == []
    assert list((tmp_path / "sessions").iterdir()) == []
    with np.load(tmp_path / "one.stream") as members:
        assert members["chunk"].dtype == np.int64
        assert (members["chunk"][:, 1] == [end for _, end in report["layers"]["chunk"]["marks"]]).all()
        assert (members["read"][:, 0] > 10**9).all() or members["read"].shape[1] == 5


@posix
def test_that_a_second_interrupt_kills_and_still_leaves_no_process(tmp_path: Path) -> None:
    with start_cli(tmp_path, "record", "/large.csv?rows=0&delay_ms=5") as process:
        wait_until_streaming(tmp_path)
        children = psutil.Process(process.pid).children()
        recorder = next(child for child in children if "inspector.capture" in child.cmdline())
        recorder.suspend()  # so that no ending can be written

        def killed() -> bool:
            process.send_signal(signal.SIGINT)
            return process.poll() is not None

        wait_until(killed, "the program to end")
        assert process.returncode == -signal.SIGINT
        recorder.resume()
        psutil.wait_procs(children, timeout=5)
        assert [child for child in children if child.is_running()] == []


def test_that_the_table_is_printed_with_a_line_for_each_chunk(tmp_path: Path) -> None:
    result = run_cli(tmp_path, "record", "/large.csv?rows=4&delay_ms=1")
    header, *lines = result.stdout.splitlines()
    assert (result.returncode, header) == (0, HEADER)
    assert [line.split()[0] for line in lines] == [b"1", b"2", b"3", b"4"]
    assert [line.split()[5][:2] for line in lines] == [b"1,", b"2,", b"3,", b"4,"]
    assert result.stderr.startswith(b"complete: ")
    assert b"4 chunks" in result.stderr


def test_that_a_body_without_chunks_has_a_line_for_each_read(tmp_path: Path) -> None:
    with sending(OK) as port:
        result = run_cli(tmp_path, "record", f":{port}/x")
    assert [line.split()[3:] for line in result.stdout.splitlines()[1:]] == [[b"3", b"3", b"abc"]]


@posix
@needs(TERMINAL)
def test_that_a_terminal_sees_the_table_live(tmp_path: Path) -> None:
    terminal, inside = pty.openpty()
    with start_cli(tmp_path, "record", "/large.csv?rows=0&delay_ms=5", stdout=inside) as process:
        os.close(inside)
        with open(terminal, "rb", buffering=0) as screen:  # noqa: PTH123
            seen = b""
            while seen.count(b"\n") < 4:
                seen += screen.read(1024)
            assert seen.splitlines()[0] == HEADER
            assert seen.splitlines()[3].split()[0] == b"3"
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            # A terminal that nobody reads would block the program.
            while process.poll() is None:
                drain(screen)
        assert process.returncode == 1
        assert process.stderr is not None
        assert process.stderr.read().startswith(b"stopped: ")


def drain(screen: BinaryIO) -> None:
    """Take what a terminal shows; after the last program that had it open there is an error in place of an end."""
    with contextlib.suppress(OSError):
        screen.read(1024)


@posix
def test_that_a_reader_that_went_away_is_no_error_to_shout_about(tmp_path: Path) -> None:
    for options in ([], ["--json"]):
        process = start_cli(tmp_path, "record", "/large.csv?rows=3&delay_ms=1", *options)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
        process.stderr.close()
        process.wait()
        assert b"Traceback" not in errors
        assert b"Broken" not in errors
        assert process.returncode == 1


def test_that_secrets_are_redacted_unless_asked_for(tmp_path: Path) -> None:
    with sending(OK, connections=2) as port:
        target = f"http://127.0.0.1:{port}/?api_key=h1dden&rows=5"
        redacted = run_cli(tmp_path, "record", target, "--json", "-o", tmp_path / "one.stream")
        whole = run_cli(tmp_path, "record", target, "--json", "-o", tmp_path / "two.stream", "--with-secrets")
    for result, path, shown in ((redacted, "one.stream", False), (whole, "two.stream", True)):
        with np.load(tmp_path / path) as members:
            saved = members["meta.json"]
        for text in (result.stdout, saved):
            assert (b"h1dden" in text, b"c00kie" in text) == (shown, shown)
        assert b"rows=5" in result.stdout


def test_that_a_file_that_can_not_be_written_is_told_and_the_object_still_printed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    result = run_cli(tmp_path, "record", "/large.csv?rows=1", "--json", "-o", tmp_path / "folder")
    assert result.returncode == 1
    assert report_of(result)["ending"]["kind"] == "complete"
    assert b"could not save" in result.stderr
    assert b"Traceback" not in result.stderr


def test_that_a_home_that_can_not_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run_cli(tmp_path / "file" / "home", "record", "/large.csv?rows=1", "--json")
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.count(b"\n") == 1
    assert b"set STREAMING_INSPECTOR_HOME" in result.stderr


def test_that_a_host_that_never_answers_is_timed_out(silent_tls: subprocess.Popen[bytes]) -> None:
    output, errors = silent_tls.communicate(timeout=25)
    report = report_of(subprocess.CompletedProcess([], silent_tls.returncode, output, errors))
    assert (silent_tls.returncode, report["ending"]["kind"]) == (1, "timed_out")
