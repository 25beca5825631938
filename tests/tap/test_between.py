"""The taps between middlewares: a track and a line of ``taps.jsonl`` for each, and part times that hooks leave true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.recording.folder import RECORDING_HEADER, Recording
from inspector.recording.tap_log import TAPS_NAME
from inspector.tap import Tap
from tests.needs import needs
from tests.served import Gate, serving
from tests.tapping import Recorded, environ_of, exchange, new_recording, stream_of
from tests.waiting import wait_until

ROWS = "/large.csv?rows=4&row_bytes=100"


def field_of(recording_id: str) -> str:
    return f"{RECORDING_HEADER}: {recording_id}\r\n"


def recorded(spool: Path, path: str) -> tuple[Recording, bytes]:
    """Stream a path without pauses from the real server; return its recording and the body that was sent."""
    recording_id = new_recording(spool)
    with serving(spool=spool) as served, served.get(f"{path}&delay_ms=0", fields=field_of(recording_id)) as wire:
        body = wire.body()
        served.wait_for_closed_response()
    recording = Recording(spool / recording_id)
    recording.refresh()
    return recording, body


def told(recording: Recording) -> list[tuple[str, str, str, bool]]:
    return [(tap.layer, tap.name, tap.content_coding, tap.content_length) for tap in recording.taps]


def test_that_each_middleware_of_a_stack_has_a_track_that_tiles_what_left_it(tmp_path: Path) -> None:
    recording, body = recorded(tmp_path, f"{ROWS}&middleware=gzip-flush,rechunk:64,lint")
    tracks = recording.tracks
    assert list(tracks) == ["part", "yield", "write.1", "write.2", "write", "read", "chunk", "piece"]
    assert tracks["part"].sizes().tolist() == tracks["yield"].sizes().tolist() == [100] * 4
    for name in ("write.1", "write.2", "write"):
        assert tracks[name].total_bytes == len(body)
        assert (tracks[name].sizes() > 0).all()
    assert len(tracks["write.1"]) == 5
    assert set(tracks["write.2"].sizes().tolist()[:-1]) == {64}
    assert tracks["write"].end.tolist() == tracks["write.2"].end.tolist()
    # An item leaves a middleware after what it is made of has left the one before.
    first_t_ns = [int(tracks[name].t_ns[0]) for name in ("part", "yield", "write.1", "write.2", "write")]
    assert first_t_ns == sorted(first_t_ns)
    recording.close()


def test_that_each_tap_tells_what_stands_before_it_and_what_the_headers_say_there(tmp_path: Path) -> None:
    recording, _ = recorded(tmp_path, f"{ROWS}&middleware=content_length,gzip,rechunk:64")
    assert told(recording) == [
        ("yield", "", "identity", False),
        ("write.1", "content_length", "identity", True),
        ("write.2", "gzip", "gzip", False),
        ("write", "rechunk:64", "gzip", False),
    ]
    assert len((recording.folder / TAPS_NAME).read_bytes().splitlines()) == 5
    assert recording.is_handed_over
    recording.close()


@pytest.mark.parametrize(
    ("stack", "name"), [("", ""), ("lint", "lint"), ("debugger", "debugger"), ("profiler", "profiler")]
)
def test_that_up_to_one_middleware_stands_between_yield_and_write(tmp_path: Path, stack: str, name: str) -> None:
    recording, body = recorded(tmp_path, f"{ROWS}&middleware={stack}")
    assert told(recording) == [("yield", "", "identity", False), ("write", name, "identity", False)]
    assert recording.tracks["yield"].total_bytes == recording.tracks["write"].total_bytes == len(body)
    recording.close()


@needs("compress")
def test_that_flask_compress_is_seen_as_a_middleware_whose_input_is_not_coded(tmp_path: Path) -> None:
    recording, body = recorded(tmp_path, f"{ROWS}&middleware=compress,lint")
    assert told(recording)[1:] == [("write.1", "compress", "deflate", False), ("write", "lint", "deflate", False)]
    assert recording.tracks["yield"].total_bytes == 400
    assert recording.tracks["write.1"].total_bytes == recording.tracks["write"].total_bytes == len(body)
    recording.close()


def test_that_hooks_are_named_at_the_yields_wherever_they_stand_in_the_stack(tmp_path: Path) -> None:
    recording, _ = recorded(tmp_path, f"{ROWS}&middleware=gzip,get_data,lint,etag")
    assert told(recording) == [
        ("yield", "get_data,etag", "identity", True),
        ("write.1", "gzip", "gzip", False),
        ("write", "lint", "gzip", False),
    ]
    recording.close()


@pytest.mark.parametrize("hook", ["get_data", "etag"])
def test_that_a_hook_holds_the_yields_while_parts_are_marked_as_they_are_made(tmp_path: Path, hook: str) -> None:
    recording_id = new_recording(tmp_path)
    recording = Recording(tmp_path / recording_id)
    gate = Gate()
    path = f"{ROWS}&middleware={hook}"
    with serving(spool=tmp_path, wait=gate) as served, served.get(path, fields=field_of(recording_id)):
        for row in (1, 2, 3):
            gate.wait_for_pause(row)
            recording.refresh()
            assert len(recording.tracks["part"]) == row
            assert len(recording.tracks["yield"]) == 0
            gate.open()
        wait_until(lambda: recording.refresh() and recording.tracks["yield"].total_bytes == 400, "the yields")
        served.wait_for_closed_response()
    assert recording.tracks["part"].end.tolist() == [100, 200, 300, 400]
    labels = [recording.sources.label(line) for line in recording.tracks["part"].column("source").tolist()]
    assert all(label.startswith("server/views/basic_usage.py:") for label in labels)
    recording.close()


@pytest.mark.parametrize(
    "route", ["/in-memory.csv", "/through-a-file.csv", "/timeline", "/my-large-page.html", "/stream"]
)
@pytest.mark.parametrize("stack", ["get_data", "etag", ""])
def test_that_no_hook_marks_parts_that_were_marked_already(tmp_path: Path, route: str, stack: str) -> None:
    plain, _ = recorded(tmp_path, f"{route}?rows=5&name=Jo")
    recording, body = recorded(tmp_path, f"{route}?rows=5&name=Jo&middleware={stack}")
    assert recording.tracks["part"].end.tolist() == plain.tracks["part"].end.tolist()
    assert recording.tracks["part"].total_bytes == recording.tracks["yield"].total_bytes == len(body)
    plain.close()
    recording.close()


def test_that_a_request_that_is_not_recorded_tells_nothing(tmp_path: Path) -> None:
    new_recording(tmp_path)
    with serving(spool=tmp_path) as served, served.get(f"{ROWS}&delay_ms=0&middleware=gzip,lint") as wire:
        assert wire.body()
    assert [list(folder.iterdir()) for folder in tmp_path.iterdir()] == [[]]


def test_that_without_a_spool_there_is_no_tap_between() -> None:
    app = stream_of([b"one"])
    assert Tap(None).between(app, 1, "gzip") is app


@pytest.mark.parametrize("index", [0, 65, -1])
def test_that_an_index_that_is_no_layer_is_refused(tmp_path: Path, index: int) -> None:
    with pytest.raises(ValueError, match="there is no layer"):
        Tap(tmp_path).between(stream_of([]), index, "gzip")


def test_that_a_response_that_starts_anew_is_told_again(tmp_path: Path) -> None:
    def app(_environ: object, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", "5")])
        try:
            raise ValueError("too late")
        except ValueError as error:
            start_response("500 NO", [("content-encoding", "GZIP")], (type(error), error, error.__traceback__))
        return iter([b"no"])

    recording_id = new_recording(tmp_path)
    exchange(Tap(tmp_path).write(app), environ_of(recording_id))
    recording = Recording(tmp_path / recording_id)
    recording.refresh()
    assert told(recording) == [("write", "", "gzip", False)]
    recording.close()


def test_that_headers_that_are_none_are_for_the_server_to_say(tmp_path: Path) -> None:
    def app(_environ: object, start_response: Any) -> list[bytes]:
        start_response("200 OK", [None, ("Content-Length", 3), "x"])
        return [b"one"]

    recording_id = new_recording(tmp_path)
    seen = exchange(Tap(tmp_path).write(app), environ_of(recording_id))
    assert seen.items == [b"one"]
    assert len(seen.headers) == 3
    assert Recorded(tmp_path / recording_id).ends("write") == [3]


def test_that_a_full_disk_of_the_line_leaves_the_response_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recording_id = new_recording(tmp_path)
    (tmp_path / recording_id / TAPS_NAME).mkdir()
    seen = exchange(Tap(tmp_path).write(stream_of([b"one"])), environ_of(recording_id))
    assert seen.items == [b"one"]
    assert "can't record what runs in front of it" in caplog.text
