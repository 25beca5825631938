"""Stop and the limit of time act within a second, whatever the recorder waits in or works on."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.capture.cancellation import Cancellation
from inspector.capture.content_decoding import decoder_of
from inspector.capture.decoded_content import DecodedContent
from inspector.capture.recording_writer import AppendFile
from tests.capture.raw_server import CHUNKED, Connection, full_backlog, raw_server
from tests.capture.recording_runs import new_folder, record
from tests.packed_zeros import GZIP, packed_zeros
from tests.waiting import wait_until

_WITHIN_S = 1.0
_LIMIT_S = 0.3
_GZIP_TWICE = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n"


#: Two codings around 4 GB of zeros, some 20 KB on the wire.
_BOMB = gzip.compress(packed_zeros(4000, GZIP))


@contextlib.contextmanager
def _look_up(_: Callable[[], None]) -> Iterator[str]:
    yield "http://slow.example/"


@contextlib.contextmanager
def _connect(reached: Callable[[], None]) -> Iterator[str]:
    with full_backlog() as url:
        reached()
        yield url


@contextlib.contextmanager
def _served(reached: Callable[[], None], sent: bytes, *, reads_request: bool = True) -> Iterator[str]:
    def script(connection: Connection) -> None:
        if not reads_request:
            connection.sock.recv(1)
        with contextlib.suppress(OSError):
            connection.send(sent)
        reached()
        connection.wait_for_close()

    with raw_server(script, reads_request=reads_request) as url:
        yield url


@contextlib.contextmanager
def _tls(reached: Callable[[], None]) -> Iterator[str]:
    with _served(reached, b"", reads_request=False) as url:
        yield url.replace("http:", "https:")


PHASES: dict[str, Callable[[Callable[[], None]], contextlib.AbstractContextManager[str]]] = {
    "look-up": _look_up,
    "connect": _connect,
    "TLS": _tls,
    "request": lambda reached: _served(reached, b""),
    "head": lambda reached: _served(reached, b"HTTP/1.1 200 OK\r\nX-A"),
    "body": lambda reached: _served(reached, CHUNKED + b"5\r\nhello\r\n"),
    "decoding": lambda reached: _served(reached, _GZIP_TWICE % len(_BOMB) + _BOMB),
}
#: A look at the ratio would end this one before anybody stops it.
_NO_RATIO = 1 << 60


@pytest.fixture(params=list(PHASES))
def phase(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    asked, answer_now = threading.Event(), threading.Event()

    def never_answered(*_: object, **__: object) -> list[object]:
        asked.set()
        answer_now.wait(60)
        raise socket.gaierror(socket.EAI_NONAME, "nobody asked any more")

    monkeypatch.setattr("inspector.capture.decoded_content._MOST_RATIO", _NO_RATIO)
    if request.param == "look-up":
        monkeypatch.setattr("inspector.capture.name_resolution.socket.getaddrinfo", never_answered)
    yield request.param
    answer_now.set()
    for thread in threading.enumerate():
        if thread.name == "getaddrinfo":
            thread.join()


def test_that_the_limit_of_time_ends_every_phase_within_a_second(tmp_path: Path, phase: str) -> None:
    begun_s = time.monotonic()
    with PHASES[phase](lambda: None) as url:
        recorded = record(url, tmp_path, max_seconds=_LIMIT_S)
        taken_s = time.monotonic() - begun_s
    assert recorded.ending.kind == "over_limit"
    assert f"limit of {_LIMIT_S:g} seconds" in recorded.ending.text
    assert ("before the request was sent" in recorded.ending.text) == (phase in ("look-up", "connect", "TLS"))
    assert taken_s < 2 * _LIMIT_S + _WITHIN_S


def test_that_a_stop_ends_every_phase_within_a_second(tmp_path: Path, phase: str) -> None:
    folder, cancellation, reached = new_folder(tmp_path), Cancellation(), threading.Event()
    stopped_s: list[float] = []

    def stop() -> None:
        wait_until(lambda: reached.is_set() or phase == "look-up")
        if phase == "decoding":
            wait_until(lambda: (folder / "content.bin").exists() and (folder / "content.bin").stat().st_size)
        stopped_s.append(time.monotonic())
        cancellation.trip("stopped", "Stopped by the user.")

    thread = threading.Thread(target=stop)
    with PHASES[phase](reached.set) as url:
        thread.start()
        recorded = record(url, tmp_path, folder=folder, cancellation=cancellation)
        taken_s = time.monotonic() - stopped_s[0]
        thread.join()
    assert (recorded.ending.kind, recorded.ending.text) == ("stopped", "Stopped by the user.")
    assert taken_s < _WITHIN_S


def test_that_a_bomb_is_ended_by_its_ratio_with_what_came_out_until_then(tmp_path: Path) -> None:
    with _served(lambda: None, _GZIP_TWICE % len(_BOMB) + _BOMB) as url:
        recorded = record(url, tmp_path)
    assert recorded.ending.kind == "over_limit"
    assert "more than 2,000 to 1" in recorded.ending.text
    size_bytes = (recorded.folder / "content.bin").stat().st_size
    assert size_bytes == recorded.recording.snapshot().content_bytes
    assert 64 << 20 < size_bytes < 65 << 20


def test_that_no_more_is_unpacked_than_the_disk_can_spare(tmp_path: Path) -> None:
    decoder, _ = decoder_of(("gzip",))
    assert decoder is not None
    file = AppendFile(tmp_path / "content.bin")
    free_bytes = iter([1 << 40, 100 << 20])
    with Cancellation() as cancellation:
        content = DecodedContent(decoder, file, cancellation, free_bytes=lambda: next(free_bytes))
        content.feed(packed_zeros(60, GZIP))
    file.close()
    assert content.over is not None
    assert "only 100 MiB of free disk" in content.over
    assert 32 << 20 < content.size_bytes < 34 << 20
