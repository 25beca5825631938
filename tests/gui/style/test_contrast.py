"""Contrast by WCAG 2 of all colours that carry meaning: 4.5 for text, 3 for graphics, on each ground they stand on."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import DARK, LIGHT, Theme, box_palette_of, palette_of
from tests.gui.contrast import contrast

_BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@_BOTH
def test_that_text_is_readable_on_every_ground(theme: Theme) -> None:
    grounds = (theme.background, theme.panel, theme.raised, theme.server_lane, theme.client_lane, theme.accused)
    roles = ("text", "dim", "message", "warning", "error")
    ratios = {
        (role, ground): contrast(QColor(getattr(theme, role)), QColor(ground)) for role in roles for ground in grounds
    }
    ratios["selected", theme.selection] = contrast(QColor(theme.selection_text), QColor(theme.selection))
    assert {key: ratio for key, ratio in ratios.items() if ratio < 4.5} == {}


@_BOTH
def test_that_what_is_drawn_in_gaps_can_be_told_from_their_grounds(theme: Theme) -> None:
    roles = {"fall": QColor(theme.fall), "lit": QColor(theme.lit), "selection": QColor(theme.selection)}
    for side in ("server", "client"):
        roles[f"{side} line"] = theme.layer_colour(side)
        roles[f"{side} median"], roles[f"{side} longest"] = theme.wait_colours(side)
    ratios = {
        (role, ground): contrast(colour, QColor(ground))
        for role, colour in roles.items()
        for ground in (theme.background, theme.accused)
    }
    assert {key: ratio for key, ratio in ratios.items() if ratio < 3} == {}


@_BOTH
def test_that_marks_can_be_told_from_their_lanes_and_the_selected_from_the_others(theme: Theme) -> None:
    for side in ("server", "client"):
        lane, mark = theme.lane_colour(side), theme.layer_colour(side)
        assert contrast(mark, lane) >= 3
        assert contrast(QColor(theme.lit), lane) > 2 * contrast(mark, lane), "selected stands out most"


@_BOTH
def test_that_the_median_wait_can_be_told_from_the_longest(theme: Theme) -> None:
    for side in ("server", "client"):
        assert contrast(*theme.wait_colours(side)) >= 2


@_BOTH
def test_that_a_box_that_is_not_ticked_can_be_seen(theme: Theme, qtbot: QtBot) -> None:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.setPalette(palette_of(theme))
    box = QCheckBox(ground)
    box.setPalette(box_palette_of(theme))
    ground.resize(box.size())
    image = ground.grab().toImage()
    middle = image.height() // 2
    frame = max(contrast(image.pixelColor(x, middle), QColor(theme.panel)) for x in range(image.width() // 2))
    assert frame >= 3
