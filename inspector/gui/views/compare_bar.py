"""The bar above ladder A or B: what it streams, what differs from the other run, its state and verdict."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.icons import edge_beside, pixmap
from inspector.gui.style.run_states import RunState, state_of
from inspector.gui.style.safe_text import Label
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, colour_text

from .verdict_line import VERDICT_ICONS, verdict_colour

#: Kinds of verdicts that say what the state beside them says already, or nothing.
_TOLD_BY_THE_STATE = (
    "unknown", "cut_short", "timed_out", "not_started", "no_connection", "not_valid_http", "untrusted", "bad_coding",
    "stopped", "over_limit",
)  # fmt: skip


class Badge(QWidget):
    """A letter on a coloured ground. GUI thread."""

    def __init__(self, letter: str, theme: Theme) -> None:
        super().__init__()
        self._letter = letter
        self._theme = theme
        self.setAccessibleName(f"Run {letter}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self._fit()
        self.update()

    def _fit(self) -> None:
        edge = self.fontMetrics().height() + 6
        self.setFixedSize(edge, edge)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    @override
    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.selection))
            painter.drawRoundedRect(self.rect(), 4, 4)
            font = QFont(self.font())
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(self._theme.selection_text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)


class CompareBar(QFrame):
    """One line over a ladder. ``picker`` is what chooses the run of this side, None where the toolbar does."""

    def __init__(
        self, letter: str, document: Document, analysis: AnalysisModel, theme: Theme, *, picker: QWidget | None = None
    ) -> None:
        super().__init__()
        self.setObjectName(f"side_{letter.lower()}")
        self._document = document
        self._analysis = analysis
        self._theme = theme
        self._picker = picker
        self._is_presenting = False
        self._badge = Badge(letter, theme)
        self._title = ElidedLabel()
        self._differs = Label()
        self._sign = Label()
        self._words = ElidedLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(8)
        row.addWidget(self._badge)
        if picker is not None:
            row.addWidget(picker)
        row.addWidget(self._differs)
        row.addWidget(self._title, 1)
        row.addWidget(self._sign)
        row.addWidget(self._words)
        document.was_reset.connect(self._show_run)
        document.grew.connect(lambda changed: self._show_run() if "meta" in changed else None)
        analysis.judged.connect(self._show_run)
        self._is_replay = document.moment_ns is not None
        document.moment_changed.connect(self._moment_changed)
        self.set_theme(theme)

    def show_differing(self, text: str) -> None:
        """Say which knobs are others than on the other side."""
        if text != self._differs.text():
            self._differs.setText(text)
            self._differs.setVisible(bool(text))
            self._show_run()

    def set_presenting(self, presenting: bool) -> None:
        """Say nothing but what differs and what came of it."""
        self._is_presenting = presenting
        if self._picker is not None:
            self._picker.setVisible(not presenting)
        self._show_run()

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self._badge.set_theme(theme)
        bold = QFont()
        bold.setBold(True)
        self._differs.setFont(bold)
        colour_text(self._differs, theme.client)
        colour_text(self._words, theme.text)
        self.setStyleSheet(
            f"#{self.objectName()} {{ background: {theme.panel}; border-top: 1px solid {theme.border};"
            f" border-bottom: 1px solid {theme.border}; }}"
        )
        self._show_run()

    def _moment_changed(self) -> None:
        if self._is_replay != (self._document.moment_ns is not None):
            self._is_replay = not self._is_replay
            self._show_run()

    def _show_run(self) -> None:
        meta, verdict = self._document.snapshot.meta, self._analysis.verdict
        title = meta.title if meta else "nothing streamed yet"
        self._title.setText("" if self._is_presenting and self._differs.text() else title)
        state = (RunState.REPLAY if self._is_replay else state_of(meta)).value if meta else None
        words = state.word if state else ""
        is_judged = verdict is not None and verdict.kind not in _TOLD_BY_THE_STATE
        if verdict is not None and is_judged:
            words = verdict.headline if self._is_presenting else f"{words} · {verdict.headline}"
        self._words.setText(words)
        self._sign.setVisible(state is not None)
        if state is not None:
            colours = {
                "plain": self._theme.dim, "live": self._theme.client, "good": self._theme.message,
                "warning": self._theme.warning, "error": self._theme.error,
            }  # fmt: skip
            name, colour = state.icon, colours[state.tone]
            if verdict is not None and is_judged and state.tone == "good":
                name, colour = VERDICT_ICONS[verdict.kind], verdict_colour(verdict.kind, self._theme)
            self._sign.setPixmap(pixmap(name, QColor(colour), size_px=edge_beside(self), scale=self.devicePixelRatio()))
