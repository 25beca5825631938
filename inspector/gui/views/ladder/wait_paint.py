"""Paints a gap in which lines can't be told apart: it hangs down as far as the items of each pixel column waited.

The median of a column is the inner colour, its longest wait the outer one. All gaps of a ladder have one scale, so that
the gap that holds is seen at once; what waits still has no inner colour, for nobody knows yet how long it will.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage

from inspector.analysis.formatting import duration_text
from inspector.gui.views.paint_context import PaintContext

from ..time_scale import tick_step
from .pixel_columns import ColumnValues, Float32Array
from .wait_columns import GapWaits, WaitScale, peaks_of

#: Lines of the scale are so many heights of its type apart.
_TICKS_APART_EM = 1.9
#: A peak that hangs down less is not named.
_LEAST_PEAK_PX = 8.0
_DASH_PX = 4


def paint_waits(
    context: PaintContext, area: QRectF, waits: GapWaits, scale: WaitScale, side: str, *, is_accused: bool
) -> None:
    """Paint the waits of one gap from its ceiling down, the lines of their scale, and how long the longest took."""
    broad = max(1, round(context.strokes.column))
    values = waits.values.widened(broad)
    medians = np.where(waits.held, np.float32(-1), values.medians).astype(np.float32)
    ticks = _ticks(context, area, scale)
    _paint_columns(context, area, ColumnValues(medians, values.largest), scale, side=side, ticks=ticks)
    ground = context.theme.accused if is_accused else context.theme.background
    _name_ticks(context, area, scale, ground, ticks)
    _name_peaks(context, area, waits, scale, ground)


def _paint_columns(
    context: PaintContext, area: QRectF, values: ColumnValues, scale: WaitScale, *, side: str, ticks: Sequence[int]
) -> None:
    """Paint the columns, and the lines of their scale over them: dashes in the picture cost nothing."""
    height = max(1, int(area.height()))
    inner, outer = context.theme.wait_colours(side)
    rows = np.arange(height, dtype=np.int16)[:, None]
    longest, median = (scale.depths(each, height).astype(np.int16) for each in (values.largest, values.medians))
    levels = (rows < longest).view(np.uint8) + (rows < median).view(np.uint8)
    dashes = np.arange(levels.shape[1]) % (2 * _DASH_PX) < _DASH_PX
    for tick_ns in ticks:
        line = levels[min(height - 1, round(tick_ns * scale.px_per_ns))]
        line[dashes & (line == 0)] = 3
    paint_levels(context, QPointF(context.scale.left, area.top()), levels, (outer, inner, QColor(context.theme.dim)))


def paint_levels(context: PaintContext, corner: QPointF, levels: NDArray[np.uint8], colours: Sequence[QColor]) -> None:
    """Paint a picture of the numbers of colours, shape ``(height, width)``, a pixel on a logical one; 0 is nothing."""
    levels = np.ascontiguousarray(levels)
    height, width = levels.shape[:2]
    image = QImage(levels.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable([0, *(colour.rgba() for colour in colours)])
    context.painter.drawImage(corner, image)


def _ticks(context: PaintContext, area: QRectF, scale: WaitScale) -> list[int]:
    """Return the round waits at which the scale has lines in a gap, nanoseconds."""
    full_ns = max(1, round(area.height() / scale.px_per_ns))
    step_ns = tick_step(full_ns, area.height(), _TICKS_APART_EM * context.small_height())
    return list(range(step_ns, round((area.height() - 1) / scale.px_per_ns), step_ns))


def _name_ticks(context: PaintContext, area: QRectF, scale: WaitScale, ground: str, ticks: Sequence[int]) -> None:
    """Write the waits of the scale at the right, above their lines, where the gap is high enough."""
    line_px = context.small_height()
    right = context.scale.left + context.scale.width
    for tick_ns in ticks:
        y = area.top() + tick_ns * scale.px_per_ns
        if y - line_px > area.top():
            text = duration_text(tick_ns).replace(".0 ", " ")
            context.small_text(QPointF(right, y - line_px), text, context.theme.dim, ground, at_right=True)


def _name_peaks(context: PaintContext, area: QRectF, waits: GapWaits, scale: WaitScale, ground: str) -> None:
    """Write beside the outstanding peaks how long the longest wait was."""
    line_px = context.small_height()
    if area.height() < line_px + 2:
        return
    right = context.scale.left + context.scale.width
    apart = round(6 * line_px)
    largest: Float32Array = waits.values.largest
    for column in peaks_of(waits, _LEAST_PEAK_PX / scale.px_per_ns, apart):
        text = duration_text(float(largest[column]))
        depth = float(scale.depths(largest[column : column + 1], area.height())[0])
        y = min(area.top() + depth - line_px, area.bottom() - line_px)
        x = context.scale.left + column + context.strokes.column + 4
        at_right = x + context.small_width(text) > right
        corner = QPointF(x - context.strokes.column - 8 if at_right else x, max(area.top(), y))
        context.small_text(corner, text, context.theme.text, ground, at_right=at_right, bold=True)
