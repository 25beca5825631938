"""The legend: every sign has its picture and its words, and it opens and closes beside the ladder."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.style.theme import DARK, LIGHT, Theme
from inspector.gui.views.ladder.legend_samples import SECTIONS, Sample, paint_sample
from inspector.recording.layers import LAYERS
from tests.gui.window_driver import canvas, click, find, press

_SIGNS = [sample for _, samples in SECTIONS for sample in samples]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("sample", _SIGNS, ids=lambda sample: sample.sign)
def test_that_every_sign_is_painted(qtbot: QtBot, sample: Sample, theme: Theme) -> None:
    image = QImage(80, 26, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.raised))
    with QPainter(image) as painter:
        paint_sample(painter, QRectF(image.rect()), theme, sample)
    colours = {image.pixel(x, y) for x in range(80) for y in range(26)}
    assert len(colours) > 1
    assert sample.words


def test_that_no_two_signs_look_alike(qtbot: QtBot) -> None:
    pictures = []
    for sample in _SIGNS:
        image = QImage(80, 26, QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.raised))
        with QPainter(image) as painter:
            paint_sample(painter, QRectF(image.rect()), LIGHT, sample)
        pictures.append(bytes(image.constBits()))
    assert len(set(pictures)) == len(pictures)


def test_that_the_legend_opens_by_its_key_names_all_lanes_and_closes_with_escape(window: MainWindow) -> None:
    window.activateWindow()
    canvas(window).setFocus()
    press(canvas(window), "?")
    legend = find(window, QFrame, "legend")
    assert legend.isVisible()
    words = "\n".join(label.text() for label in legend.findChildren(QLabel))
    assert all(f"{layer.name}: {layer.meaning}" in words for layer in LAYERS)
    QTest.keyClick(find(window, QScrollArea, "legend_signs"), Qt.Key.Key_Escape)
    assert not legend.isVisible()
    assert window.focusWidget() is canvas(window)


def test_that_the_button_opens_the_legend_below_the_ladder_and_closes_it(window: MainWindow) -> None:
    window.resize(1280, 900)
    click(window, "legend_button")
    legend = find(window, QFrame, "legend")
    assert legend.isVisible()
    assert window.rect().contains(legend.geometry())
    click(window, "legend_button")
    assert not legend.isVisible()
