"""The strip of a story: which step is on, its caption in quotes, its question, and how to go on.

One line in the ordinary window, large type in a presentation.
"""

from __future__ import annotations

from markupsafe import Markup
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QWidget

from inspector.gui.style.presented_type import PresentedType
from inspector.gui.style.safe_text import Label, RichLabel, plain_tip
from inspector.gui.style.screen_reader import announce
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, colour_text

from ..models.story_player import StoryPlayer

_KEYS = "Page Down  next     Page Up  back     Esc  end"
_MARGIN_PX, _SPACE_PX = 12, 10
#: What stands beside the words takes no larger share of the line.
_MOST_BESIDE_WORDS = 0.5


class StepDots(QWidget):
    """One dot for each step, that of the step that is on filled. GUI thread."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._count, self._at = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_step(self, at: int, count: int) -> None:
        """Fill the dot of a step, counted from 0."""
        self._at, self._count = at, count
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.update()

    def _edge(self) -> int:
        return max(7, round(0.6 * self.fontMetrics().height()))

    @override
    def sizeHint(self) -> QSize:
        edge = self._edge()
        return QSize(max(0, self._count * edge * 7 // 4 - edge * 3 // 4), edge)

    @override
    def paintEvent(self, _event: object) -> None:
        edge = self._edge()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for at in range(self._count):
                painter.setBrush(QColor(self._theme.selection if at == self._at else self._theme.border))
                painter.drawEllipse(QRectF(at * edge * 7 / 4, 0, edge, edge))


class StoryStrip(QFrame):
    """Shows the step of a player and lets go on, back and out of the story. GUI thread."""

    def __init__(self, player: StoryPlayer, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("story_strip")
        self.setAccessibleName("Story")
        self._player = player
        self._theme = theme
        self._look: PresentedType | None = None
        self._said = ""
        self._place = "", ""
        self.dots = StepDots(theme)
        self.place = Label()
        self.place.setObjectName("story_place")
        self.words = RichLabel()
        self.words.setObjectName("story_words")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.keys = Label(_KEYS)
        self.back_button = self._button("story_back_button", "Back", "The step before (Page Up)", player.back)
        self.next_button = self._button("story_next_button", "Next", "The next step (Page Down)", player.next)
        self.end_button = self._button("story_end_button", "✕", "End the story", player.end)
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(_SPACE_PX)
        self.set_theme(theme)
        self._lay_out()
        player.changed.connect(self._show_step)
        self._show_step()

    def _button(self, name: str, text: str, tip: str, act: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setToolTip(plain_tip(tip))
        button.clicked.connect(lambda _checked=False: act())  # type: ignore[operator]
        return button

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.dots.set_theme(theme)
        self.setStyleSheet(f"#story_strip {{ background: {theme.panel}; border-top: 1px solid {theme.border}; }}")
        for label in (self.place, self.keys):
            colour_text(label, theme.dim)
        self._show_step()

    def set_presenting(self, look: PresentedType | None) -> None:
        """Write in the large type of a presentation, or (None) in one line with buttons."""
        self._look = look
        self._lay_out()
        self._show_step()

    def _lay_out(self) -> None:
        look, grid = self._look, self._grid
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            grid.removeWidget(
                widget
            )  # takeAt would leave its item, which answers for the height of the text from then on
        for column in range(6):
            grid.setColumnStretch(column, 0)
        for button in (self.back_button, self.next_button, self.end_button):
            button.setVisible(look is None)
        self.keys.setVisible(look is not None)
        small = look.small if look is not None else QFont()
        for each in (self.dots, self.place, self.keys):
            each.setFont(small)
        self.words.setFont(look.sentence if look is not None else QFont())
        if look is None:
            grid.setContentsMargins(_MARGIN_PX, 4, _MARGIN_PX, 4)
            across = (self.dots, self.place, self.words, self.back_button, self.next_button, self.end_button)
            for column, widget in enumerate(across):
                grid.addWidget(widget, 0, column)
            grid.setColumnStretch(2, 1)
        else:
            margin = look.margin_px
            grid.setContentsMargins(margin, look.screen_px // 60, margin, look.screen_px // 60)
            grid.setVerticalSpacing(look.screen_px // 70)
            grid.addWidget(self.words, 0, 0, 1, 4)
            grid.addWidget(self.dots, 1, 0)
            grid.addWidget(self.place, 1, 1)
            grid.addWidget(self.keys, 1, 3)
            grid.setColumnStretch(2, 1)

    def _show_step(self) -> None:
        player = self._player
        story = player.story
        if story is None:
            return
        count = len(story.steps)
        self.dots.show_step(player.step_index, count)
        self._place = f"{player.step_index + 1} of {count}", f" · {story.title}"
        self._fit()
        self.back_button.setEnabled(player.step_index > 0)
        self.next_button.setText("Next" if player.step_index + 1 < count else "Done")
        caption, question = f"“{player.caption}”", player.question
        size = f"font-size: {self._look.caption.pointSizeF()}pt; " if self._look is not None else ""
        is_below = self._look is not None and self._is_long(caption, question)
        space = Markup("<br>") if is_below else Markup("&nbsp; ")
        asked = Markup("{}<i>{}</i>").format(space, question) if question else Markup()
        self.words.show_markup(Markup('<span style="{}font-weight: bold">{}</span>{}').format(size, caption, asked))
        said = f"{''.join(self._place)}: {player.caption} {question}".strip()
        self.setAccessibleDescription(said)
        self.words.setAccessibleName(said)
        if said != self._said and player.is_measured:
            self._said = said
            announce(self, said)

    def _fit(self) -> None:
        """Leave dots and title out where the words would have less than half of the line."""
        number, title = self._place
        buttons = (self.back_button, self.next_button, self.end_button)
        others = sum(each.sizeHint().width() + _SPACE_PX for each in (*buttons, self.dots)) + 2 * _MARGIN_PX
        others += self.place.fontMetrics().horizontalAdvance(number + title)
        is_narrow = self._look is None and others > self.width() * _MOST_BESIDE_WORDS
        self.dots.setVisible(not is_narrow)
        self.place.setText(number if is_narrow else number + title)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _is_long(self, caption: str, question: str) -> bool:
        """Return whether a question has no room beside its caption."""
        assert self._look is not None
        width = QFontMetrics(self._look.caption).horizontalAdvance(caption)
        return width + QFontMetrics(self._look.sentence).horizontalAdvance(f"  {question}") > self.words.width()
