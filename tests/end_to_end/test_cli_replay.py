"""``replay`` as a person runs it: what is recorded from it is what was recorded, chunk by chunk and in its time."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest

from inspector.recording.archive import load_archive
from inspector.recording.folder import Recording
from tests.command_line import run_cli, start_cli


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A real run of a page with a buffer."""
    path = tmp_path / "page.stream"
    made = run_cli(tmp_path, "record", "/my-large-page.html?rows=8&delay_ms=30&template_buffer=5", "-o", path)
    assert made.returncode == 0, made.stderr
    return path


def _opened(path: Path, into: Path) -> Recording:
    into.mkdir()
    recording = Recording(load_archive(path, into))
    recording.refresh()
    return recording


def test_that_a_recording_of_the_replay_is_the_recording(tmp_path: Path, saved: Path) -> None:
    served = start_cli(tmp_path, "replay", saved)
    assert served.stdout is not None
    address, promise = served.stdout.readline().decode().split()[-1], served.stdout.readline()
    assert b"200 OK" in promise
    again = tmp_path / "again.stream"
    made = run_cli(tmp_path, "record", address, "-o", again)
    served.send_signal(signal.SIGINT)
    _, errors = served.communicate(timeout=20)
    assert (made.returncode, served.returncode, errors) == (0, 0, b"")
    first, second = _opened(saved, tmp_path / "a"), _opened(again, tmp_path / "b")
    try:
        assert first.content.wire(0, 1 << 20) == second.content.wire(0, 1 << 20)
        for column in ("end", "wire_end", "content_end"):
            chunks = [recording.tracks["chunk"].column(column).tolist() for recording in (first, second)]
            assert chunks[0] == chunks[1]
        times_ms = [
            (recording.tracks["chunk"].t_ns - recording.snapshot().origin_ns) / 1e6 for recording in (first, second)
        ]
        late_ms = times_ms[1] - times_ms[0]
        print(f"late by {np.median(late_ms):.2f} ms in the median, {late_ms.min():.2f} to {late_ms.max():.2f}")
        assert np.median(late_ms) > -1, "nothing comes before its time"
        assert first.meta is not None
        assert second.meta is not None
        assert first.meta.response is not None
        assert second.meta.response is not None
        kept = [pair for pair in first.meta.response.headers if pair[0].lower() not in ("connection", "keep-alive")]
        assert {*kept} <= {*second.meta.response.headers}
    finally:
        first.close()
        second.close()


def test_that_what_can_not_be_served_is_said(tmp_path: Path) -> None:
    missing = run_cli(tmp_path, "replay", tmp_path / "none.stream")
    assert missing.returncode == 2
    assert b"there is no file" in missing.stderr
    broken = tmp_path / "broken.stream"
    broken.write_bytes(b"nothing")
    assert run_cli(tmp_path, "replay", broken).returncode == 1
