"""What was turned while a stream ran: written by two processes, followed, in the order of time."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.recording.change_log import CHANGES_NAME, Change, ChangeLogReader, encode_change
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording

FIRST = Change(t_ns=10, side="server", knob="template_buffer", before="5", after="50")
SECOND = Change(t_ns=20, side="client", knob="client_buffer", before="0", after="512")


def test_that_changes_are_read_in_any_cuts_and_kept_by_time() -> None:
    data = encode_change(SECOND) + encode_change(FIRST)
    for cut in range(len(data)):
        reader = ChangeLogReader()
        reader.feed(data[:cut])
        reader.feed(data[cut:])
        assert reader.changes == (FIRST, SECOND)


def test_that_a_recording_follows_its_changes(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    assert recording.refresh() == set()
    path = tmp_path / CHANGES_NAME
    path.write_bytes(encode_change(FIRST)[:-4])
    recording.refresh()
    assert not recording.changes, "half a row waits"
    with path.open("ab") as file:
        file.write(encode_change(FIRST)[-4:] + encode_change(SECOND))
    assert "changes" in recording.refresh()
    assert recording.changes == (FIRST, SECOND)
    assert recording.refresh() == set()
    recording.close()


@pytest.mark.parametrize("row", [b"{}\n", b'{"t_ns": "x"}\n', b"\xff\n", b"[" * 100_000 + b"\n"])
def test_that_a_row_that_is_no_change_is_told(row: bytes) -> None:
    with pytest.raises(BadRecording, match=CHANGES_NAME):
        ChangeLogReader().feed(row)
