"""In the real window the gap with the wait is the tall one, at every size, and stays so in the next run."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.ladder.lane_layout import Gap
from tests.gui.running import stream
from tests.gui.window_driver import canvas


def _heights(window: MainWindow) -> dict[str, int]:
    return {band.row.id: band.height for band in canvas(window).bands if isinstance(band.row, Gap)}


@pytest.mark.parametrize(
    ("target", "tall"),
    [
        ("/large.csv?rows=12&delay_ms=15&middleware=gzip", "middleware.1"),
        ("/my-large-page.html?rows=6&template_buffer=5&delay_ms=20", "template"),
    ],
)
def test_that_the_gap_with_the_wait_is_the_tallest(qtbot: QtBot, window: MainWindow, target: str, tall: str) -> None:
    stream(qtbot, window, target)
    for size in ((1600, 1000), (1920, 1080)):
        window.resize(*size)
        qtbot.waitUntil(lambda: max(_heights(window), key=_heights(window).__getitem__) == tall)
