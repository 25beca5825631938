"""The line below a sweep's sentence that names what the setting does not change, in place of charts of noise."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from inspector.analysis.sweep.sweep_results import Metric
from inspector.gui.style.safe_text import Label
from inspector.gui.style.theme import Theme, colour_text


class UnchangedLine(QWidget):
    """Hidden while there is nothing to name. GUI thread."""

    #: The charts of these are wanted after all, or no longer.
    wanted_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sweep_unchanged")
        self._text = Label()
        self._text.setObjectName("sweep_unchanged_text")
        self._text.setAccessibleName("What the setting does not change")
        self._text.setWordWrap(True)
        self.button = QToolButton()
        self.button.setObjectName("sweep_all_charts")
        self.button.setText("All charts")
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setAccessibleName("Show the charts of what does not change, too")
        self.button.setToolTip("Show the charts of what does not change, too")
        self.button.toggled.connect(lambda _shown: self.wanted_changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 4)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def shows_all(self) -> bool:
        """Whether the charts are wanted all the same."""
        return self.button.isChecked()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def tell(self, metrics: Sequence[tuple[Metric, str]]) -> None:
        """Name metrics, each with what it is."""
        said = " · ".join(f"{metric.title.lower().replace('cpu', 'CPU')} ({text})" for metric, text in metrics)
        self._text.setText(f"Too close to tell from chance: {said}." if metrics else "")
        self.setVisible(bool(metrics))

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        colour_text(self._text, theme.dim)
