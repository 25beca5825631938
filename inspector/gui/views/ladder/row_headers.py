"""Headers of the ladder's rows: name and count of a lane; settings and live figures of a gap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from inspector.analysis.formatting import count_text
from inspector.catalogue import knob_of
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.style.safe_text import Label, plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, colour_text

from .figures_label import FiguresLabel
from .folded_line import FoldedLine
from .lane_layout import GapKind, Lane
from .more_knobs import MoreKnobs
from .source_summary import source_texts

_INDENT_PX = 20
_MARGIN_PX = 10
_SPACE_PX = 6
#: Gaps that get so large a share of the height have two lines of figures.
_TALL_SHARE = 3.0


class Detail(IntEnum):
    """How much of a gap its header shows; the ladder takes the most for which there is height."""

    #: The knob, and the figures below it.
    WHOLE = 0
    #: The knob alone.
    SHORT = 1
    #: One line of text; a click opens the knobs.
    FOLDED = 2
    #: Nothing: lanes alone have names.
    BARE = 3


class LaneHeader(QWidget):
    """Name of a layer at the left, number of items at the right, on the lane's colour."""

    def __init__(self, lane: Lane, theme: Theme) -> None:
        super().__init__()
        self.lane = lane
        self._theme = theme
        self._count = 0
        self.setToolTip(plain_tip(f"{lane.name}: {lane.layer.meaning}"))
        self.setAccessibleName(f"{lane.name} lane")

    def set_lane(self, lane: Lane) -> None:
        """Show another title."""
        if lane != self.lane:
            self.lane = lane
            self.update()

    def set_count(self, count: int) -> None:
        """Show how many items the lane has."""
        if count != self._count:
            self._count = count
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def texts(self) -> tuple[str, str]:
        """Return title and count as there is room for them: ``1,754 parts``, ``1,754``, or none."""
        layer, room = self.lane.layer, self.width() - 2 * _MARGIN_PX
        title, metrics = self.lane.title, QFontMetrics(bold_of(self.font()))
        counts = (count_text(self._count, layer.name), f"{self._count:,}", "")
        left = room - metrics.horizontalAdvance(title)
        for count in counts:
            if not count or self.fontMetrics().horizontalAdvance(f"  {count}") <= left:
                return metrics.elidedText(title, Qt.TextElideMode.ElideRight, room), count
        raise AssertionError("no count needs no room")

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.lane_colour(self.lane.layer.side))
            area = self.rect().adjusted(_MARGIN_PX, 0, -_MARGIN_PX, 0)
            title, count = self.texts()
            painter.setFont(bold_of(self.font()))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
            painter.setFont(self.font())
            painter.setPen(QColor(self._theme.dim))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, count)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a gap has to show, wherever there is room for it."""

    #: The knobs of this gap that what is chosen now has.
    own: tuple[str, ...]
    #: The editor of the one that stands in sight where there is room.
    main: QWidget | None
    #: The title and a short one, by the knob that what is chosen has here.
    titles: tuple[str, str]
    #: What its knobs are set to, in full and shorter and shorter, for where it is one line.
    values: tuple[str, ...]


class GapHeader(QWidget):
    """Title of a gap, its knob, and its live figures, as far as there is room. The source is always one line."""

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
        self._known: _Content | None = None
        self._known_of: tuple[int, str] = (0, "")
        self._row_width = 0
        self._row_width_of: tuple[str, str] | None = None
        self._is_source = gap_id == "source"
        self._is_line = self._is_source or bool(kind.says)
        self.setToolTip(plain_tip(kind.explanation))
        self._title = Label(kind.title, self)
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

    # Knobs

    @property
    def _content(self) -> _Content:
        """What there is to show, worked out once for all that a layout asks of it."""
        version = self._knobs.version if self._knobs else 0
        if self._known is None or self._known_of != (version, self._own_title):
            self._known, self._known_of = self._work_out_content(), (version, self._own_title)
            self._row_width_of = None
        return self._known

    def _work_out_content(self) -> _Content:
        knobs, kind = self._knobs, self._kind
        own = tuple(name for name in (*kind.knobs, *kind.more) if knobs.belongs(name)) if knobs else ()
        main_name = next((name for name in kind.knobs if name in own), "")
        titles = knob_of(main_name).gap_titles if main_name else ("", "")
        if not any(titles):
            titles = (self._own_title, kind.short_title or self._own_title)
        main = knobs.editors[main_name] if main_name and knobs and not self._is_line else None
        return _Content(own, main, titles, self._values_of(own))

    def _values_of(self, own: tuple[str, ...]) -> tuple[str, ...]:
        if self._knobs is None:
            return ("",)
        if self._is_source:
            return source_texts(self._knobs)
        if self._kind.says:
            return self._kind.says
        first = next((name for name in self._kind.knobs if name in own), None)
        value = (self._knobs.shown(first) or "none") if first else ""
        return (value, value.partition(" ")[0])

    def _behind(self) -> list[str]:
        """Return the knobs that don't stand in sight."""
        main = self._content.main if self._shown_detail() < Detail.FOLDED else None
        knobs = self._knobs
        return [name for name in self._content.own if knobs is not None and knobs.editors[name] is not main]

    def _open(self, button: QWidget) -> None:
        if self._knobs is not None and (names := self._behind()):
            self._popup.open_at(button, names)

    # Room

    def _title_px(self, title: str) -> int:
        return self.fontMetrics().horizontalAdvance(title)

    @property
    def _indent(self) -> int:
        return _MARGIN_PX if self._is_line else _INDENT_PX

    def row_width(self) -> int:
        """Return the width that title and knob need side by side, logical pixels; 0 where no knob stands in sight."""
        main = self._content.main
        if main is None:
            return 0
        fonts = (self.font().key(), main.font().key())
        if self._row_width_of != fonts:
            more = _SPACE_PX + self._more.sizeHint().width() if len(self._content.own) > 1 else 0
            title = self._title_px(self._content.titles[1])
            self._row_width = self._indent + title + _SPACE_PX + main.minimumSizeHint().width() + more + _MARGIN_PX
            self._row_width_of = fonts
        return self._row_width

    def _shown_detail(self) -> Detail:
        """Return how much is shown: a knob that is too wide for the column is folded."""
        if self._detail < Detail.FOLDED and self._content.main is not None and self.row_width() > self.width():
            return Detail.FOLDED
        return self._detail

    def height_at(self, detail: Detail, width: int) -> int:
        """Return the height that this gap needs at least in a column of this width, logical pixels."""
        line = self.fontMetrics().height()
        if detail is Detail.BARE:
            return line if self._is_line else max(8, line // 2)
        main = self._content.main
        is_folded = detail is Detail.FOLDED or (main is not None and self.row_width() > width)
        if is_folded or self._is_line or not self._content.own:
            return line + 4
        row = self._row_height() if main is not None else line + 2
        lines = 2 if self._kind.share >= _TALL_SHARE else 1
        return row + (lines * QFontMetrics(bold_of(self.font())).height() if detail is Detail.WHOLE else 0)

    def set_detail(self, detail: Detail) -> None:
        """Show more or less of the gap."""
        if detail != self._detail:
            self._detail = detail
            self.arrange()

    def arrange(self) -> None:
        """Put title, knob and figures where there is room for them."""
        detail, main = self._shown_detail(), self._content.main
        if self._popup_is_open():
            return
        self._line.titles = self._content.titles
        has_row = detail < Detail.FOLDED and main is not None
        is_line = bool(self._content.own) and not has_row and (detail is not Detail.BARE or self._is_line)
        self._show_values(detail)
        parts = (self._title, self._line, self._more, self._figures)
        shown = {
            self._title: not is_line and detail is not Detail.BARE,
            self._line: is_line,
            self._more: has_row and bool(self._behind()),
            self._figures: self._has_room_for_figures(detail, has_row=has_row),
        }
        for name in self._kind.knobs if self._knobs else ():
            editor = self._knobs.editors[name] if self._knobs else None
            if editor is not None and editor.parent() is self:
                editor.setVisible(has_row and editor is main)
        for part in parts:
            part.setVisible(shown[part])
        self._place(main if has_row else None)

    def _has_room_for_figures(self, detail: Detail, *, has_row: bool) -> bool:
        """Return whether the gap is high enough for its figures, whatever the least of it is."""
        if self._is_line or detail is Detail.BARE:
            return False
        line = self.fontMetrics().height()
        above = self._row_height() if has_row else line + 2 if self._content.own else 0
        return self.height() >= above + line

    def _row_height(self) -> int:
        main = self._content.main
        return max(main.sizeHint().height() if main else 0, self.fontMetrics().height()) + 2

    def _popup_is_open(self) -> bool:
        return self._knobs is not None and self._popup.isVisible()

    def _place(self, main: QWidget | None) -> None:
        line, left, right = self.fontMetrics().height() + 2, self._indent, self.width() - _MARGIN_PX
        self._line.setGeometry(left, 0 if self._is_line else 1, right - left, min(line, self.height()))
        if main is None and self._content.own:
            self._figures.setGeometry(left, line + 1, right - left, max(0, self.height() - line - 1))
            return
        if main is None:
            self._title.setText(self._content.titles[0])
            title_px = self._title_px(self._title.text())
            self._title.setGeometry(left, 1, min(title_px, right - left), line)
            beside = left + title_px + 2 * _SPACE_PX
            self._figures.setGeometry(beside, 1, max(0, right - beside), line)
            return
        row = max(main.sizeHint().height(), line)
        end = right
        if not self._more.isHidden():
            width = self._more.sizeHint().width()
            self._more.setGeometry(right - width, 1 + (row - self._more.sizeHint().height()) // 2, width,
                                   self._more.sizeHint().height())  # fmt: skip
            end = right - width - _SPACE_PX
        least = main.minimumSizeHint().width()
        room = end - left - _SPACE_PX - least
        title, short_title = self._content.titles
        self._title.setText(title if self._title_px(title) <= room else short_title)
        title_px = self._title_px(self._title.text())
        self._title.setGeometry(left, 1, title_px, row)
        knob = left + title_px + _SPACE_PX
        main.setGeometry(knob, 1, max(least, end - knob), row)
        self._figures.setGeometry(left, row + 1, right - left, max(0, self.height() - row - 1))

    def _show_values(self, detail: Detail) -> None:
        if self._knobs is None:
            return
        values = self._content.values
        self._line.set_values(values)
        self._line.setAccessibleName(f"{self._kind.title}: {values[0] or 'settings'}")
        if detail is not Detail.FOLDED and not self._is_line:
            names = ", ".join(knob_of(name).short_label for name in self._behind())
            self._more.setToolTip(plain_tip(f"More settings: {names}"))

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


def bold_of(font: QFont) -> QFont:
    """Return a font in bold."""
    bold = QFont(font)
    bold.setBold(True)
    return bold
