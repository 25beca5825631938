"""The overview: the whole run in one strip, with a brush for the visible time range."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from inspector.analysis.formatting import duration_text
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.recording.track import Track

from ..models.document import Document
from ..models.time_range import TimeRange
from .ladder.lane_paint import LaneSizes, paint_lane, visible_items
from .paint_context import PaintContext
from .playhead import is_at_playhead, moment_at
from .time_canvas import LEFT_MARGIN_PX, RIGHT_MARGIN_PX
from .time_scale import TimeScale

_EDGE_PX = 6


class Overview(QWidget):
    """Drag inside the brush moves it, drag its edges changes it, drag elsewhere draws a new one. GUI thread.

    The playhead of a replay is dragged before all others. The strip shows the whole run also at a moment of a replay.
    """

    #: A hand dragged the playhead; carries nanoseconds since the request.
    scrubbed = Signal(object)

    def __init__(self, document: Document, time_range: TimeRange, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("overview")
        self.setAccessibleName("Overview of the whole run")
        self.setToolTip("The whole run. Drag to choose what the ladder shows; double click shows all.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._document = document
        #: Run B, while it is compared with the one of the window.
        self._beside: Document | None = None
        self._lanes: tuple[object, QPixmap] | None = None
        self._time_range = time_range
        self._theme = theme
        self._drag: tuple[str, float, int, int] | None = None
        document.was_reset.connect(self.update)
        document.grew.connect(lambda _changed: self.update())
        document.selection_changed.connect(self.update)
        document.moment_changed.connect(self.update)
        time_range.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 14)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def show_beside(self, other: Document | None) -> None:
        """Show another run in the lower half of the strip, or (None) the one of the window alone."""
        self._beside = other
        self.update()

    def _scale(self) -> TimeScale:
        width = max(1.0, float(self.width() - LEFT_MARGIN_PX - RIGHT_MARGIN_PX))
        whole = max(self._time_range.whole_ns, 1)
        margin = whole // 50
        return TimeScale(self._document.whole.origin_ns, -margin, whole + 2 * margin, LEFT_MARGIN_PX, width)

    def time_at(self, x: float) -> int:
        """Return the time at a position, nanoseconds since the request was sent."""
        scale = self._scale()
        return scale.t_ns(x) - scale.origin_ns

    def _brush(self) -> tuple[float, float]:
        scale, origin = self._scale(), self._document.whole.origin_ns
        left = max(scale.left, scale.x_of(origin + self._time_range.start_ns))
        right = min(scale.left + scale.width, scale.x_of(origin + self._time_range.stop_ns))
        return left, max(right, left + 2)

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            context = PaintContext(painter, self._scale(), self._theme)
            area = QRectF(self.rect())
            context.fill(area, self._theme.panel)
            painter.drawPixmap(0, 0, self._painted_lanes())
            left, right = self._brush()
            outside = QColor(self._theme.panel)
            outside.setAlpha(170)
            context.fill(QRectF(0, 0, left, self.height()), outside)
            context.fill(QRectF(right, 0, self.width() - right, self.height()), outside)
            painter.setPen(QPen(QColor(self._theme.selection), 1.5 if self.hasFocus() else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(left, 1, right - left - 1, self.height() - 3))
            if (moment_ns := self._document.moment_ns) is not None:
                x = round(context.scale.x_of(context.scale.origin_ns + moment_ns))
                painter.setPen(QPen(QColor(self._theme.selection), 2))
                painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
                painter.setBrush(QColor(self._theme.selection))
                painter.drawEllipse(QPointF(x, 4), 3, 3)

    def _painted_lanes(self) -> QPixmap:
        """Return the lanes of the runs, painted anew only where they have grown: a playhead moves with every frame."""
        tracks = [_received(document) for document in (self._document, self._beside) if document is not None]
        tracks = [each for each in tracks if len(each[0])] or tracks[:1]
        ratio, scale = self.devicePixelRatioF(), self._scale()
        key = (*((track.layer.name, len(track), origin_ns) for track, origin_ns in tracks), scale, self.height(), ratio,
               self._theme.name)  # fmt: skip
        if self._lanes is None or self._lanes[0] != key:
            drawn = QPixmap(self.size() * ratio)
            drawn.setDevicePixelRatio(ratio)
            drawn.fill(QColor(self._theme.panel))
            height = (self.height() - 4) / len(tracks)
            with QPainter(drawn) as painter:
                for at, (track, origin_ns) in enumerate(tracks):
                    context = PaintContext(painter, replace(scale, origin_ns=origin_ns), self._theme)
                    seen = visible_items(track, context.scale)
                    strip = QRectF(scale.left, 2 + at * height, self.width() - scale.left, height)
                    paint_lane(context, strip, track, seen, LaneSizes.seen(track, seen))
            self._lanes = key, drawn
        return self._lanes[1]

    # Mouse and keys

    def _part_at(self, x: float) -> str:
        if is_at_playhead(self._document, self._scale(), x):
            return "playhead"
        left, right = self._brush()
        if abs(x - left) <= _EDGE_PX:
            return "left"
        if abs(x - right) <= _EDGE_PX:
            return "right"
        covers_all = right - left >= self._scale().width - 2
        return "inside" if left < x < right and not covers_all else "outside"

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            x = event.position().x()
            self._drag = (self._part_at(x), x, self._time_range.start_ns, self._time_range.stop_ns)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._drag is None:
            edge = self._part_at(x) in ("left", "right", "playhead")
            self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.ArrowCursor)
            return
        part, pressed_x, start_ns, stop_ns = self._drag
        scale = self._scale()
        at_ns, pressed_ns = scale.t_ns(x) - scale.origin_ns, scale.t_ns(pressed_x) - scale.origin_ns
        if part == "playhead":
            self.scrubbed.emit(moment_at(self._document, scale, x))
        elif part == "inside":
            self._time_range.show(start_ns + at_ns - pressed_ns, stop_ns + at_ns - pressed_ns)
        elif part == "left":
            self._time_range.show(min(at_ns, stop_ns), stop_ns)
        elif part == "right":
            self._time_range.show(start_ns, max(at_ns, start_ns))
        elif abs(x - pressed_x) > 3:
            self._time_range.show(min(at_ns, pressed_ns), max(at_ns, pressed_ns))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and self._drag[0] == "outside" and abs(event.position().x() - self._drag[1]) <= 3:
            scale = self._scale()
            at_ns, half = scale.t_ns(event.position().x()) - scale.origin_ns, self._time_range.span_ns // 2
            self._time_range.show(at_ns - half, at_ns + half)
        self._drag = None

    @override
    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._time_range.fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the brush, plus and minus change it, Home shows all."""
        middle_ns = (self._time_range.start_ns + self._time_range.stop_ns) / 2
        keys = {
            Qt.Key.Key_Left: lambda: self._time_range.pan(-0.2),
            Qt.Key.Key_Right: lambda: self._time_range.pan(0.2),
            Qt.Key.Key_Up: lambda: self._time_range.zoom(0.8, middle_ns),
            Qt.Key.Key_Down: lambda: self._time_range.zoom(1.25, middle_ns),
            Qt.Key.Key_Home: self._time_range.fit,
        }
        action = keys.get(Qt.Key(event.key()))
        if action is None:
            super().keyPressEvent(event)
            return
        action()
        self.setAccessibleDescription(f"Shows {duration_text(self._time_range.span_ns)}")


def _received(document: Document) -> tuple[Track, int]:
    """Return the chunks of a whole run, its reads where it has no chunks, and the origin of its times."""
    tracks = document.whole.tracks
    return tracks["chunk" if len(tracks["chunk"]) else "read"], document.whole.origin_ns
