"""The head of a comparison: the figure that matters most as large as a headline, ``49 ms → 0.1 ms``, others beside."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget

from inspector.analysis.comparison.side_by_side import Pair
from inspector.gui.style.elided_label import ElidedLabel
from inspector.gui.style.safe_text import RichLabel
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

_LEAD_SCALE = 1.7
_BETWEEN = "  ·  "


class CompareFigures(QWidget):
    """One line: what A has, an arrow, what B has. Empty until there are figures. GUI thread."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("compare_figures")
        self._theme = theme
        self._pairs: Sequence[Pair] = ()
        self._is_fair = True
        self._lead = RichLabel()
        self._lead.setObjectName("compare_lead")
        self._lead.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._rest = ElidedLabel()
        self._rest.setObjectName("compare_rest")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._lead)
        row.addWidget(self._rest, 1)
        self._fit()

    def show_pairs(self, pairs: Sequence[Pair], *, is_fair: bool) -> None:
        """Show figures, the most telling one first, and without stress where they can't be compared."""
        if (pairs, is_fair) != (self._pairs, self._is_fair):
            self._pairs, self._is_fair = pairs, is_fair
            self._show()

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return _BETWEEN.join(f"{pair.text} {pair.label}" for pair in self._pairs)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self._fit()
        self._show()

    def _show(self) -> None:
        self._lead.setVisible(bool(self._pairs))
        self.setAccessibleName("Figures of A and B")
        said = (f"{pair.label}: {pair.a} in A, {pair.b} in B" for pair in self._pairs)
        self.setAccessibleDescription(". ".join(said))
        if not self._pairs:
            self._rest.setText("")
            return
        lead, theme = self._pairs[0], self._theme
        plain = theme.text if self._is_fair else theme.dim
        colour = {"better": theme.message, "worse": theme.warning}.get(lead.tone, plain)
        arrow = Markup('<span style="color: {}">→</span>').format(theme.dim)
        markup = Markup('<span style="color: {}">{}</span> {} <span style="color: {}">{}</span>').format(
            plain, lead.a, arrow, colour, lead.b
        )
        self._lead.show_markup(markup)
        label = lead.label
        others = [f"{pair.label} {pair.text}" for pair in self._pairs[1:]]
        self._rest.setText(_BETWEEN.join((label, *others)), shorter=label)

    def _fit(self) -> None:
        font = QFont(QApplication.font())
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * _LEAD_SCALE)
        self._lead.setFont(font)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._fit()
