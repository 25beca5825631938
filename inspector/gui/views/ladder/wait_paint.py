"""Paints a gap in which lines can't be told apart: it hangs down as far as the items of each pixel column waited.

The median of a column is the inner colour, its longest wait the outer one. All gaps of a ladder have one scale, so that
the gap that holds is seen at once; what waits still has no inner colour, for nobody knows yet how long it will.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPen

from inspector.analysis.formatting import duration_text
from inspector.gui.views.paint_context import PaintContext

from ..time_scale import tick_step
from .pixel_columns import ColumnValues, Float32Array
from .wait_columns import GapWaits, WaitScale, peaks_of

#: Lines of the scale are so many heights of its type apart.
_TICKS_APART_EM = 1.9
#: A peak that hangs down less is not named.
_LEAST_PEAK_PX = 8.0


def paint_waits(
    context: PaintContext, area: QRectF, waits: GapWaits, scale: WaitScale, side: str, *, is_accused: bool
) -> None:
    """Paint the waits of one gap from its ceiling down, the lines of their scale, and how long the longest took."""
    broad = max(1, round(context.strokes.column))
    values = waits.values.widened(broad)
    medians = np.where(waits.held, np.float32(-1), values.medians).astype(np.float32)
    _paint_columns(context, area, ColumnValues(medians, values.largest), scale, side)
    ground = context.theme.accused if is_accused else context.theme.background
    _paint_scale(context, area, scale, ground)
    _name_peaks(context, area, waits, scale, ground)


def _paint_columns(context: PaintContext, area: QRectF, values: ColumnValues, scale: WaitScale, side: str) -> None:
    height = max(1, int(area.height()))
    inner, outer = (np.uint32(colour.rgba()) for colour in context.theme.wait_colours(side))
    rows = np.arange(height)[:, None]
    pixels = np.where(rows < scale.depths(values.largest, height)[None, :], outer, np.uint32(0))
    pixels = np.where(rows < scale.depths(values.medians, height)[None, :], inner, pixels)
    paint_pixels(context, QPointF(context.scale.left, area.top()), pixels)


def paint_pixels(
    context: PaintContext, corner: QPointF, pixels: np.ndarray[tuple[int, int], np.dtype[np.uint32]]
) -> None:
    """Paint a picture of ``0xAARRGGBB``, shape ``(height, width)``, a pixel of it on a logical one."""
    pixels = np.ascontiguousarray(pixels, dtype=np.uint32)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32)
    context.painter.drawImage(corner, image)


def _paint_scale(context: PaintContext, area: QRectF, scale: WaitScale, ground: str) -> None:
    """Draw dashed lines at round waits, and write these at the right where the gap is high enough."""
    line_px = context.small_height()
    full_ns = area.height() / scale.px_per_ns
    step_ns = tick_step(max(1, round(full_ns)), area.height(), _TICKS_APART_EM * line_px)
    right = context.scale.left + context.scale.width
    for tick in range(1, 20):
        y = area.top() + tick * step_ns * scale.px_per_ns
        if y > area.bottom() - 1:
            break
        faint = QColor(context.theme.dim)
        faint.setAlpha(150)
        pen = QPen(faint, 1)
        pen.setDashPattern([4.0, 4.0])
        context.painter.setPen(pen)
        context.painter.drawLine(QPointF(context.scale.left, y), QPointF(right, y))
        if y - line_px > area.top():
            text = duration_text(tick * step_ns).replace(".0 ", " ")
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
