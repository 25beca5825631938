"""What a peer, a host, a certificate file or a system out of threads can do to the recorder: an ending that is true."""

from __future__ import annotations

import contextlib
import resource
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.capture.recorder_commands import RecordCommand, encode_command
from inspector.recording.folder import read_track
from inspector.recording.meta import read_meta
from tests.capture.raw_server import CHUNKED, Connection, answer, raw_server
from tests.capture.recording_runs import Recorded, new_folder, record
from tests.certificates import make_certificate
from tests.waiting import wait_until

_HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: %s\r\n\r\n" % (b"x" * 60_000)


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (_HINTS, "More than 1 MiB of informational responses (103 Early Hints ("),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 60_000, "The response head is longer than 256 KiB"),
        (b"X-A: b\r\n" * 9_000, "is not valid"),
    ],
)
def test_that_memory_before_and_in_the_head_is_bounded(tmp_path: Path, block: bytes, words: str) -> None:
    first, *rest = [block, b"x" * len(block)] if block.startswith(b"HTTP/1.1 200") else [block, block]
    if block.startswith(b"X"):
        first = b"HTTP/1.1 20\r\n" + block

    def script(connection: Connection) -> None:
        with contextlib.suppress(OSError):
            connection.send(first)
            while True:
                connection.send(rest[0])

    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with raw_server(script) as url:
        recorded = record(url, tmp_path).check()
    assert words in recorded.ending.text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib < 20_000


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://xn--a.invalid/", "The name 'xn--a.invalid' was not found"),
        ("http://xn--/", "was not found"),
        ("http://a..invalid/", "can't be the name of a host"),
        ("http://" + "a" * 70 + ".invalid/", "can't be the name of a host"),
        ("http://\u2603\u00ad\u2603/", "is not a URL"),
    ],
)
def test_that_a_bad_host_is_refused_with_a_reason(tmp_path: Path, url: str, words: str) -> None:
    recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "refused"
    assert words in recorded.ending.text


@pytest.mark.parametrize("content", [None, b"", b"no certificate\n"])
def test_that_a_bad_certificate_file_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    recorded = record("https://127.0.0.1:1/", tmp_path).check()
    if content == b"":
        assert recorded.ending.kind in ("not_started", "refused"), "an empty file is an error of some versions alone"
    else:
        assert recorded.ending.kind == "not_started"
        assert f"SSL_CERT_FILE names {file}" in recorded.ending.text


@pytest.fixture
def no_threads() -> Iterator[None]:
    """Stacks as large as no address space is: no further thread can be started."""
    before = threading.stack_size(1 << 46)
    yield
    threading.stack_size(before)


@pytest.mark.usefixtures("no_threads")
@pytest.mark.parametrize(
    ("url", "options", "words"),
    [
        ("http://some.invalid/", {}, "can't be looked up: this computer has no thread left"),
        ("http://127.0.0.1:1/", {"max_seconds": 5.0}, "no thread left for the time limit"),
    ],
)
def test_that_a_system_out_of_threads_is_told(tmp_path: Path, url: str, options: dict[str, Any], words: str) -> None:
    recorded = record(url, tmp_path, **options).check()
    assert recorded.ending.kind == "not_started"
    assert words in recorded.ending.text


_WITHOUT_THREADS = (
    "import threading, runpy; threading.stack_size(1 << 46); runpy.run_module('inspector.capture', run_name='__main__')"
)


def test_that_a_recorder_that_can_start_no_thread_refuses_what_it_is_asked(tmp_path: Path) -> None:
    folder = new_folder(tmp_path)
    line = encode_command(RecordCommand(id=folder.name, url="http://127.0.0.1:1/"))
    command = [sys.executable, "-c", _WITHOUT_THREADS, "--spool", str(tmp_path)]
    result = subprocess.run(command, input=line, capture_output=True, check=False, timeout=60)
    meta = read_meta(folder)
    assert meta is not None, result.stderr
    assert meta.ending is not None
    assert meta.ending.kind == "not_started"
    assert "no thread left" in meta.ending.text


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_that_a_recorder_told_to_end_says_who_told_it(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.send(CHUNKED + b"5\r\nhello\r\n")
        connection.wait_for_close()

    folder = new_folder(tmp_path)
    with (
        raw_server(script) as url,
        subprocess.Popen(
            [sys.executable, "-m", "inspector.capture", "--spool", str(tmp_path)], stdin=subprocess.PIPE
        ) as process,
    ):
        assert process.stdin is not None
        process.stdin.write(encode_command(RecordCommand(id=folder.name, url=url)))
        process.stdin.flush()
        wait_until(lambda: len(read_track(folder, "read")))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    recorded = Recorded(folder).check()
    assert (recorded.ending.kind, recorded.content) == ("stopped", b"hello")
    assert recorded.ending.text == "Stopped: the recorder process was asked to end (SIGTERM)."


def test_that_a_password_in_a_url_is_sent_and_kept_nowhere(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def script(connection: Connection) -> None:
        seen.append(connection.request)
        connection.send(CHUNKED + b"0\r\n\r\n")

    with raw_server(script) as url:
        recorded = record(url.replace("://", "://me:hush@"), tmp_path).check()
    assert b"\r\nAuthorization: Basic bWU6aHVzaA==\r\n" in seen[0]
    assert recorded.meta.request.url == url
    assert ("Authorization", "[redacted]") in recorded.meta.request.headers
    kept = b"".join(path.read_bytes() for path in recorded.folder.iterdir())
    assert b"hush" not in kept
    assert b"aHVzaA" not in kept


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize(
    ("head", "is_announced", "kind", "words"),
    [
        (b"", True, "complete", "TLS's closing message says that this is all"),
        (b"", False, "cut_short", "without TLS's closing message: received 5 bytes"),
        (b"Content-Length: 5\r\n", False, "complete", "all bytes of Content-Length"),
        (b"Content-Length: 9\r\n", False, "cut_short", "without TLS's closing message: received 5 of 9"),
        (b"Content-Length: 9\r\n", True, "cut_short", "closed the connection early: received 5 of 9"),
    ],
)
def test_that_tls_tells_a_whole_body_from_a_cut_one(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch, head: bytes, is_announced: bool, kind: str,
    words: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def script(connection: Connection) -> None:
        with context.wrap_socket(connection.sock, server_side=True, suppress_ragged_eofs=False) as secure:
            inner = Connection(secure)
            inner.read_request()
            inner.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\nhello")
            if is_announced:
                with contextlib.suppress(OSError):
                    secure.unwrap()

    with raw_server(script, reads_request=False) as url:
        recorded = record(url.replace("http://127.0.0.1", "https://localhost"), tmp_path).check()
    assert (recorded.ending.kind, recorded.content) == (kind, b"hello")
    assert words in recorded.ending.text


def test_that_a_mistake_of_our_own_is_an_ending_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> None:
        raise ZeroDivisionError("never to be seen")

    monkeypatch.setattr("inspector.capture.recorder.plan_body", mistaken)
    with raw_server(answer(CHUNKED + b"0\r\n\r\n")) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "cut_short"
    assert recorded.ending.text.startswith("The recorder failed: ZeroDivisionError")
