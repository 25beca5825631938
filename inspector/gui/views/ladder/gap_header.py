"""The header of a gap: its title, how it is set, the buttons of the buffer that acts, and its live figures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from inspector.catalogue import knob_of
from inspector.gui.editors.buffer_buttons import BufferButtons
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, colour_text

from .figures_label import FiguresLabel
from .folded_line import FoldedLine
from .gap_content import GapContent, content_of
from .lane_layout import GapKind
from .more_knobs import MoreKnobs
from .row_headers import Detail, bold_of

_INDENT_PX = 20
_MARGIN_PX = 10
_SPACE_PX = 6
_LEAST_TARGET_PX = 24
#: Between the dot of what is changed and the title.
_DOT_GAP_PX = 4
#: Gaps that get so large a share of the height have two lines of figures.
_TALL_SHARE = 3.0


class GapHeader(QWidget):
    """Says in one line how a gap is set, which opens its settings; figures below as far as there is room.

    The gap of the buffer that acts has its buttons, or its number where it is low. A dot marks a gap in which a
    setting is changed. The source is always one line. GUI thread.
    """

    def __init__(self, gap_id: str, kind: GapKind, knobs: KnobEditors | None, theme: Theme) -> None:
        """Make the header; ``knobs`` is None for a gap whose knobs stand elsewhere."""
        super().__init__()
        self.gap_id = gap_id
        self._kind = kind
        self._own_title = kind.title
        self._knobs = knobs
        self._theme = theme
        self._is_longest = False
        self._detail = Detail.WHOLE
        self._known: GapContent | None = None
        self._known_of: tuple[int, str] = (0, "")
        self._is_line = gap_id == "source" or bool(kind.says)
        self._buttons: BufferButtons | None = None
        self.setToolTip(plain_tip(kind.explanation))
        self._title = Label(kind.title, self)
        self._changed = ElidedLabel()
        self._changed.setParent(self)
        self._figures = FiguresLabel(self)
        self._line = FoldedLine(kind.title, kind.short_title or kind.title, theme, self, is_bold=self._is_line)
        self._line.setObjectName(f"fold_{gap_id}")
        self._line.setToolTip(plain_tip(kind.explanation))
        self._line.clicked.connect(lambda: self._open(self._line))
        self._more = QToolButton(self)
        self._more.setObjectName(f"more_{gap_id}")
        self._more.setText("…")
        self._more.setAccessibleName(f"More settings: {kind.title}")
        self._more.clicked.connect(lambda: self._open(self._more))
        if knobs is not None:
            self._popup = MoreKnobs(knobs, self, self.arrange)
            for name in (*kind.knobs, *kind.more):
                knobs.editors[name].setParent(self)
                knobs.editors[name].hide()
            knobs.shown_changed.connect(self.arrange)
        self.set_theme(theme)
        self.arrange()

    # What there is to show

    @property
    def content(self) -> GapContent:
        """What there is to show, worked out once for all that a layout asks of it."""
        version = self._knobs.version if self._knobs else 0
        if self._known is None or self._known_of != (version, self._own_title):
            self._known, self._known_of = (
                content_of(self._kind, self._own_title, self._knobs),
                (version, self._own_title),
            )
        return self._known

    def _editor(self) -> QWidget | None:
        """Return the editor of the buffer that acts, None where this gap has no such."""
        return self._knobs.editors[self.content.buffer] if self._knobs is not None and self.content.buffer else None

    def _show_editor(self, buffer: str) -> None:
        """Show the editor of one buffer, or of none: what was chosen before may have had another."""
        if self._knobs is not None:
            for name in self._kind.knobs:
                self._knobs.editors[name].setVisible(name == buffer)

    def _open(self, button: QWidget) -> None:
        if self._knobs is not None and self.content.own:
            self._popup.open_at(button, self.content.own)

    # Room

    @property
    def _indent(self) -> int:
        return _MARGIN_PX if self._is_line else _INDENT_PX

    def _more_px(self) -> int:
        return max(_LEAST_TARGET_PX, self._more.sizeHint().width())

    def row_width(self) -> int:
        """Return the width that title and number need side by side, logical pixels; 0 where no number may stand."""
        editor = self._editor()
        if editor is None:
            return 0
        title = self.fontMetrics().horizontalAdvance(self.content.titles[1])
        beside = title + editor.minimumSizeHint().width() + self._more_px() + 2 * _SPACE_PX
        return self._indent + beside + _MARGIN_PX

    def _row_height(self) -> int:
        editor = self._editor()
        return max(editor.sizeHint().height() if editor else 0, self.fontMetrics().height(), _LEAST_TARGET_PX) + 2

    def _title_height(self, detail: Detail) -> int:
        """Return the height of the title above the buttons: where it is low, the button for more stands below it."""
        line = self.fontMetrics().height()
        return (max(line, _LEAST_TARGET_PX) if detail is Detail.WHOLE else line) + 2

    def _buttons_height(self) -> int:
        return self._made_buttons().sizeHint().height() + 2

    def _made_buttons(self) -> BufferButtons:
        """Return the buttons, which are made when this gap first has the buffer that acts."""
        if self._buttons is None:
            assert self._knobs is not None
            self._buttons = BufferButtons(self._knobs, self._theme, self)
            self._buttons.setObjectName(f"buttons_{self.gap_id}")
            self._buttons.hide()
        return self._buttons

    def height_at(self, detail: Detail, width: int) -> int:
        """Return the height that this gap needs at least in a column of this width, logical pixels."""
        line = self.fontMetrics().height()
        if detail is Detail.BARE:
            return line if self._is_line else max(8, line // 2)
        low = line + (2 if detail is Detail.COMPACT else 4)
        if self._is_line:
            return low
        figures = QFontMetrics(bold_of(self.font())).height()
        if not self.content.buffer:
            has_figures = self._kind.has_figures_below and (detail is Detail.WHOLE or self._is_tall)
            return low + (figures if has_figures else 0)
        if detail is Detail.FOLDED:
            return self._row_height() if self.row_width() <= width else line + 4
        lines = 2 if self._is_tall and detail is Detail.WHOLE else 1
        return self._title_height(detail) + self._buttons_height() + lines * figures

    @property
    def _is_tall(self) -> bool:
        return self._kind.share >= _TALL_SHARE

    def set_detail(self, detail: Detail) -> None:
        """Show more or less of the gap."""
        if detail != self._detail:
            self._detail = detail
            self.arrange()

    # Placing

    def arrange(self) -> None:
        """Put title, settings and figures where there is room for them."""
        if self._knobs is not None and self._popup.isVisible():
            return
        content, detail = self.content, self._detail
        line = self.fontMetrics().height()
        has_buttons = (
            bool(content.buffer) and self.height() >= self._title_height(Detail.SHORT) + self._buttons_height()
        )
        has_row = bool(content.buffer) and not has_buttons and detail is not Detail.BARE
        has_row = has_row and self.height() >= self._row_height() - 2 and self.row_width() <= self.width()
        is_line = bool(content.own) and not has_buttons and not has_row
        is_line = is_line and (detail is not Detail.BARE or self._is_line or self.height() >= line)
        is_title = not is_line and (has_buttons or has_row or detail is not Detail.BARE or self.height() >= line)
        self._line.titles = content.titles
        self._line.set_values(content.values)
        self._line.setAccessibleName(f"{content.titles[0]}: {content.values[0] or 'settings'}")
        self._line.setVisible(is_line)
        self._title.setVisible(is_title)
        self._more.setVisible(has_buttons or has_row)
        self._changed.setVisible(has_buttons and bool(content.changed))
        if self._buttons is not None or has_buttons:
            self._made_buttons().setVisible(has_buttons)
        self._show_editor(content.buffer if has_row else "")
        top = self._place_titles(has_buttons=has_buttons, has_row=has_row)
        self._place_figures(top, beside=not is_line and not has_buttons and not has_row)
        self._describe_changes()
        self.update()

    def _place_titles(self, *, has_buttons: bool, has_row: bool) -> int:
        """Place all but the figures; return the pixel below them."""
        content, left, right = self.content, self._indent, self.width() - _MARGIN_PX
        line = self.fontMetrics().height() + 2
        above = 0 if self._is_line or self.height() <= line else 1
        self._line.setGeometry(left, above, right - left, min(line, self.height()))
        if not has_buttons and not has_row:
            self._title.setText(content.titles[0])
            advance = self.fontMetrics().horizontalAdvance(self._title.text())
            self._title.setGeometry(left, above, min(advance, right - left), min(line, self.height()))
            return line + 1
        row = (self._title_height(self._detail) if has_buttons else self._row_height()) - 2
        more_px = self._more_px()
        more_height = max(_LEAST_TARGET_PX, self._more.sizeHint().height())
        is_beside_buttons = has_buttons and more_height > row + 2
        if is_beside_buttons:
            self._more.setGeometry(right - more_px, row + 2, more_px, more_height)
        else:
            self._more.setGeometry(right - more_px, 1 + (row - more_height) // 2, more_px, more_height)
            right -= more_px + _SPACE_PX
        editor = self._editor()
        least = editor.minimumSizeHint().width() + _SPACE_PX if editor is not None and has_row else 0
        title = next(
            (each for each in content.titles if self.fontMetrics().horizontalAdvance(each) <= right - left - least),
            content.titles[1],
        )
        self._title.setText(title)
        advance = self.fontMetrics().horizontalAdvance(title)
        self._title.setGeometry(left, 1, advance, row)
        beside = left + advance + _SPACE_PX
        if has_row and editor is not None:
            editor.setGeometry(beside, 1, max(least - _SPACE_PX, right - beside), row)
            return row + 2
        self._changed.setText(content.changed)
        self._changed.setGeometry(beside + _SPACE_PX, 1, max(0, right - beside - _SPACE_PX), row)
        height = self._buttons_height()
        room = self.width() - _MARGIN_PX - left - (more_px + _SPACE_PX if is_beside_buttons else 0)
        self._made_buttons().setGeometry(left, row + 2, room, height)
        return row + 2 + height

    def _place_figures(self, top: int, *, beside: bool) -> None:
        """Place the figures below ``top``, or ``beside`` the title where nothing can be set."""
        left, right, line = self._indent, self.width() - _MARGIN_PX, self.fontMetrics().height()
        has_room = not self._is_line and self.height() >= (line if beside else top + line)
        is_named = not self._title.isHidden() or not self._line.isHidden()
        self._figures.setVisible(has_room and is_named)
        if beside:
            start = self._title.geometry().right() + 2 * _SPACE_PX
            self._figures.setGeometry(start, self._title.y(), max(0, right - start), self._title.height())
        else:
            self._figures.setGeometry(left, top, right - left, max(0, self.height() - top))

    def _describe_changes(self) -> None:
        """Say in words what the dot says, and what is behind the button."""
        content, knobs = self.content, self._knobs
        if knobs is None:
            return
        changed = [f"{knob_of(name).short_label} {knobs.shown(name)}" for name in content.own if knobs.is_changed(name)]
        said = f"Changed: {', '.join(changed)}" if changed else ""
        self._line.setAccessibleDescription(said)
        self._line.setToolTip(plain_tip("\n".join(filter(None, (self._kind.explanation, said)))))
        names = ", ".join(knob_of(name).short_label for name in content.own if name != content.buffer)
        self._more.setToolTip(plain_tip("\n".join(filter(None, (f"More settings: {names}" if names else "", said)))))
        self._more.setAccessibleDescription(said)

    @override
    def paintEvent(self, _event: object) -> None:
        if not self.content.has_changes or not (self._line.isVisible() or self._title.isVisible()):
            return
        title = self._line if self._line.isVisible() else self._title
        radius = min(max(2.5, self.fontMetrics().height() / 6), (self._indent - _DOT_GAP_PX) / 2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.selection))
            middle = QPointF(self._indent - _DOT_GAP_PX - radius, title.geometry().center().y() + 1)
            painter.drawEllipse(middle, radius, radius)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.arrange()

    # Figures

    def set_figures(self, text: str, shorter: str, tip: str, *, is_longest: bool) -> None:
        """Show live figures, or shorter ones; the gap that holds bytes longest has a diamond before them."""
        sign = "◆ " if is_longest and text else ""
        self._figures.set_text(sign + text, sign + shorter)
        self._figures.setToolTip(plain_tip(f"Bytes wait longest here.\n{tip}" if is_longest else tip))
        if is_longest != self._is_longest:
            self._is_longest = is_longest
            self._figures.set_bold(is_longest)
            self.set_theme(self._theme)

    @property
    def figures_text(self) -> str:
        """The figures as shown."""
        return self._figures.text()

    def set_title(self, title: str) -> None:
        """Name what sits in the gap now."""
        self._own_title = title
        self.arrange()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        colour_text(self._figures, theme.warning if self._is_longest else theme.dim)
        self._line.set_colours(theme, theme.warning if self._is_longest else theme.text)
        if self._buttons is not None:
            self._buttons.set_theme(theme)
