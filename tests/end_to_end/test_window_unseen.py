"""The real window without a screen: what the first command of the README leaves, and pictures on demand."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtGui import QImage

from tests.command_line import PROGRAM, run_cli
from tests.fresh_python import ROOT


def _start_without_display(home: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    }
    environment |= {"STREAMING_INSPECTOR_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*PROGRAM, *arguments], cwd=folder, env=environment, capture_output=True, timeout=25, check=False
    )


@pytest.mark.skipif(os.name != "posix", reason="only Linux runs unseen by itself")
def test_that_a_start_without_a_display_does_the_main_job(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    done = _start_without_display(tmp_path / "home", folder, "/large.csv?rows=6&delay_ms=5")
    assert done.returncode == 0, done.stderr
    assert done.stderr.decode().splitlines()[0].startswith("There is no display")
    assert not QImage(str(folder / "streaming-inspector.png")).isNull()
    with np.load(folder / "streaming-inspector.stream") as saved:
        assert len(saved["chunk"]) == 6
    lines = done.stdout.decode().splitlines()
    assert [line.split()[0] for line in lines[1:7]] == ["1", "2", "3", "4", "5", "6"]
    home = str(tmp_path / "home")
    lines_of_all = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    assert [line for line in lines_of_all if home in line] == [], "its server and recorder ended with it"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_a_shot_has_the_size_and_theme_asked_for(tmp_path: Path, theme: str) -> None:
    picture = tmp_path / "shot.png"
    done = run_cli(
        tmp_path / "home", "shot", "/timeline?rows=3&delay_ms=1", "-o", picture, "--size", "1024x640", "--theme", theme
    )
    assert done.returncode == 0, done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1024, 640)
    assert (image.pixelColor(4, 630).lightness() < 128) == (theme == "dark")


def test_that_a_shot_into_nowhere_is_wrong_usage(tmp_path: Path) -> None:
    done = run_cli(tmp_path / "home", "shot", "/timeline", "-o", tmp_path / "missing" / "shot.png")
    assert done.returncode == 2
    assert b"missing" in done.stderr
