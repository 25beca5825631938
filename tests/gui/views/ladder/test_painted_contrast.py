"""What the ladder paints can be seen: contrast measured from the pixels, on each ground, in both themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from inspector.analysis.metrics.gap_metrics import GapStatistics
from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.style.theme import DARK, LIGHT, Theme
from inspector.gui.views.ladder.join_paint import Limit, find_joins, paint_joins
from inspector.gui.views.ladder.lane_paint import LaneSizes, paint_lane, visible_items
from inspector.gui.views.ladder.wait_columns import WaitScale, waits_of
from inspector.gui.views.ladder.wait_paint import paint_waits
from inspector.gui.views.paint_context import PLAIN_STROKES, PRESENTED_STROKES, PaintContext, Strokes
from inspector.gui.views.time_scale import TimeScale
from tests.gui.contrast import contrast
from tests.sample_recording import marks_of

_BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
_GROUNDS = pytest.mark.parametrize("ground", ["background", "accused"])
_SIZE = (400, 100)
_SCALE = TimeScale(0, 0, 4_000, 0.0, float(_SIZE[0]))
_GRAPHICS = 3.0
_TEXT = 4.5


def _painted(
    theme: Theme, ground: str, paint: Callable[[PaintContext, QRectF], None], strokes: Strokes = PLAIN_STROKES
) -> QImage:
    image = QImage(*_SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(ground))
    with QPainter(image) as painter:
        paint(PaintContext(painter, _SCALE, theme, strokes), QRectF(0, 0, *_SIZE))
    return image


def _best_contrast(image: QImage, area: QRect) -> float:
    """Return the contrast of the pixel that stands out most from what most of an area is."""
    colours = [image.pixel(x, y) for x in range(area.left(), area.right()) for y in range(area.top(), area.bottom())]
    ground = QColor(Counter(colours).most_common(1)[0][0])
    return max(contrast(QColor(colour), ground) for colour in set(colours))


def _paint_gap(alignment: Alignment, selected: tuple[int, int] | None = None) -> Callable[[PaintContext, QRectF], None]:
    def paint(context: PaintContext, area: QRectF) -> None:
        joins = find_joins(alignment, *(visible_items(side, _SCALE) for side in (alignment.earlier, alignment.later)))
        paint_joins(context, area, joins, alignment.earlier.layer.side, selected_bytes=selected, limit=Limit(400.0))

    return paint


_FUNNELS = {
    "server": Alignment(marks_of("part", [(500 * at, at + 1) for at in range(6)]), marks_of("yield", [(3_900, 6)])),
    "client": Alignment(marks_of("chunk", [(500 * at, at + 1) for at in range(6)]), marks_of("piece", [(3_900, 6)])),
}


@_BOTH
@_GROUNDS
@pytest.mark.parametrize("side", ["server", "client"])
def test_that_single_lines_are_seen_on_the_fill_of_their_funnel(
    qapp: QApplication, theme: Theme, ground: str, side: str
) -> None:
    image = _painted(theme, getattr(theme, ground), _paint_gap(_FUNNELS[side]))
    inside = QRect(200, 20, 60, 20)
    assert _best_contrast(image, inside) >= _GRAPHICS


@_BOTH
@_GROUNDS
def test_that_lines_that_fall_straight_down_are_seen(qapp: QApplication, theme: Theme, ground: str) -> None:
    times = [(1_000, 10), (2_000, 20)]
    image = _painted(
        theme, getattr(theme, ground), _paint_gap(Alignment(marks_of("part", times), marks_of("yield", times)))
    )
    assert _best_contrast(image, QRect(90, 10, 20, 80)) >= _GRAPHICS


@_BOTH
def test_that_the_way_of_a_selection_is_brighter_than_other_lines(qapp: QApplication, theme: Theme) -> None:
    lit = _painted(theme, theme.background, _paint_gap(_FUNNELS["server"], selected=(0, 6)))
    plain = _painted(theme, theme.background, _paint_gap(_FUNNELS["server"]))
    inside = QRect(200, 20, 60, 20)
    assert _best_contrast(lit, inside) > 1.4 * _best_contrast(plain, inside)


@_BOTH
@_GROUNDS
@pytest.mark.parametrize("side", ["server", "client"])
def test_that_both_bands_of_waits_are_seen_and_told_apart(
    qapp: QApplication, theme: Theme, ground: str, side: str
) -> None:
    earlier, later = ("part", "yield") if side == "server" else ("chunk", "piece")
    number = np.arange(3_000)
    left_ns = np.where(number < 1_506, number + 300, np.maximum(number + 300, 2_406))
    alignment = Alignment(
        marks_of(earlier, [(int(at), int(at) + 1) for at in number]),
        marks_of(later, [(int(t_ns), int(at) + 1) for at, t_ns in zip(number, left_ns, strict=True)]),
    )
    statistics = GapStatistics()
    statistics.update(alignment)
    seen = visible_items(alignment.earlier, _SCALE)
    waits = waits_of(alignment, seen.at_edges, statistics.delay_blocks.blocks, 4_000)
    scale = WaitScale(0.05)

    def paint(context: PaintContext, area: QRectF) -> None:
        paint_waits(context, area, waits, scale, side, is_accused=ground == "accused", held_words="")

    image = _painted(theme, getattr(theme, ground), paint)
    shown = {QColor(image.pixel(150, y)).name() for y in range(_SIZE[1])} - {QColor(getattr(theme, ground)).name()}
    shown.discard(theme.dim)  # a line of the scale
    assert shown == {colour.name() for colour in theme.wait_colours(side)}
    assert all(contrast(QColor(colour), QColor(getattr(theme, ground))) >= _GRAPHICS for colour in shown)
    assert contrast(*map(QColor, shown)) >= 2


@_BOTH
@pytest.mark.parametrize("layer", ["part", "chunk"])
@pytest.mark.parametrize("count", [20, 1_000])
@pytest.mark.parametrize("strokes", [PLAIN_STROKES, PRESENTED_STROKES])
def test_that_marks_are_seen_on_their_lane_and_selected_ones_more(
    qapp: QApplication, theme: Theme, layer: str, count: int, strokes: Strokes
) -> None:
    track = marks_of(layer, [(at * 4_000 // count, 40 * (at + 1)) for at in range(count)])
    seen = visible_items(track, _SCALE)
    sizes = LaneSizes.seen(track, seen)

    def painted(selected: tuple[int, int] | None) -> QImage:
        return _painted(
            theme,
            theme.lane_colour(track.layer.side).name(),
            lambda context, area: paint_lane(context, area, track, seen, sizes, selected=selected),
            strokes,
        )

    lane = theme.lane_colour(track.layer.side)

    def best(image: QImage) -> float:
        return max(contrast(QColor(image.pixel(x, 90)), lane) for x in range(_SIZE[0]))

    assert best(painted(None)) >= _GRAPHICS
    assert best(painted((count // 2, count // 2 + 1))) > 1.5 * best(painted(None))


@_BOTH
def test_that_only_columns_with_selected_items_are_lit(qapp: QApplication, theme: Theme) -> None:
    bursts = [(1_000 * burst + at, 1) for burst in range(4) for at in range(400)]
    track = marks_of("part", [(t_ns, at + 1) for at, (t_ns, _) in enumerate(bursts)])
    seen = visible_items(track, _SCALE)
    image = _painted(
        theme,
        theme.server_lane,
        lambda context, area: paint_lane(
            context, area, track, seen, LaneSizes.seen(track, seen), selected=(400, 1_200)
        ),
    )
    lit = {x for x in range(_SIZE[0]) if QColor(image.pixel(x, 96)) == QColor(theme.lit)}
    assert {105, 135, 205, 235} <= lit
    assert not lit & {50, 170, 305}


@_BOTH
@pytest.mark.parametrize("ground", ["background", "accused", "server_lane", "client_lane"])
def test_that_small_numbers_in_the_picture_can_be_read(qapp: QApplication, theme: Theme, ground: str) -> None:
    def paint(context: PaintContext, _area: QRectF) -> None:
        context.small_text(QPointF(10, 10), "HIIIH 100 ms", theme.dim, getattr(theme, ground))

    assert _best_contrast(_painted(theme, getattr(theme, ground), paint), QRect(5, 5, 120, 30)) >= _TEXT
