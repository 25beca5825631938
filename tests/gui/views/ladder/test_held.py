"""Bytes that a gap still held when its run ended: their lines never lean back in time, and never reach the floor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.style.theme import LIGHT
from inspector.gui.views.ladder.join_paint import Limit, Stretches, clipped, find_joins, lines_of, paint_joins
from inspector.gui.views.ladder.lane_captions import held_words
from inspector.gui.views.ladder.lane_paint import visible_items
from inspector.gui.views.paint_context import PaintContext
from inspector.gui.views.time_scale import TimeScale
from inspector.recording.track import Track
from tests.sample_recording import marks_of

_AREA = QRectF(0, 20, 400, 60)
_LINE = st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))


def _joins(parts: Track, yields: Track, scale: TimeScale) -> Stretches:
    return find_joins(Alignment(parts, yields), visible_items(parts, scale), visible_items(yields, scale))


def _scale(start: int = 0, span: int = 4_000) -> TimeScale:
    return TimeScale(0, start, span, 0.0, 400.0)


@pytest.mark.parametrize("stop_ns", [3_000, 900, 10**15])
@pytest.mark.parametrize("is_stop", [True, False])
def test_that_held_lines_lean_to_the_limit_and_never_back(stop_ns: int, is_stop: bool) -> None:
    scale = _scale()
    joins = _joins(marks_of("part", [(100, 10), (500, 20), (1_500, 30)]), marks_of("yield", [(700, 10)]), scale)
    limit = Limit(scale.x_of(stop_ns), is_stop=is_stop)
    passed, *held = lines_of(scale, _AREA, joins, limit).tolist()
    assert passed == [10, 20, 70, 80]
    assert [line[0] for line in held] == [50, 150]
    for x1, _, x2, y2 in held:
        assert x2 == max(x1, limit.x)
        assert _AREA.top() < y2 < _AREA.bottom()


def test_that_bytes_made_before_the_window_lean_into_it() -> None:
    parts = marks_of("part", [(100, 10), (500, 20), (600, 30)])
    joins = _joins(parts, marks_of("yield", [(200, 10)]), _scale(start=2_000))
    assert joins.ends.tolist() == [20, 30]
    assert joins.later_t_ns.tolist() == [-1, -1]


@given(st.lists(_LINE, max_size=20))
def test_that_a_line_keeps_its_slope_and_loses_what_is_out_of_sight(ends: list[tuple[float, float]]) -> None:
    lines = np.array([[a, 0.0, b, 50.0] for a, b in ends]).reshape(-1, 4)
    seen = clipped(lines, -10, 410)
    assert len(seen) == sum(max(a, b) >= -10 and min(a, b) <= 410 for a, b in ends)
    assert bool(((seen[:, [0, 2]] >= -10) & (seen[:, [0, 2]] <= 410)).all())
    assert bool(((seen[:, [1, 3]] >= -1e-3) & (seen[:, [1, 3]] <= 50 + 1e-3)).all())


def _painted(held: int, stop_ns: int) -> QImage:
    """Paint a gap that carried one part on and held ``held`` more when it stopped."""
    scale = _scale()
    parts = marks_of("part", [(1_000, 1), *((1_500 + at, at + 2) for at in range(held))])
    image = QImage(400, 100, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.background))
    with QPainter(image) as painter:
        limit = Limit(scale.x_of(stop_ns), is_stop=True, words=held_words("template"))
        joins = _joins(parts, marks_of("yield", [(1_000, 1)]), scale)
        paint_joins(PaintContext(painter, scale, LIGHT), _AREA, joins, "server", selected_bytes=None, limit=limit)
    return image


def _columns_with_ink(image: QImage) -> list[int]:
    plain = QColor(LIGHT.background)
    return [x for x in range(400) if any(image.pixelColor(x, y) != plain for y in range(100))]


@pytest.mark.parametrize("held", [1, 500])
@pytest.mark.parametrize("stop_ns", [3_000, 1_400])
def test_that_nothing_is_painted_left_of_what_is_held(qtbot: QtBot, held: int, stop_ns: int) -> None:
    """One held part is a dashed line, five hundred are painted without smoothing: neither leads to the left edge."""
    inked = _columns_with_ink(_painted(held, stop_ns))
    fall, first = 100, 150 - 5
    assert [x for x in inked if x < first] == [fall]
    last = max(150, stop_ns // 10)
    assert max(inked) > last + 10, "the words beside it"
    assert set(range(last - 3, last + 3)) <= set(inked)


def test_that_each_kind_of_gap_says_what_did_not_happen() -> None:
    words = [held_words(gap) for gap in ("template", "middleware.2", "server", "framing", "client")]
    assert words == ["not sent", "not sent", "not received", "chunk not finished", "not handed on"]
