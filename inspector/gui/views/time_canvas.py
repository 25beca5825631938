"""Base class of ladder and staircase: a horizontal time axis with zoom, pan, brush and keyboard steps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from ..models.document import Document
from ..models.navigation import next_long_gap, step_layer, step_selection
from ..models.selection import Selection
from ..models.time_range import TimeRange
from .canvas_pointer import CanvasPointer, Pointed
from .paint_context import PLAIN_STROKES, PRESENTED_STROKES, PaintContext
from .playhead import moment_at, paint_playhead
from .time_scale import TimeScale

_WHEEL_STEP = 120
_ZOOM_PER_STEP = 0.8
LEFT_MARGIN_PX = 24
RIGHT_MARGIN_PX = 12


class TimeCanvas(QWidget):
    """Base of the ladder's and the staircase's canvas.

    Wheel zooms at the pointer, Shift+wheel and dragging pan, Shift+dragging measures a span and selects the items in
    it, a click selects, a double click fits all. Dragging in the ruler looks back. Keys: see `keyPressEvent`.

    The content is painted once and kept: `repaint_content` where it has changed, Qt's update where only what lies over
    it has (`paint_over`), which costs next to nothing. GUI thread.
    """

    #: A hand chose the moment that all views shall show; carries nanoseconds since the request, None for all of it.
    scrubbed = Signal(object)
    #: A menu is wanted for what lies at a place, by the mouse or by a key.
    menu_requested = Signal(QPointF)
    #: How high the ruler at the top is.
    ruler_height = 24

    def __init__(self, document: Document, time_range: TimeRange, theme: Theme) -> None:
        super().__init__()
        self.document = document
        self.time_range = time_range
        self.theme = theme
        self.strokes = PLAIN_STROKES
        self._content: QPixmap | None = None
        self._pressed_at: QPointF | None = None
        self._dragged_from: tuple[int, int] | None = None
        self._is_scrubbing = False
        self.pointer = CanvasPointer(self)
        self.setToolTip("Point at a mark to read what it is; ? explains the picture, F1 lists the keys")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        document.was_reset.connect(self.repaint_content)
        document.grew.connect(lambda _changed: self.repaint_content())
        document.selection_changed.connect(self.repaint_content)
        document.moment_changed.connect(self.repaint_content)
        time_range.changed.connect(self.repaint_content)
        time_range.pointed.connect(self.update)
        document.was_reset.connect(self.pointer.forget_span)

    # What subclasses tell

    def item_at(self, position: QPointF) -> Selection | None:
        """Return the items under a point; None for empty space."""
        raise NotImplementedError

    def paint_content(self, context: PaintContext) -> None:
        """Paint the recording; what moves with the pointer or a playhead belongs to `paint_over`."""
        raise NotImplementedError

    def paint_over(self, context: PaintContext) -> None:
        """Paint what changes without the content: what goes with the pointer, the playhead and the focus frame."""
        self.pointer.paint_way_and_times(context)
        paint_playhead(context, self.document, self.ruler_height, self.height())
        self.pointer.paint_readout(context)
        if self.hasFocus():
            context.painter.setPen(QPen(QColor(self.theme.selection), 1))
            context.painter.setBrush(Qt.BrushStyle.NoBrush)
            context.painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def pointed_at(self, position: QPointF) -> Pointed:
        """Return what lies under a point, in words for the read-out."""
        raise NotImplementedError

    def paint_way(self, context: PaintContext, items: Selection) -> None:
        """Paint where the bytes of items that are pointed at went. Nothing, unless a canvas shows ways."""

    def selected_readout(self) -> tuple[str, ...]:
        """Return the read-out of what is selected; empty unless a canvas shows it beside the selection."""
        return ()

    def layer_at(self, _position: QPointF) -> str:
        """Return the layer whose items are counted when a span is measured from a point."""
        return self.current_layer

    @property
    def current_layer(self) -> str:
        """The layer that keys step through."""
        if self.document.selection is not None:
            return self.document.selection.layer
        return "chunk" if len(self.document.snapshot.tracks["chunk"]) else "read"

    # Geometry

    def scale(self) -> TimeScale:
        """Return the scale for the present size and range."""
        width = max(1.0, float(self.width() - LEFT_MARGIN_PX - RIGHT_MARGIN_PX))
        return TimeScale(
            self.document.snapshot.origin_ns, self.time_range.start_ns, self.time_range.span_ns, LEFT_MARGIN_PX, width
        )

    @property
    def now_x(self) -> float:
        """Where the run has got to, or the moment of a replay."""
        moment_ns = self.document.moment_ns
        since_ns = self.time_range.whole_ns if moment_ns is None else moment_ns
        return self.scale().x_of(self.document.snapshot.origin_ns + since_ns)

    def set_presenting(self, presenting: bool) -> None:
        """Paint marks and lines that can be seen from the back of a room, or the usual ones."""
        self.strokes = PRESENTED_STROKES if presenting else PLAIN_STROKES
        self.repaint_content()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.theme = theme
        self.repaint_content()

    # Painting

    def repaint_content(self) -> None:
        """Paint the content anew with the next frame."""
        self._content = None
        self.pointer.look_again()

    def paint_picture(self, painter: QPainter) -> None:
        """Paint the content on anything, in logical pixels of this widget: for a file with lines, not with pixels."""
        context = PaintContext(painter, self.scale(), self.theme, self.strokes)
        context.fill(QRectF(self.rect()), self.theme.background)
        self.paint_content(context)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._kept_content())
            self.paint_over(PaintContext(painter, self.scale(), self.theme, self.strokes))

    def _kept_content(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._content is None or self._content.size() != size or self._content.devicePixelRatio() != ratio:
            self._content = QPixmap(size)
            self._content.setDevicePixelRatio(ratio)
            with QPainter(self._content) as painter:
                painter.setFont(self.font())
                self.paint_picture(painter)
        return self._content

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.repaint_content()

    # Mouse

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        down, aside = event.angleDelta().y(), event.angleDelta().x()
        is_aside = abs(aside) > abs(down)
        steps = (aside if is_aside else down) / _WHEEL_STEP
        if is_aside or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.time_range.pan(-0.1 * steps)
        else:
            scale = self.scale()
            self.time_range.zoom(_ZOOM_PER_STEP**steps, scale.t_ns(event.position().x()) - scale.origin_ns)
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() < self.ruler_height:
            self._is_scrubbing = True
            self._scrub(event.position().x())
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            self._dragged_from = (self.time_range.start_ns, self.time_range.stop_ns)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event.position())
        if self._is_scrubbing:
            self._scrub(event.position().x())
        if self._pressed_at is None or self._dragged_from is None:
            return
        shift_px = event.position().x() - self._pressed_at.x()
        if not self.pointer.is_measuring and abs(shift_px) < QApplication.startDragDistance():
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or self.pointer.is_measuring:
            self.pointer.measure(self._pressed_at.x(), event.position().x(), self.layer_at(self._pressed_at))
            return
        scale = self.scale()
        shift_ns = round(shift_px * scale.span_ns / scale.width)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.time_range.show(self._dragged_from[0] - shift_ns, self._dragged_from[1] - shift_ns)

    @override
    def event(self, event: QEvent) -> bool:
        # The read-out is there at once: the tip, for those who listen, would cover it.
        return event.type() == QEvent.Type.ToolTip or super().event(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointer.move(None)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_scrubbing = False
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_at is None:
            return
        moved = abs(event.position().x() - self._pressed_at.x()) >= QApplication.startDragDistance()
        if self.pointer.is_measuring:
            self.document.select(self.pointer.span_items())
        elif not moved:
            self.pointer.forget_span()
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._select_at(event.position(), extend=extend)
        self._pressed_at = self._dragged_from = None
        self.pointer.is_measuring = False
        self.unsetCursor()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.position().y() >= self.ruler_height:
            self.time_range.fit()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        self.menu_requested.emit(QPointF(event.pos()) if by_mouse else self.place_of_selection())

    def place_of_selection(self) -> QPointF:
        """Return where the selected item is, the middle where nothing is selected."""
        selection, middle = self.document.selection, QPointF(self.rect().center())
        if selection is None:
            return middle
        start_ns, _ = selection.time_range(self.document.snapshot.tracks[selection.layer])
        scale = self.scale()
        x = min(max(scale.left, scale.x_of(start_ns)), scale.left + scale.width)
        return QPointF(x, self.height_of(selection.layer))

    def height_of(self, _layer: str) -> float:
        """Return where a layer is, from the top."""
        return self.rect().center().y()

    def _scrub(self, x: float) -> None:
        moment_ns = moment_at(self.document, self.scale(), x)
        if moment_ns is not None:
            self.scrubbed.emit(moment_ns)

    def _select_at(self, position: QPointF, *, extend: bool) -> None:
        found = self.item_at(position)
        chosen = self.document.selection
        if extend and found is not None and chosen is not None and chosen.layer == found.layer:
            found = Selection(found.layer, min(found.first, chosen.first), max(found.stop, chosen.stop))
        self.document.select(found)

    # Keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step through items and layers, W A S D zoom and pan, F fits, N finds the next long gap, Esc ends."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        keys: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Left: lambda: self._step(-1, extend=shift),
            Qt.Key.Key_Right: lambda: self._step(1, extend=shift),
            Qt.Key.Key_Up: lambda: self._show_selection(step_layer(self.document, -1)),
            Qt.Key.Key_Down: lambda: self._show_selection(step_layer(self.document, 1)),
            Qt.Key.Key_W: lambda: self.time_range.zoom(_ZOOM_PER_STEP, self._zoom_centre_ns()),
            Qt.Key.Key_S: lambda: self.time_range.zoom(1 / _ZOOM_PER_STEP, self._zoom_centre_ns()),
            Qt.Key.Key_A: lambda: self.time_range.pan(-0.15),
            Qt.Key.Key_D: lambda: self.time_range.pan(0.15),
            Qt.Key.Key_F: self.fit_selection,
            Qt.Key.Key_N: self._to_next_long_gap,
            Qt.Key.Key_Home: self._to_beginning,
            Qt.Key.Key_End: self._to_end,
            Qt.Key.Key_Escape: self._select_nothing,
        }
        action = keys.get(Qt.Key(event.key()))
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        chosen = self.document.selection is not None or self.pointer.span is not None
        ends_nothing = event.key() == Qt.Key.Key_Escape and not chosen
        if action is None or not plain or ends_nothing:
            super().keyPressEvent(event)
            return
        action()

    def _zoom_centre_ns(self) -> float:
        """Return the time that stays where it is when keys zoom: under the pointer, of the selection, or the middle."""
        start_ns, stop_ns = self.time_range.start_ns, self.time_range.stop_ns
        selection = self.document.selection
        if self.pointer.position is not None and self.time_range.cursor_ns is not None:
            return self.time_range.cursor_ns
        if selection is not None:
            times = selection.time_range(self.document.snapshot.tracks[selection.layer])
            middle_ns = sum(times) / 2 - self.document.snapshot.origin_ns
            if start_ns <= middle_ns <= stop_ns:
                return middle_ns
        return (start_ns + stop_ns) / 2

    def _select_nothing(self) -> None:
        self.pointer.forget_span()
        self.document.select(None)

    def _to_next_long_gap(self) -> None:
        """Select the item after the next long gap; where the gap begins is seen too, if the view is long enough."""
        origin_ns = self.document.snapshot.origin_ns
        seen_ns = (origin_ns + self.time_range.start_ns, origin_ns + self.time_range.stop_ns)
        self._show_selection(next_long_gap(self.document, self.current_layer, seen_ns))

    def fit_selection(self) -> None:
        """Zoom to the selected items, or to the whole run where nothing is selected."""
        selection = self.document.selection
        if selection is None:
            self.time_range.fit()
            return
        times = [selection.time_range(self.document.snapshot.tracks[selection.layer])]
        for name, track in self.document.snapshot.tracks.items():
            items = self.document.selected_items(name)
            if items is not None:
                times.append(Selection(name, *items).time_range(track))
        start = min(t[0] for t in times) - self.document.snapshot.origin_ns
        stop = max(t[1] for t in times) - self.document.snapshot.origin_ns
        margin = max((stop - start) // 4, 200_000)
        self.time_range.show(start - margin, stop + margin)

    def _to_beginning(self) -> None:
        """Go to the beginning of a replay; where there is none, to the first item."""
        if self.document.moment_ns is not None:
            self.scrubbed.emit(0)
        else:
            self._show_selection(Selection(self.current_layer, 0, 1))

    def _to_end(self) -> None:
        """Follow the end again, that of a replay by ending it."""
        self.scrubbed.emit(None)
        self.document.select(None)
        self.document.set_following(True)
        self.time_range.fit()

    def _step(self, by: int, *, extend: bool) -> None:
        self._show_selection(step_selection(self.document, self.current_layer, by, extend=extend))

    def _show_selection(self, selection: Selection | None) -> None:
        if selection is None or not len(self.document.snapshot.tracks[selection.layer]):
            return
        self.document.select(selection)
        self.pointer.read_selection()
        start, stop = selection.time_range(self.document.snapshot.tracks[selection.layer])
        self.time_range.reveal(start - self.document.snapshot.origin_ns, stop - self.document.snapshot.origin_ns)
