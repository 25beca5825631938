"""A screen that goes away under the window: that is no good end, and what was recorded has its ending."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from inspector.recording.meta import read_meta
from tests.command_line import PROGRAM
from tests.fresh_python import ROOT
from tests.waiting import wait_until

#: A window on a busy machine takes its time.
_LONG_S = 40.0


def marks_in(home: Path) -> list[Path]:
    """Return the files of chunks that have any."""
    return [path for path in home.glob("recordings/*/chunk.marks") if path.stat().st_size]


@pytest.mark.timeout(100)
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb")
def test_that_a_window_whose_screen_is_gone_does_not_end_as_if_all_were_well(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        os.close(writing)
        with open(reading, "rb") as told:  # noqa: PTH123 - a descriptor
            display = told.readline().decode().strip()
        environment = {**os.environ, "DISPLAY": f":{display}", "STREAMING_INSPECTOR_HOME": str(tmp_path)}
        environment.pop("QT_QPA_PLATFORM", None)
        with subprocess.Popen(
            [*PROGRAM, "/large.csv?rows=0&delay_ms=5"], cwd=ROOT, env=environment, stderr=subprocess.PIPE
        ) as window:
            try:
                marks = wait_until(lambda: marks_in(tmp_path), "the window to stream", deadline_s=_LONG_S)
                screen.kill()
                _, errors = window.communicate(timeout=_LONG_S)
            finally:
                window.kill()
        assert window.returncode == 1
        assert b"Traceback" not in errors
    finally:
        screen.kill()
        screen.wait()
    meta = read_meta(marks[0].parent)
    assert meta is not None
    assert meta.ending is not None
