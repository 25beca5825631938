"""In the real window the gap with the wait is the tall one, at every size, and stays so in the next run."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.ladder.ladder_view import LadderView
from inspector.gui.views.ladder.lane_layout import Gap
from tests.gui.running import DEADLINE_MS, stream
from tests.gui.window_driver import compare_page, ladder, trigger


def _heights(window: MainWindow) -> dict[str, int]:
    return _heights_in(ladder(window))


def _heights_in(view: LadderView) -> dict[str, int]:
    return {band.row.id: band.height for band in view.canvas.bands if isinstance(band.row, Gap)}


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


def test_that_the_gap_with_the_wait_is_as_tall_beside_it_where_nothing_waits(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/my-large-page.html?rows=6&template_buffer=5&delay_ms=20")
    qtbot.waitUntil(lambda: ladder(window).tall_gap_id == "template", timeout=DEADLINE_MS)
    trigger(window, "action_try_advice")
    page = compare_page(window)
    both = ladder(window), page.comparing.b.ladder
    document = page.comparing.b.document
    qtbot.waitUntil(lambda: document.recording is not None and document.whole.has_ended, timeout=DEADLINE_MS)
    window.resize(1920, 1080)
    qtbot.waitUntil(
        lambda: all(max(found, key=found.__getitem__) == "template" for found in map(_heights_in, both)),
        timeout=DEADLINE_MS,
    )
    assert both[1].tall_gap_id == "template"
