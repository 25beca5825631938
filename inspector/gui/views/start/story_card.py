"""A story as a card: what it looks like, its title, a sentence, and what it sets."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from inspector.gui.style.monospace import mono_font
from inspector.gui.style.safe_text import plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme
from inspector.stories.story import Story

from .page_button import PageButton, write_line
from .story_sketches import paint_sketch, sketch_name

_PADDING_EM, _SPACE_EM = 0.75, 0.45
#: Of the title: the first at which it fits.
_TITLE_SCALES = (1.15, 1.0, 0.9)
_SUMMARY_LINES = 2
_LEAST_SKETCH_EM = 4.0
#: Right and down.
_STEPS: Mapping[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class StoryCard(PageButton):
    """A card; a click, Enter or Space begins the story. GUI thread."""

    #: An arrow key: carries how many cards to the right and how many rows down.
    stepped = Signal(int, int)

    def __init__(self, story: Story, theme: Theme, parent: QWidget) -> None:
        super().__init__(story.title, theme, parent)
        self.setObjectName(f"story_{story.id}")
        self.setAccessibleName(f"Story: {story.title}")
        self.setAccessibleDescription(f"{story.summary} {story.hint}")
        self.setToolTip(plain_tip(f"{story.title}\n{story.summary}"))
        self.story = story
        self._sketch = sketch_name(story.id, story.hint)
        self._countdown = ""

    def set_countdown(self, text: str) -> None:
        """Say when it begins by itself: ``in 4 s``; empty where it does not."""
        if text != self._countdown:
            self._countdown = text
            self.update()

    # Room

    def text_height(self) -> int:
        """Return the height of all but the sketch, logical pixels."""
        em = self.em
        lines = QFontMetrics(self._title_font(_TITLE_SCALES[0])).height() + (_SUMMARY_LINES + 1) * em
        return round(lines + 2 * _PADDING_EM * em + 3 * _SPACE_EM * em)

    @override
    def sizeHint(self) -> QSize:
        return QSize(13 * self.em, self.text_height() + round(_LEAST_SKETCH_EM * self.em))

    # Painting

    @override
    def paint_inside(self, painter: QPainter) -> None:
        padding, space = round(_PADDING_EM * self.em), round(_SPACE_EM * self.em)
        inside = self.rect().adjusted(padding, padding, -padding, -padding)
        sketch = QRect(inside)
        sketch.setHeight(self.height() - self.text_height())
        paint_sketch(painter, QRectF(sketch), self._sketch, self.theme)
        inside.setTop(sketch.bottom() + 1 + space)
        self._paint_text(painter, inside, space)
        if self._countdown:
            self._paint_countdown(painter, inside)

    def _title_font(self, scale: float) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * scale)
        return font

    def _fitting_title_font(self, width: int) -> QFont:
        fonts = [self._title_font(scale) for scale in _TITLE_SCALES]
        fitting = (font for font in fonts if QFontMetrics(font).horizontalAdvance(self.text()) <= width)
        return next(fitting, fonts[-1])

    def _paint_text(self, painter: QPainter, room: QRect, space: int) -> None:
        theme, em = self.theme, self.em
        painter.setFont(self._fitting_title_font(room.width()))
        painter.setPen(QColor(theme.text))
        height = QFontMetrics(self._title_font(_TITLE_SCALES[0])).height()
        write_line(painter, QRect(room.left(), room.top(), room.width(), height), self.text())
        room.setTop(room.top() + height + space)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.dim))
        lines = QRect(room.left(), room.top(), room.width(), _SUMMARY_LINES * em + 2)
        painter.drawText(lines, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), self.story.summary)
        painter.setFont(mono_font(self.font().pointSizeF() * 0.9))
        hint = QRect(room.left(), room.bottom() + 1 - em, room.width(), em)
        write_line(painter, hint.adjusted(0, 0, -self._pill_width() if self._countdown else 0, 0), self.story.hint)

    def _pill_width(self) -> int:
        return QFontMetrics(self._pill_font()).horizontalAdvance(self._countdown) + 2 * self.em

    def _pill_font(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _paint_countdown(self, painter: QPainter, room: QRect) -> None:
        em = self.em
        height = round(1.6 * em)
        pill = QRectF(room.right() + 1 - self._pill_width(), room.bottom() + 1 - em * 1.3, self._pill_width(), height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.selection))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setFont(self._pill_font())
        painter.setPen(QColor(self.theme.selection_text))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._countdown)

    # Mouse and keys

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key())
        if step is not None:
            self.stepped.emit(*step)
        else:
            super().keyPressEvent(event)
