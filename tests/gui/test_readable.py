"""The main sentence and the state of a run can be read: contrast measured from the pixels of the real window."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from tests.gui.contrast import contrast
from tests.gui.running import stream
from tests.gui.window_driver import find, trigger, verdict


def _best_contrast(widget: QWidget) -> float:
    image = widget.grab().toImage()
    colours = Counter(image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    ground = QColor(colours.most_common(1)[0][0])
    return max(contrast(QColor(colour), ground) for colour in colours)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_state_and_verdict_have_the_contrast_of_text(qtbot: QtBot, window: MainWindow, theme: str) -> None:
    trigger(window, f"theme_{theme}")
    stream(qtbot, window, "/timeline?rows=12&delay_ms=5")
    assert verdict(window).text.text()
    for label in (find(window, QWidget, "status_state"), verdict(window).text):
        assert _best_contrast(label) >= 4.5
