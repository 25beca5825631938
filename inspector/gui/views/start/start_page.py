"""The start page, in the place of the ladder: stories as cards, recent runs and addresses, and "just stream".

At a first start the first story counts down and begins by itself; any key, click, turn of the wheel or movement over
the cards ends the countdown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from inspector.gui.models.run_card import RunCard
from inspector.gui.style.safe_text import Label
from inspector.gui.style.screen_reader import announce
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, colour_text
from inspector.stories.story import Story

from .card_grid import GridNeeds, GridPlan, plan
from .page_button import PageButton, PageLink
from .recent_run import RecentRun
from .story_card import StoryCard

_TITLE = "Where did the chunk wait?"
_SUBTITLE = (
    "Pick a story: each runs for real, in under a minute. Or stream a view, an address, a recording of your own."
)
COUNTDOWN_S = 5
_TITLE_SCALE = 2.0
#: Kinds of events that show that somebody is there.
_SIGNS_OF_LIFE = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.Shortcut)


class StartPage(QScrollArea):
    """Cards at the left, what was there before at the right. Emits what is chosen. GUI thread."""

    #: Carries a `Story`.
    story_chosen = Signal(object)
    #: Carries a `LibraryEntry`.
    run_chosen = Signal(object)
    #: Carries an address.
    address_chosen = Signal(str)
    open_requested = Signal()
    picker_requested = Signal()
    #: Escape, or its button.
    left = Signal()

    def __init__(self, stories: Sequence[Story], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("start_page")
        self.setAccessibleName("Start page")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self._theme = theme
        self._body = QWidget()
        self._body.setAutoFillBackground(True)
        self._body.setObjectName("start_body")
        self._title = Label(_TITLE, self._body)
        self._subtitle = Label(_SUBTITLE, self._body)
        self._subtitle.setWordWrap(True)
        self.cards = [StoryCard(story, theme, self._body) for story in stories]
        for card in self.cards:
            card.clicked.connect(lambda _checked=False, card=card: self._choose(card.story))
            card.stepped.connect(lambda right, down, card=card: self._step(card, right, down))
            card.hovered.connect(self.end_countdown)
        self._recent_heading, self._start_heading = (self._heading(text) for text in ("Recent", "Or"))
        self._runs: list[RecentRun] = []
        self._addresses: list[PageLink] = []
        self.leave_button = self._link("start_leave", "", "Esc", self.left.emit)
        self._links = [
            self.leave_button,
            self._link("start_open", "Open recording…", "Ctrl+O", self.open_requested.emit),
            self._link("start_picker", "Type an address…", "Ctrl+L", self.picker_requested.emit),
        ]
        self._plan: GridPlan | None = None
        self._seconds_left = 0
        self._timer = QTimer(self)
        self._timer.setObjectName("start_countdown")
        self._timer.setInterval(1_000)
        self._timer.timeout.connect(self._tick)
        self.setWidget(self._body)
        self.set_theme(theme)

    def _heading(self, text: str) -> Label:
        return Label(text, self._body)

    def _link(self, name: str, text: str, keys: str, act: Callable[[], object]) -> PageLink:
        link = PageLink(name, text, keys, self._theme, self._body)
        link.clicked.connect(lambda _checked=False: act())
        return link

    # Showing

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        palette = QPalette(self._body.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.background))
        self._body.setPalette(palette)
        colour_text(self._subtitle, theme.dim)
        parts: tuple[PageButton, ...] = (*self.cards, *self._runs, *self._addresses, *self._links)
        for part in parts:
            part.set_theme(theme)
        self._set_type()

    def _set_type(self) -> None:
        font = QFont(QApplication.font())
        font.setBold(True)
        for heading in (self._recent_heading, self._start_heading):
            heading.setFont(font)
        large = QFont(font)
        large.setPointSizeF(font.pointSizeF() * _TITLE_SCALE)
        self._title.setFont(large)
        self._arrange()

    def set_leave_text(self, text: str) -> None:
        """Say what Escape does."""
        self.leave_button.set_text(text)

    def show_runs(self, cards: Sequence[RunCard]) -> None:
        """Offer runs to open, newest first."""
        for gone in self._runs:
            gone.deleteLater()
        self._runs = [RecentRun(card, self._theme, self._body) for card in cards]
        for run in self._runs:
            run.clicked.connect(lambda _checked=False, run=run: self.run_chosen.emit(run.card.entry))
        self._order_and_show(self._runs)

    def show_addresses(self, addresses: Sequence[str]) -> None:
        """Offer addresses to stream, newest first."""
        for gone in self._addresses:
            gone.deleteLater()
        self._addresses = []
        for address in addresses:
            link = self._link("recent_address", address, "", partial(self.address_chosen.emit, address))
            link.setAccessibleName(f"Recent address: {address}")
            self._addresses.append(link)
        self._order_and_show(self._addresses)

    def _order_and_show(self, made: Sequence[QWidget]) -> None:
        before: QWidget | None = None
        parts: tuple[QWidget, ...] = (*self.cards, *self._runs, *self._addresses, *self._links)
        for widget in parts:
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
        for widget in made:
            widget.show()
        self._arrange()

    # Room

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._set_type()

    def _arrange(self) -> None:
        """Put everything where there is room for it."""
        em = self.fontMetrics().height()
        room = self.viewport().size()
        title = QFontMetrics(self._title.font()).height()
        subtitle = self._subtitle.heightForWidth(max(1, room.width() - 4 * em))
        needs = GridNeeds(
            em=em,
            cards=len(self.cards),
            card_text=max((card.text_height() for card in self.cards), default=0),
            head=title + subtitle + round(0.8 * em),
            runs=len(self._runs),
            run=round(2.9 * em),
            links=(len(self._addresses), len(self._links)),
            link=round(1.9 * em),
        )
        planned = self._plan = plan(room.width(), room.height(), needs)
        self._title.setGeometry(QRect(planned.left, planned.top, planned.width, title))
        self._subtitle.setGeometry(
            QRect(planned.left, planned.top + title + em // 3, planned.width, needs.head - title - em // 3)
        )
        self._subtitle.setAlignment(Qt.AlignmentFlag.AlignTop)
        for card, area in zip(self.cards, planned.cards, strict=True):
            card.setGeometry(area)
        self._recent_heading.setVisible(bool(self._runs or self._addresses))
        for heading, area in zip((self._recent_heading, self._start_heading), planned.headings, strict=True):
            heading.setGeometry(area)
        beside: tuple[QWidget, ...] = (*self._runs, *self._addresses, *self._links)
        for widget, area in zip(beside, planned.beside, strict=True):
            widget.setVisible(not area.isEmpty())
            widget.setGeometry(area)
        self._body.setMinimumHeight(planned.height)

    # Keys

    def focus_first(self) -> None:
        """Put the focus on the first card, or on the first link where there are no stories."""
        (self.cards[0] if self.cards else self.leave_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, card: StoryCard, right: int, down: int) -> None:
        columns = self._plan.columns if self._plan is not None else 1
        to = self.cards.index(card) + right + down * columns
        if 0 <= to < len(self.cards):
            self.cards[to].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(self.cards[to])
        elif right > 0 or down > 0:
            beside: Sequence[PageButton] = self._runs or self._links
            beside[0].setFocus(Qt.FocusReason.TabFocusReason)

    # Counting down

    def begin_countdown(self) -> None:
        """Let the first story begin by itself in a few seconds, unless somebody does something."""
        if not self.cards:
            return
        self._seconds_left = COUNTDOWN_S
        self._show_countdown()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._timer.start()
        announce(self, f"{self.cards[0].story.title} begins in {COUNTDOWN_S} seconds. Any key stops it.")

    def end_countdown(self) -> None:
        """Let nothing begin by itself."""
        if self._timer.isActive():
            self._timer.stop()
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            self.cards[0].set_countdown("")

    def _tick(self) -> None:
        self._seconds_left -= 1
        if self._seconds_left > 0:
            self._show_countdown()
        else:
            self._choose(self.cards[0].story)

    def _show_countdown(self) -> None:
        self.cards[0].set_countdown(f"▶ in {self._seconds_left} s")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self.end_countdown()
        return super().eventFilter(watched, event)

    def _choose(self, story: Story) -> None:
        self.end_countdown()
        self.story_chosen.emit(story)
