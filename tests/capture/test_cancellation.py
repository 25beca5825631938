"""Ending a recording from this side, whatever it waits in: the user's stop, and limits of time and size."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from typing_extensions import override

from inspector.capture.cancellation import Cancellation
from inspector.recording.folder import read_track
from inspector.recording.meta import Ending, EndingKind, read_meta
from tests.capture.framing_runs import chunked
from tests.capture.raw_server import CHUNKED, Connection, answer, full_backlog, raw_server
from tests.capture.recording_runs import new_folder, record
from tests.waiting import wait_until


def test_that_a_connection_nobody_answers_times_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.capture.request.CONNECT_TIMEOUT_SECONDS", 0.2)
    with full_backlog() as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "timed_out"
    assert "firewall" in recorded.ending.text


def _stop_when(fact: Callable[[], object], cancellation: Cancellation) -> threading.Thread:
    def stop() -> None:
        wait_until(fact)
        cancellation.trip("stopped", "Stopped by the user.")

    thread = threading.Thread(target=stop)
    thread.start()
    return thread


def test_that_stop_ends_a_quiet_stream_and_keeps_what_came(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.send(CHUNKED + b"5\r\nhello\r\n")
        connection.wait_for_close()

    folder = new_folder(tmp_path)
    cancellation = Cancellation()
    with raw_server(script) as url:
        thread = _stop_when(lambda: len(read_track(folder, "read")), cancellation)
        recorded = record(url, tmp_path, folder=folder, cancellation=cancellation).check()
        thread.join()
    assert (recorded.ending.kind, recorded.ending.text) == ("stopped", "Stopped by the user.")
    assert recorded.content == b"hello"


class _HeardLate(Cancellation):
    """The recorder's parent was killed and took the server along; its own end is heard a moment later."""

    @override
    def ending_within(self, seconds: float) -> Ending | None:
        timer = threading.Timer(seconds / 10, self.trip, ("stopped", "The app has ended."))
        timer.start()
        ending = super().ending_within(seconds * 100)
        timer.join()
        return ending


def test_that_the_end_of_the_parent_is_no_cut_by_the_server_that_ended_with_it(tmp_path: Path) -> None:
    with raw_server(answer(CHUNKED + b"5\r\nhello\r\n")) as url:
        recorded = record(url, tmp_path, folder=new_folder(tmp_path), cancellation=_HeardLate()).check()
    assert (recorded.ending.kind, recorded.ending.text) == ("stopped", "The app has ended.")
    assert recorded.content == b"hello"


def test_that_stop_ends_a_stream_that_never_pauses(tmp_path: Path) -> None:
    def script(connection: Connection) -> None:
        connection.send(CHUNKED)
        with contextlib.suppress(OSError):
            while True:
                connection.send(b"5\r\nhello\r\n" * 1000)

    folder = new_folder(tmp_path)
    cancellation = Cancellation()
    with raw_server(script) as url:
        thread = _stop_when(lambda: len(read_track(folder, "read")) > 3, cancellation)
        recorded = record(url, tmp_path, folder=folder, cancellation=cancellation).check()
        thread.join()
    assert recorded.ending.kind == "stopped"
    assert recorded.content.startswith(b"hellohello")


def test_that_stop_ends_the_wait_for_a_head(tmp_path: Path) -> None:
    waiting = threading.Event()

    def script(connection: Connection) -> None:
        waiting.set()
        connection.wait_for_close()

    cancellation = Cancellation()
    with raw_server(script) as url:
        thread = _stop_when(waiting.is_set, cancellation)
        recorded = record(url, tmp_path, cancellation=cancellation).check()
        thread.join()
    assert recorded.ending.kind == "stopped"
    assert recorded.meta.request.sent_t_ns > 0
    assert recorded.meta.response is None


def test_that_stop_ends_a_connect_that_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.capture.request.CONNECT_TIMEOUT_SECONDS", 3600.0)
    cancellation = Cancellation()
    folder = new_folder(tmp_path)
    with full_backlog() as url:
        thread = _stop_when(lambda: read_meta(folder), cancellation)
        recorded = record(url, tmp_path, folder=folder, cancellation=cancellation).check()
        thread.join()
    assert recorded.ending.kind == "stopped"


def test_that_stop_ends_a_name_look_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.capture.request.CONNECT_TIMEOUT_SECONDS", 3600.0)
    asked = threading.Event()
    answer_now = threading.Event()

    def never_answered(*_: object, **__: object) -> list[object]:
        asked.set()
        answer_now.wait(60)
        raise socket.gaierror(socket.EAI_NONAME, "nobody asked any more")

    monkeypatch.setattr("inspector.capture.name_resolution.socket.getaddrinfo", never_answered)
    cancellation = Cancellation()
    thread = _stop_when(asked.is_set, cancellation)
    recorded = record("http://slow.example/", tmp_path, cancellation=cancellation).check()
    answer_now.set()
    thread.join()
    assert recorded.ending.kind == "stopped"


def test_that_a_stop_before_the_start_sends_nothing(tmp_path: Path) -> None:
    cancellation = Cancellation()
    cancellation.trip("stopped", "Stopped by the user.")
    with raw_server(answer(b""), reads_request=False) as url:
        recorded = record(url, tmp_path, cancellation=cancellation).check()
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
