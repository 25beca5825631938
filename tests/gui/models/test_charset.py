"""Which charset is believed: those of single bytes by their names, everything else is UTF-8."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.gui.models.charset import charset_of
from inspector.recording.folder import Recording
from tests.growing_recording import GrowingRecording


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html", "utf-8"),
        ("text/html; charset=utf-8", "utf-8"),
        ("text/html; charset=ISO-8859-1", "cp1252"),
        ("text/html; charset=us-ascii", "cp1252"),
        ('text/plain; format=flowed; charset="koi8-r"', "koi8-r"),
        ("text/csv; charset=windows-1250", "cp1250"),
        ("text/html; charset=utf-16", "utf-8"),
        ("text/html; charset=shift_jis", "utf-8"),
        ("text/html; charset=rot13", "utf-8"),
        ("text/html; charset=hex", "utf-8"),
        ("text/html; charset=idna", "utf-8"),
        ("text/html; charset=no-such", "utf-8"),
    ],
)
def test_that_a_charset_of_single_bytes_is_believed_and_all_else_is_utf_8(
    tmp_path: Path, content_type: str, charset: str
) -> None:
    made = GrowingRecording(tmp_path / "r", content_type=content_type)
    recording = Recording(made.folder)
    recording.refresh()
    assert charset_of(recording.snapshot()) == charset
    recording.close()
