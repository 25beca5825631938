"""The height of a mark means bytes, on one scale for the whole run: the same item is as high at every zoom."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from inspector.analysis.metrics.layer_statistics import LayerStatistics
from inspector.gui.style.theme import LIGHT
from inspector.gui.views.ladder.lane_paint import (
    LaneSizes,
    are_drawn_one_by_one,
    are_lines_told_apart,
    are_told_apart,
    paint_lane,
    visible_items,
)
from inspector.gui.views.paint_context import PaintContext
from inspector.gui.views.time_scale import TimeScale
from inspector.recording.track import Track
from tests.sample_recording import marks_of

_WIDTH, _HEIGHT = 600, 60
_COUNT = 20_000
_BIG = 10_000


def _track() -> tuple[Track, LaneSizes]:
    """Return chunks of 50 bytes, a microsecond apart, one of 5,000 among them, and their sizes as they are analysed."""
    sizes = np.full(_COUNT, 50)
    sizes[_BIG] = 5_000
    track = marks_of("chunk", [(1_000 * at, int(end)) for at, end in enumerate(np.cumsum(sizes))])
    statistics = LayerStatistics()
    statistics.update(track)
    return track, LaneSizes.of((statistics.size_blocks.blocks, statistics.sizes_bytes.largest))


def _height_at(track: Track, sizes: LaneSizes, scale: TimeScale, item: int) -> int:
    """Return how many pixels high the mark of an item is."""
    image = QImage(_WIDTH, _HEIGHT, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.client_lane))
    with QPainter(image) as painter:
        area = QRectF(0, 0, _WIDTH, _HEIGHT)
        paint_lane(PaintContext(painter, scale, LIGHT), area, track, visible_items(track, scale), sizes)
    x = round(scale.x_of(int(track.t_ns[item])))
    ground = QColor(LIGHT.client_lane)
    return max(sum(QColor(image.pixel(column, y)) != ground for y in range(_HEIGHT)) for column in range(x - 2, x + 3))


def test_that_a_mark_is_as_high_at_every_zoom(qapp: QApplication) -> None:
    track, sizes = _track()
    middle = 1_000 * _BIG
    spans = (1_000 * _COUNT, 2_000_000, 100_000, 20_000)
    heights: dict[str, set[int]] = {"big": set(), "small": set()}
    for span in spans:
        scale = TimeScale(0, middle - span // 2, span, 0.0, float(_WIDTH))
        heights["big"].add(_height_at(track, sizes, scale, _BIG))
        heights["small"].add(_height_at(track, sizes, scale, _BIG - 7))
    assert max(heights["big"]) - min(heights["big"]) <= 2
    assert min(heights["small"]) >= 10
    # Next to the big one its columns are as high as it is, so the small ones are seen from afar only.
    assert min(heights["big"]) > 1.4 * min(heights["small"])


def test_that_full_height_is_the_same_at_every_zoom_and_holds_the_largest_item() -> None:
    _, sizes = _track()
    assert sizes.top_bytes == 10_000


@pytest.mark.parametrize(("span", "told_apart"), [(1_000 * _COUNT, False), (100_000, True)])
def test_that_zooming_in_turns_waits_into_lines(span: int, told_apart: bool) -> None:
    track, _ = _track()
    seen = visible_items(track, scale := TimeScale(0, 0, span, 0.0, float(_WIDTH)))
    assert are_lines_told_apart(seen, seen, scale, 3.0) is told_apart


def test_that_bursts_are_drawn_as_lines_however_many_items_they_have() -> None:
    parts = marks_of("part", [(50_000 * burst + at, 100 * burst + at + 1) for burst in range(20) for at in range(100)])
    scale = TimeScale(0, 0, 1_000_000, 0.0, float(_WIDTH))
    seen = visible_items(parts, scale)
    assert not are_drawn_one_by_one(seen, scale)
    assert are_told_apart(seen, scale)
    assert seen.near(16.0, 3.0) == (0, 0)
    assert seen.near(31.0, 3.0) == (100, 200), "the burst at 30 px"


def test_that_what_is_empty_beside_a_run_is_no_room_for_its_items() -> None:
    track, _ = _track()
    for share in (2, 5, 10):
        scale = TimeScale(0, 0, share * 1_000 * _COUNT, 0.0, float(_WIDTH))
        seen = visible_items(track, scale)
        assert not are_lines_told_apart(seen, seen, scale, 3.0), "a block says nothing about waits"


def test_that_a_flood_into_few_items_is_drawn_as_funnels() -> None:
    track, _ = _track()
    scale = TimeScale(0, 0, 1_000 * _COUNT, 0.0, float(_WIDTH))
    few = marks_of("piece", [(1_000_000 * (at + 1), 50_000 * (at + 1)) for at in range(20)])
    assert are_lines_told_apart(visible_items(track, scale), visible_items(few, scale), scale, 3.0)
