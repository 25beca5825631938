"""The playhead of a replay: a line through the picture with its time in the ruler, and a hand that drags it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from ..models.document import Document
from .paint_context import PaintContext
from .time_scale import TimeScale, format_time

_SHADES = 1_000
#: A line is taken hold of from so far away.
_REACH_PX = 5.0


def moment_text(moment_ns: int, length_ns: int) -> str:
    """Return a moment of a run with as many decimals at every moment of it: ``640 ms``, ``1.940 s``."""
    step_ns = 1
    while step_ns * _SHADES * 10 <= length_ns:
        step_ns *= 10
    return format_time(round(moment_ns / step_ns) * step_ns, step_ns)


def length_of(document: Document) -> int:
    """Return how long the run of a document is as far as it was taken over, nanoseconds since its request."""
    return document.whole.last_ns - document.whole.origin_ns


def moment_at(document: Document, scale: TimeScale, x: float) -> int | None:
    """Return the moment of the run at a place, within the run; None where there is no run yet."""
    length_ns = length_of(document)
    return max(0, min(scale.t_ns(x) - scale.origin_ns, length_ns)) if length_ns > 0 else None


def is_at_playhead(document: Document, scale: TimeScale, x: float) -> bool:
    """Return whether a place is near enough to the playhead to take hold of it."""
    moment_ns = document.moment_ns
    return moment_ns is not None and abs(scale.x_of(scale.origin_ns + moment_ns) - x) <= _REACH_PX


def paint_playhead(context: PaintContext, document: Document, ruler_height: float, height: float) -> None:
    """Paint the line, and in the ruler a pill with the time, where the moment shown is in sight."""
    moment_ns, length_ns = document.moment_ns, length_of(document)
    if moment_ns is None or length_ns <= 0:
        return
    scale, painter = context.scale, context.painter
    x = round(scale.x_of(scale.origin_ns + moment_ns))
    if not scale.left - 1 <= x <= scale.left + scale.width + 1:
        return
    colour = QColor(context.theme.selection)
    painter.setPen(QPen(colour, context.strokes.line + 1))
    painter.drawLine(QPointF(x, ruler_height - 2), QPointF(x, height))
    text = moment_text(moment_ns, length_ns)
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(text) + metrics.height()
    left = max(0.0, min(x - width / 2, scale.left + scale.width - width))
    pill = QRectF(left, 1, width, ruler_height - 3)
    context.clear_labels(pill)
    painter.setRenderHint(painter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setRenderHint(painter.RenderHint.Antialiasing, on=False)
    context.text(pill, text, context.theme.selection_text, Qt.AlignmentFlag.AlignHCenter)
