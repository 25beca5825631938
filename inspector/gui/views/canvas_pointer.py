"""What the mouse tells on a canvas: the time under it, a read-out of what lies there, and a span that was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from inspector.analysis.formatting import bytes_text, count_text

from ..models.selection import Selection, items_of_time
from .paint_context import PaintContext
from .pointer_paint import paint_card, paint_cursor, paint_pill, paint_span, paint_span_area
from .time_scale import instant_text

if TYPE_CHECKING:
    from .time_canvas import TimeCanvas


@dataclass(frozen=True, slots=True)
class Pointed:
    """What lies under the pointer: the lines of its read-out, and the items whose way is lit."""

    lines: tuple[str, ...]
    items: Selection | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A measured span: nanoseconds since the request, rising, and the layer whose items are counted."""

    start_ns: int
    stop_ns: int
    layer: str


class CanvasPointer:
    """The pointer over one canvas; what it points at is looked up when it is painted. GUI thread."""

    def __init__(self, canvas: TimeCanvas) -> None:
        self._canvas = canvas
        self.position: QPointF | None = None
        self.span: Span | None = None
        #: A span is being measured: the button is still down.
        self.is_measuring = False
        self._pointed: Pointed | None = None
        #: Keys step through items: the read-out stands beside the selected one.
        self._reads_selection = False

    @property
    def pointed(self) -> Pointed | None:
        """What lies under the pointer, None while it is elsewhere."""
        if self._pointed is None and self.position is not None:
            self._pointed = self._canvas.pointed_at(self.position)
        return self._pointed

    def move(self, position: QPointF | None) -> None:
        """Point at another place, or at none."""
        self.position = position
        if position is None:
            self._canvas.time_range.point_at(None)
        else:
            self._reads_selection = False
        self.look_again()

    def read_selection(self) -> None:
        """Let the read-out stand beside what keys have selected, until the pointer moves."""
        self._reads_selection = True
        self.position = None
        self._canvas.time_range.point_at(None)
        self.look_again()

    def look_again(self) -> None:
        """Take in that something else may lie under the pointer now."""
        self._pointed = None
        if self.position is not None:
            scale = self._canvas.scale()
            self._canvas.time_range.point_at(scale.t_ns(self.position.x()) - scale.origin_ns)
        self._canvas.update()

    def measure(self, from_x: float, to_x: float, layer: str) -> None:
        """Measure between two positions."""
        scale = self._canvas.scale()
        start_ns, stop_ns = sorted(scale.t_ns(x) - scale.origin_ns for x in (from_x, to_x))
        self.span, self.is_measuring = Span(start_ns, stop_ns, layer), True
        self._canvas.update()

    def forget_span(self) -> bool:
        """Show no measured span any more; return whether there was one."""
        had, self.span = self.span is not None, None
        self._canvas.update()
        return had

    def span_items(self) -> Selection | None:
        """Return the items within the measured span; None where there are none."""
        if self.span is None:
            return None
        snapshot = self._canvas.document.snapshot
        track, origin_ns = snapshot.tracks[self.span.layer], snapshot.origin_ns
        first, stop = items_of_time(track, origin_ns + self.span.start_ns, origin_ns + self.span.stop_ns)
        return Selection(self.span.layer, first, stop) if stop > first else None

    def span_text(self) -> str:
        """Return the measured span in words: ``Δ 48 ms · 5 parts · 320 B``; "" where none is."""
        if self.span is None:
            return ""
        items, size = self.span_items(), 0
        if items is not None:
            track = self._canvas.document.snapshot.tracks[items.layer]
            size = int(track.end[items.stop - 1]) - track.start(items.first)
        count = items.stop - items.first if items is not None else 0
        duration = instant_text(self.span.stop_ns - self.span.start_ns, self._canvas.scale())
        return f"Δ {duration} · {count_text(count, self.span.layer)} · {bytes_text(size)}"

    def paint_way_and_times(self, context: PaintContext) -> None:
        """Paint the measured span, the way of what is pointed at, and the time cursor."""
        canvas, scale = self._canvas, context.scale
        height = float(canvas.height())
        if self.span is not None:
            left, right = (scale.x_of(scale.origin_ns + t_ns) for t_ns in (self.span.start_ns, self.span.stop_ns))
            if self.is_measuring:
                paint_span_area(context, (left, right), canvas.ruler_height, height)
            paint_span(context, (left, right), self.span_text(), canvas.ruler_height, height)
        pointed = self.pointed
        if pointed is not None and pointed.items is not None:
            canvas.paint_way(context, pointed.items)
        at_ns = canvas.time_range.cursor_ns
        if at_ns is not None:
            x = scale.x_of(scale.origin_ns + at_ns)
            if paint_cursor(context, x, height):
                paint_pill(context, x, instant_text(at_ns, scale), canvas.ruler_height)

    def paint_readout(self, context: PaintContext) -> None:
        """Paint the card beside the pointer, or beside what keys have selected."""
        canvas, pointed = self._canvas, self.pointed
        if self.is_measuring:
            return
        bounds = QRectF(canvas.visibleRegion().boundingRect())
        if pointed is not None and self.position is not None:
            paint_card(context, pointed.lines, self.position, bounds)
        elif self._reads_selection and canvas.hasFocus() and canvas.document.selection is not None:
            paint_card(context, canvas.selected_readout(), canvas.place_of_selection(), bounds)
