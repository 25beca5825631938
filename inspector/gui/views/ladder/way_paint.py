"""Lights the way of what is pointed at: its lines in the gaps and its marks in the lanes, over the content."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.gui.views.paint_context import PaintContext
from inspector.recording.track import Track

from .join_paint import clipped

_BEYOND_PX = 40.0
#: From a mark to the frame around it; frames that would touch are one.
_FRAME_PX = 3.0
#: Of more items than this their outermost ones tell where the frames are.
_MOST_MARKS = 4_000


def paint_lit_lines(context: PaintContext, lines: NDArray[np.float64]) -> None:
    """Draw lines in the colour of the text, with an edge that keeps them apart from all that lies below.

    Those that would cover each other are drawn once.
    """
    left, right = context.scale.left - _BEYOND_PX, context.scale.left + context.scale.width + _BEYOND_PX
    halves = np.unique(np.round(clipped(lines, left, right) * 2) / 2, axis=0)
    seen = [QLineF(*line) for line in halves.tolist()]
    painter, width = context.painter, context.strokes.line
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for colour, extra in ((context.theme.background, 3.0), (context.theme.text, 0.5)):
        painter.setPen(QPen(QColor(colour), width + extra))
        painter.drawLines(seen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_lit_marks(context: PaintContext, area: QRectF, track: Track, items: tuple[int, int]) -> None:
    """Frame the marks of items, those that stand side by side together."""
    first, stop = items[0], min(items[1], len(track))
    if stop <= first:
        return
    at = np.arange(first, stop) if stop - first <= _MOST_MARKS else np.linspace(first, stop - 1, _MOST_MARKS)
    xs = context.scale.x(track.t_ns[at.astype(np.int64)])
    left, right = context.scale.left - _BEYOND_PX, context.scale.left + context.scale.width + _BEYOND_PX
    xs = xs[(xs >= left) & (xs <= right)]
    if not len(xs):
        return
    half = context.strokes.bar / 2 + _FRAME_PX
    starts = np.flatnonzero(np.diff(xs, prepend=-np.inf) > 2 * half)
    stops = np.append(starts[1:], len(xs)) - 1
    context.painter.setBrush(Qt.BrushStyle.NoBrush)
    context.painter.setPen(QPen(QColor(context.theme.text), 1))
    for begin, end in zip(xs[starts].tolist(), xs[stops].tolist(), strict=True):
        box = QRectF(begin - half, area.top() + 0.5, end - begin + 2 * half, area.height() - 1.5)
        context.painter.drawRect(QRectF(round(box.left()) + 0.5, box.top(), round(box.width()), box.height()))
