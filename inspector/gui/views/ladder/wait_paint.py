"""Paints a gap in which lines can't be told apart: it hangs down as far as the items of each pixel column waited.

The median of a column is the inner colour, its longest wait the outer one. All gaps of a ladder have one scale, so that
the gap that holds is seen at once; what waits still has no inner colour, for nobody knows yet how long it will.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage

from inspector.analysis.formatting import duration_text
from inspector.gui.views.paint_context import PaintContext

from ..time_scale import tick_step
from .pixel_columns import ColumnValues
from .wait_columns import GapWaits, WaitScale, peaks_of

#: Lines of the scale are so many heights of its type apart.
_TICKS_APART_EM = 1.9
#: A peak that hangs down less is not named.
_LEAST_PEAK_PX = 8.0


def paint_waits(
    context: PaintContext,
    area: QRectF,
    waits: GapWaits,
    scale: WaitScale,
    side: str,
    *,
    is_accused: bool,
    held_words: str,
) -> None:
    """Paint the waits of one gap from its ceiling down, the lines of their scale, and how long the longest took.

    ``held_words`` say what became of what waited when the run ended, "" while it goes on.
    """
    broad = max(1, round(context.strokes.column))
    values = waits.values.widened(broad)
    medians = np.where(waits.held, np.float32(-1), values.medians).astype(np.float32)
    ticks = _ticks(context, area, scale)
    _paint_ticks(context, area, scale, ticks)
    _paint_columns(context, area, ColumnValues(medians, values.largest), scale, side)
    ground = context.theme.accused if is_accused else context.theme.background
    named = _name_peaks(context, area, waits, scale, ground)
    if held_words and waits.held.any():
        named.append(_say_held(context, area, waits, held_words, ground))
    _name_ticks(context, area, scale, ticks, ground=ground, taken=named)


def _paint_columns(context: PaintContext, area: QRectF, values: ColumnValues, scale: WaitScale, side: str) -> None:
    longest, median = (scale.depths(each, area.height()).astype(np.int16) for each in (values.largest, values.medians))
    # Most gaps hang down by little: no picture is higher than what it shows.
    rows = np.arange(max(1, int(longest.max(initial=0))), dtype=np.int16)[:, None]
    levels = (rows < longest).view(np.uint8) + (rows < median).view(np.uint8)
    inner, outer = context.theme.wait_colours(side)
    paint_levels(context, QPointF(context.scale.left, area.top()), levels, (outer, inner))


def _paint_ticks(context: PaintContext, area: QRectF, scale: WaitScale, ticks: Sequence[int]) -> None:
    """Draw the lines of the scale, dotted by a pattern: a dashed pen would cost a millisecond."""
    for tick_ns in ticks:
        line = QRectF(context.scale.left, round(area.top() + tick_ns * scale.px_per_ns), context.scale.width, 1)
        context.painter.fillRect(line, QBrush(QColor(context.theme.dim), Qt.BrushStyle.Dense4Pattern))


def paint_levels(context: PaintContext, corner: QPointF, levels: NDArray[np.uint8], colours: Sequence[QColor]) -> None:
    """Paint a picture of the numbers of colours, shape ``(height, width)``, a pixel on a logical one.

    0 is nothing, 1 the first of the colours, which are opaque.
    """
    shades = np.array([0, *(colour.rgba() for colour in colours)], dtype=np.uint32)
    pixels = np.ascontiguousarray(shades[levels])
    height, width = levels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    context.painter.drawImage(corner, image)


def _ticks(context: PaintContext, area: QRectF, scale: WaitScale) -> list[int]:
    """Return the round waits at which the scale has lines in a gap, nanoseconds."""
    full_ns = max(1, round(area.height() / scale.px_per_ns))
    step_ns = tick_step(full_ns, area.height(), _TICKS_APART_EM * context.small_height())
    return list(range(step_ns, round((area.height() - 1) / scale.px_per_ns), step_ns))


def _name_ticks(
    context: PaintContext, area: QRectF, scale: WaitScale, ticks: Sequence[int], *, ground: str, taken: Sequence[QRectF]
) -> None:
    """Write the waits of the scale at the right, above their lines, where there is room for them."""
    line_px = context.small_height()
    right = context.scale.left + context.scale.width
    for tick_ns in ticks:
        y = area.top() + tick_ns * scale.px_per_ns
        text = duration_text(tick_ns).replace(".0 ", " ")
        width = context.small_width(text) + 4
        place = QRectF(right - width, y - line_px, width, line_px)
        if place.top() > area.top() and not any(place.intersects(other) for other in taken):
            context.small_text(place.topRight(), text, context.theme.dim, ground, at_right=True)


def _name_peaks(context: PaintContext, area: QRectF, waits: GapWaits, scale: WaitScale, ground: str) -> list[QRectF]:
    """Write beside the outstanding peaks how long the longest wait was, off the columns; return where."""
    line_px, columns = context.small_height(), len(waits.values.largest)
    places: list[QRectF] = []
    if area.height() < line_px + 2:
        return places
    depths = scale.depths(waits.values.largest, area.height())
    for column in peaks_of(waits, _LEAST_PEAK_PX / scale.px_per_ns, round(6 * line_px)):
        text = duration_text(float(waits.certain[column]))
        width, off = round(context.small_width(text)) + 4, round(context.strokes.column) + 3
        sides = [at for at in (column + off, column - off - width) if at >= 0 and at + width <= columns]
        if not sides:
            continue
        beside = min(sides, key=lambda at: float(depths[at : at + width].max()))
        y = max(depths[column] - line_px, float(depths[beside : beside + width].max()))
        corner = QPointF(context.scale.left + beside, area.top() + min(max(0.0, y), area.height() - line_px))
        place = QRectF(corner.x(), corner.y(), width, line_px)
        if not any(place.intersects(other) for other in places):
            places.append(context.small_text(corner, text, context.theme.text, ground, bold=True))
    return places


def _say_held(context: PaintContext, area: QRectF, waits: GapWaits, words: str, ground: str) -> QRectF:
    """Write on the floor of the gap, below what waited when the run ended, what that means; return where."""
    last = int(np.flatnonzero(waits.held)[-1])
    right = context.scale.left + max(last, round(context.small_width(words)) + 4)
    corner = QPointF(right, max(area.top(), area.bottom() - context.small_height() - 1))
    return context.small_text(corner, words, context.theme.error, ground, at_right=True, bold=True)
