"""The status bar: state of the run, response status, and live figures of the stream."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from inspector.analysis.formatting import bytes_text, count_text, duration_text, rate_text
from inspector.analysis.metrics.layer_statistics import LayerStatistics, rate_bytes_per_s
from inspector.gui.models.document import Document
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.icons import edge_beside, pixmap
from inspector.gui.style.run_states import RunState
from inspector.gui.style.safe_text import Label
from inspector.gui.style.theme import Theme, colour_text
from inspector.recording.layers import layer_of
from inspector.recording.meta import Meta, ResponseMeta

_FRAMING = {
    "chunked": "chunked", "content-length": "Content-Length", "close-delimited": "until close", "none": "no body",
    "unknown": "body unknown",
}  # fmt: skip


class StatusBar(QFrame):
    """One line at the bottom. GUI thread; figures are taken per frame at a cost that doesn't grow."""

    def __init__(self, document: Document, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("status_bar")
        self._document = document
        self._theme = theme
        self._state = RunState.IDLE
        self._replay_text = ""
        self._statistics: dict[str, LayerStatistics] = {}
        self._sign = Label()
        self._word = Label(RunState.IDLE.value.word)
        self._word.setObjectName("status_state")
        bold = QFont()
        bold.setBold(True)
        self._word.setFont(bold)
        self._word.setAccessibleName("State")
        self._response = ElidedLabel()
        self._response.setObjectName("status_response")
        self._figures = ElidedLabel()
        self._figures.setObjectName("status_figures")
        self.hint = Label("")
        self.hint.setObjectName("status_hint")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(8)
        layout.addWidget(self._sign)
        layout.addWidget(self._word)
        layout.addWidget(_gap())
        layout.addWidget(self._response)
        self._behind_response = _gap()
        layout.addWidget(self._behind_response)
        layout.addWidget(self._figures, 1)
        layout.addWidget(self.hint)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._restart()
        document.was_reset.connect(self._restart)
        document.shrank.connect(self._statistics.clear)
        document.grew.connect(self._grew)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self.setStyleSheet(f"StatusBar {{ background: {theme.panel}; border-top: 1px solid {theme.border}; }}")
        colour_text(self.hint, theme.warning)
        self.show_state(self._state)

    def show_state(self, state: RunState) -> None:
        """Show icon and word of a state."""
        self._state = state
        if self._replay_text:
            return
        tones = {
            "plain": self._theme.dim, "live": self._theme.client, "good": self._theme.message,
            "warning": self._theme.warning, "error": self._theme.error,
        }  # fmt: skip
        colour = tones[state.value.tone]
        self._sign.setPixmap(
            pixmap(state.value.icon, QColor(colour), size_px=edge_beside(self), scale=self.devicePixelRatio())
        )
        self._word.setText(state.value.word)
        colour_text(self._word, colour if state.value.tone != "plain" else self._theme.text)

    def show_replay(self, text: str, *, is_playing: bool) -> None:
        """Show what moment of a replay is shown instead of a state; "" for no replay."""
        if not text:
            if self._replay_text:
                self._replay_text = ""
                self._word.setMinimumWidth(0)
                self.show_state(self._state)
            return
        self._replay_text = text
        # As wide at every moment, so that what stands beside it stands still.
        widest = "".join("8" if letter.isdigit() else letter for letter in text)
        self._word.setMinimumWidth(max(self._word.minimumWidth(), self._word.fontMetrics().horizontalAdvance(widest)))
        colour = QColor(self._theme.selection)
        name, edge = "play" if is_playing else "pause", edge_beside(self)
        self._sign.setPixmap(pixmap(name, colour, size_px=edge, scale=self.devicePixelRatio()))
        self._word.setText(text)
        colour_text(self._word, self._theme.text)

    def _restart(self) -> None:
        self._statistics.clear()
        self._show_response("")
        self._figures.setText("")

    def _show_response(self, text: str) -> None:
        self._response.setText(text)
        self._response.setVisible(bool(text))
        self._behind_response.setVisible(bool(text))

    def _grew(self, changed: set[str]) -> None:
        meta = self._document.snapshot.meta
        if meta is None:
            return
        if "meta" in changed:
            self._show_response(_words_of(meta.response) if meta.response is not None else "")
        layer = "chunk" if meta.response is not None and meta.response.framing == "chunked" else "read"
        track = self._document.snapshot.tracks[layer]
        statistics = self._statistics.setdefault(layer, LayerStatistics())
        statistics.update(track)
        self._figures.setText(self._figures_of(meta, layer, statistics))

    def _figures_of(self, meta: Meta, layer: str, statistics: LayerStatistics) -> str:
        names = layer_of(layer)
        count = statistics.count
        figures = [
            count_text(count, layer),
            bytes_text(self._document.snapshot.content_bytes),
        ]
        if (now_ns := self._document.now_ns) is not None:
            rate = rate_bytes_per_s(self._document.snapshot.tracks[layer], now_ns)
            figures.append(rate_text(rate))
        elif meta.ending is not None and meta.request.sent_t_ns:
            figures.append(f"in {duration_text(meta.ending.t_ns - meta.request.sent_t_ns)}")
        first = statistics.time_to_first_byte_ns(meta.request.sent_t_ns)
        if first is not None:
            figures.append(f"first byte {duration_text(first)}")
        median, p95 = statistics.gaps_ns.median, statistics.gaps_ns.quantile(0.95)
        if median is not None and p95 is not None:
            figures.append(f"between {names.items}: {duration_text(median)} median, {duration_text(p95)} p95")
        return "   ".join(figures)


def _words_of(response: ResponseMeta) -> str:
    coding = "" if response.content_coding == "identity" else f", {response.content_coding}"
    return f"{response.status} {response.reason} · {response.http_version} {_FRAMING[response.framing]}{coding}"


def _gap() -> QWidget:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setEnabled(False)
    line.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    line.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return line
