"""Recording over TLS: stamped by this process, and failures of the handshake told plainly."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.capture.cancellation import Cancellation
from inspector.recording.folder import read_track
from tests.capture.framing_runs import chunked
from tests.capture.raw_server import CHUNKED, Connection, answer, raw_server
from tests.capture.recording_runs import new_folder, record
from tests.certificates import make_certificate
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@contextlib.contextmanager
def tls_server(certificate: Path, script: Callable[[Connection], None]) -> Iterator[str]:
    """Answer by ``script`` over TLS; a client that leaves in the handshake is no failure."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def handshake(connection: Connection) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection.sock, server_side=True) as secure:
            inner = Connection(secure)
            inner.read_request()
            script(inner)

    with raw_server(handshake, reads_request=False) as url:
        yield url.replace("http://127.0.0.1", "https://localhost")


def test_that_a_body_over_tls_is_recorded_with_user_times(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    rows = [b"x" * (number % 3000 + 1) for number in range(2000)]
    with tls_server(certificate, answer(CHUNKED, chunked(rows))) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "complete"
    assert recorded.content == b"".join(rows)
    assert recorded.meta.read_clock == "user"
    assert (recorded.read.t_ns == recorded.read.column("user_t_ns")).all()


def test_that_stop_ends_a_quiet_stream_over_tls(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def script(connection: Connection) -> None:
        connection.send(CHUNKED + b"5\r\nhello\r\n")
        connection.wait_for_close()

    folder = new_folder(tmp_path)
    cancellation = Cancellation()

    def stop() -> None:
        wait_until(lambda: len(read_track(folder, "read")))
        cancellation.trip("stopped", "Stopped by the user.")

    thread = threading.Thread(target=stop)
    with tls_server(certificate, script) as url:
        thread.start()
        recorded = record(url, tmp_path, folder=folder, cancellation=cancellation).check()
        thread.join()
    assert (recorded.ending.kind, recorded.content) == ("stopped", b"hello")


def test_that_a_certificate_that_is_not_trusted_is_told(tmp_path: Path, certificate: Path) -> None:
    with tls_server(certificate, answer(CHUNKED)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "untrusted"
    assert recorded.ending.text.startswith("Self-signed certificate, for localhost. Nothing was sent.")


def test_that_https_to_a_port_that_speaks_http_is_told(tmp_path: Path) -> None:
    with raw_server(answer(b"HTTP/1.0 400 Bad\r\n\r\n"), reads_request=False) as url:
        recorded = record(url.replace("http:", "https:"), tmp_path).check()
    assert recorded.ending.kind == "refused"
    assert "The TLS handshake with 127.0.0.1 failed" in recorded.ending.text


def test_that_stop_ends_a_handshake_that_nobody_answers(tmp_path: Path) -> None:
    begun = threading.Event()

    def script(connection: Connection) -> None:
        connection.sock.recv(1)
        begun.set()
        connection.wait_for_close()

    cancellation = Cancellation()

    def stop() -> None:
        wait_until(begun.is_set)
        cancellation.trip("stopped", "Stopped by the user.")

    thread = threading.Thread(target=stop)
    with raw_server(script, reads_request=False) as url:
        thread.start()
        recorded = record(url.replace("http:", "https:"), tmp_path, cancellation=cancellation).check()
        thread.join()
    assert recorded.ending.kind == "stopped"


def test_that_a_handshake_without_answer_times_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.capture.request.CONNECT_TIMEOUT_SECONDS", 0.2)
    with raw_server(lambda connection: connection.wait_for_close(), reads_request=False) as url:
        recorded = record(url.replace("http:", "https:"), tmp_path).check()
    assert recorded.ending.kind == "timed_out"
    assert "TLS handshake in 0.2 seconds" in recorded.ending.text
