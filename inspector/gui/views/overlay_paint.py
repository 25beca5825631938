"""Paints other runs into the staircase, each as one line of bytes that its client had over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPen, QPolygonF

from inspector.gui.models.overlay_runs import OverlayRun

from .paint_context import PaintContext

#: Okabe and Ito's colours that the layers do not use, told apart in three kinds of colour blindness; dark and light.
_COLOURS = {
    "light": ("#8B3F7F", "#00695C", "#7A5C00", "#5B4FC0", "#A03A00", "#3F5B00"),
    "dark": ("#CC79A7", "#2BC49A", "#F0E442", "#A9A2FF", "#FF9E6B", "#B7D968"),
}
_DASHES = ([5.0, 2.0], [1.5, 2.0], [8.0, 3.0], [5.0, 2.0, 1.5, 2.0], [3.0, 3.0], [10.0, 2.0])
_KEY_PX = 24


def paint_overlays(context: PaintContext, overlays: Sequence[OverlayRun], y_of: Callable[[float], float]) -> None:
    """Draw every run's line and, at the top left, its title and what its line is; two points a pixel column at most."""
    line = context.painter.fontMetrics().height() + 2
    for at, overlay in enumerate(overlays):
        colours = _COLOURS[context.theme.name]
        pen = QPen(QColor(colours[overlay.number % len(colours)]), 1.8)
        pen.setDashPattern(_DASHES[overlay.number % len(_DASHES)])
        context.painter.setPen(pen)
        context.painter.setRenderHint(context.painter.RenderHint.Antialiasing, True)
        context.painter.drawPolyline(QPolygonF(_outline(context, overlay, y_of)))
        context.painter.setRenderHint(context.painter.RenderHint.Antialiasing, False)
        top, left = 2.0 * line + at * line, context.scale.left + 5.0 * line
        words = f"{overlay.title} · bytes in reads"
        width = context.painter.fontMetrics().horizontalAdvance(words) + 8
        context.fill(QRectF(left - 4, top, _KEY_PX + width + 4, line), context.theme.background)
        context.painter.setPen(pen)
        context.painter.drawLine(QPointF(left, top + line / 2), QPointF(left + _KEY_PX - 4, top + line / 2))
        context.text(QRectF(left + _KEY_PX, top, width, line), words, context.theme.text)


def _outline(context: PaintContext, overlay: OverlayRun, y_of: Callable[[float], float]) -> list[QPointF]:
    shift_ns = overlay.origin_ns - context.scale.origin_ns
    last_ns = int(overlay.reads.t_ns[-1]) - shift_ns
    edges = context.scale.edges_ns()
    edges = edges[edges <= max(last_ns, int(edges[0]))]
    passed = overlay.reads.first_at_or_after(edges + shift_ns)
    ends = overlay.reads.column("content_end")
    values = np.where(passed > 0, ends[np.maximum(passed - 1, 0)], 0)
    points: list[QPointF] = []
    before = None
    for column, value in enumerate(values.tolist()):
        if value == before:
            continue
        x = context.scale.left + column
        if before is not None:
            points.append(QPointF(x, y_of(before)))
        points.append(QPointF(x, y_of(value)))
        before = value
    if before is not None:
        x = min(context.scale.x_of(last_ns), context.scale.left + context.scale.width)
        points.append(QPointF(x, y_of(before)))
        if x == context.scale.x_of(last_ns):
            points.append(QPointF(x, y_of(int(ends[-1]))))
    return points
