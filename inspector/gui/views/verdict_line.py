"""The verdict above the ladder: where bytes waited, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from inspector.analysis.diagnosis.verdict import Kind, Verdict, after_headline, rule_of, sentence
from inspector.catalogue import knob_of
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.style.icons import edge_beside, icon, pixmap, space_beside
from inspector.gui.style.presented_type import PresentedType
from inspector.gui.style.safe_text import Label, RichLabel, plain_tip
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme

from ..models.document import Document

VERDICT_ICONS: Mapping[Kind, str] = {
    "streams": "check", "coalesced": "warning", "held": "warning", "stalls": "clock", "back_pressure": "warning",
    "cut_short": "cut", "timed_out": "clock", "not_started": "error", "no_connection": "error",
    "not_valid_http": "error", "untrusted": "error", "bad_coding": "error", "not_a_stream": "warning",
    "stopped": "help", "over_limit": "help", "unknown": "help",
}  # fmt: skip
#: Kinds of verdicts in the colour of errors, and those that are neither good nor bad; all others but "streams" warn.
_FAILED_KINDS = ("cut_short", "timed_out", "not_started", "no_connection", "not_valid_http", "untrusted", "bad_coding")
_QUIET_KINDS = ("unknown", "stopped", "over_limit")
_WAITING = "Waiting for the first bytes …"
_NOTHING_YET = "Press Stream to start."


def verdict_colour(kind: str, theme: Theme) -> str:
    """Return the colour of a kind of verdict, wherever one is shown."""
    if kind in _FAILED_KINDS:
        return theme.error
    return {"streams": theme.message, **dict.fromkeys(_QUIET_KINDS, theme.dim)}.get(kind, theme.warning)


class VerdictLine(QFrame):
    """Icon, sentence, advice, a button that tries the setting which would cure it, and the evidence. GUI thread."""

    #: Set these knobs and run again.
    cure_requested = Signal(dict)

    def __init__(self, document: Document, analysis: AnalysisModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("verdict")
        self.setAccessibleName("Verdict")
        self._document = document
        self._analysis = analysis
        self._theme = theme
        self._sentence = _NOTHING_YET
        self._sign = Label()
        self.text = RichLabel(Markup("{}").format(_NOTHING_YET))
        self._texts = ("", _NOTHING_YET, "")
        self._colour = theme.text
        self._look: PresentedType | None = None
        self._is_alone = True
        self.text.setWordWrap(True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.cure_button = QPushButton()
        self.cure_button.setObjectName("cure_button")
        self.cure_button.clicked.connect(self._cure)
        self.why_button = QPushButton("Why?")
        self.why_button.setObjectName("why_button")
        self.why_button.setAccessibleName("Evidence of the verdict")
        self.why_button.setToolTip("Show the rule, the numbers of this run, and the bytes concerned")
        self.why_button.clicked.connect(self._show_evidence)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 10, 4)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self.text, 1)
        row.addWidget(self.cure_button)
        row.addWidget(self.why_button)
        analysis.judged.connect(self._judged)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        self._set_type()
        self.setStyleSheet(f"#verdict {{ background: {theme.background}; border-bottom: 1px solid {theme.border}; }}")
        self._judged()

    def _judged(self) -> None:
        verdict = self._analysis.verdict
        self.why_button.setEnabled(verdict is not None)
        self.cure_button.setVisible(verdict is not None and bool(verdict.cure) and self._look is None)
        if verdict is None:
            self._show("unknown", "", _NOTHING_YET if self._document.recording is None else _WAITING, "")
            return
        rest = f"{after_headline(verdict)} {verdict.figure}".strip()
        self._show(verdict.kind, verdict.headline, rest, verdict.advice)
        self.setAccessibleDescription(f"{sentence(verdict)} {verdict.advice}")
        if verdict.cure:
            words = ", ".join(_cure_text(name, value) for name, value in verdict.cure.items())
            settings = ", ".join(f"{name}={value or 'none'}" for name, value in verdict.cure.items())
            self.cure_button.setText(f"Try {words}")
            self.cure_button.setAccessibleName(f"Try {words}")
            self.cure_button.setToolTip(plain_tip(f"Stream it beside this run with {settings} (T)"))

    @property
    def sentence(self) -> str:
        """The verdict as shown, without its advice."""
        return self._sentence

    def _show(self, kind: Kind, headline: str, rest: str, advice: str) -> None:
        """Show icon and words, the headline in bold; a line that is too long wraps."""
        theme = self._theme
        space = "" if not headline or rest.startswith(".") else " "
        self._sentence = f"{headline}{space}{rest}"
        colour = verdict_colour(kind, theme)
        size = max(16, self.text.fontMetrics().height())
        self._sign.setPixmap(pixmap(VERDICT_ICONS[kind], QColor(colour), size_px=size, scale=self.devicePixelRatio()))
        self._texts = (headline, space + rest, advice)
        self._colour = theme.text if kind in _QUIET_KINDS else colour
        self._fit()
        edge = edge_beside(self)
        room = space_beside(self)
        self.why_button.setIcon(icon("help", QColor(theme.text), size_px=edge, space_px=room))
        self.why_button.setIconSize(QSize(edge + room, edge))

    def _markup(self, *, with_advice: bool) -> Markup:
        headline, rest, advice = self._texts
        if self._look is not None:
            return self._presented_markup(headline, rest.removeprefix(".").strip())
        behind = Markup("&nbsp; {}").format(advice) if with_advice and advice else ""
        return Markup('<b style="color: {}">{}</b>{}{}').format(self._colour, headline, rest, behind)

    def _presented_markup(self, headline: str, rest: str) -> Markup:
        """Return the headline in large type, and its sentence below where no story has a caption of its own."""
        assert self._look is not None
        if not headline:
            return Markup("{}").format(rest)
        large = Markup('<span style="color: {}; font-size: {}pt; font-weight: bold">{}</span>').format(
            self._colour, self._look.headline.pointSizeF(), headline
        )
        return large + Markup("<br>{}").format(rest) if self._is_alone and rest else large

    def _fit(self) -> None:
        """Show the advice where both need two lines at most, else leave it to the tooltip."""
        two_lines = 2 * self.text.fontMetrics().lineSpacing() + 2
        markup = self._markup(with_advice=True)
        if markup != self.text.text():
            self.text.show_markup(markup)
        fits = self._look is not None or self.text.heightForWidth(self.text.width()) <= two_lines
        self.text.setToolTip(plain_tip("" if fits and self._look is None else self._texts[2]))
        if not fits:
            self.text.show_markup(self._markup(with_advice=False))

    def set_presenting(self, look: PresentedType | None) -> None:
        """Show headline and sentence alone in large type while presenting, the usual line (None) otherwise."""
        self._look = look
        self.why_button.setVisible(look is None)
        self._sign.setVisible(look is None)
        margins = (12, 4, 10, 4) if look is None else (look.margin_px, look.screen_px // 60, 10, 4)
        self._row.setContentsMargins(*margins)
        self.set_theme(self._theme)

    def set_alone(self, alone: bool) -> None:
        """Show the sentence below the headline while presenting, or leave it to the caption of a story."""
        if alone != self._is_alone:
            self._is_alone = alone
            self._fit()

    def _set_type(self) -> None:
        self.text.setFont(QApplication.font() if self._look is None else self._look.sentence)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _cure(self) -> None:
        verdict = self._analysis.verdict
        if verdict is not None and verdict.cure:
            self.cure_requested.emit(dict(verdict.cure))

    def _show_evidence(self) -> None:
        verdict = self._analysis.verdict
        if verdict is None:
            return
        concerned = verdict.evidence.bytes
        if concerned is not None:
            layer = "chunk" if len(self._document.snapshot.tracks["chunk"]) else "read"
            self._document.select_bytes(layer, *concerned)
        popup = EvidencePopup(verdict, self)
        popup.adjustSize()
        popup.move(self.why_button.mapToGlobal(QPoint(self.why_button.width() - popup.width(), self.height())))
        popup.show()
        popup.setFocus()


class EvidencePopup(QFrame):
    """The rule, what it saw in this run, the bytes concerned, and what would change its verdict."""

    def __init__(self, verdict: Verdict, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("evidence")
        self.setAccessibleName("Evidence")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text = RichLabel(_evidence_markup(verdict))
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setWordWrap(True)
        self.text.setMinimumWidth(self.fontMetrics().averageCharWidth() * 60)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(self.text)


def _cure_text(name: str, value: str) -> str:
    """Return what stands behind "Try": ``without buffer``, ``proxy buffering off``."""
    knob = knob_of(name)
    if not value or (knob.is_buffer and value == "0"):
        return f"without {knob.nickname}"
    return f"{knob.nickname} {knob.words_of_text(value)}"


def _evidence_markup(verdict: Verdict) -> Markup:
    evidence, rule = verdict.evidence, rule_of(verdict)
    said = (
        ("Rule", rule.looks_for if rule is not None else ""),
        ("In this run", evidence.in_this_run),
        ("Bytes", f"{evidence.bytes[0]:,} to {evidence.bytes[1]:,} are selected." if evidence.bytes else ""),
        ("What would change it", rule.changes_if if rule is not None else ""),
    )
    explained = Markup().join(Markup("<p><i>{}:</i> {}</p>").format(*each) for each in said if each[1])
    return Markup("<b>{}</b><p>{}</p>{}").format(sentence(verdict), verdict.advice, explained)
