"""The statistics tab: metrics of every layer and every gap, as two tables that can be copied."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame

from inspector.analysis.diagnosis.run_analysis import TAKING, RunAnalysis
from inspector.analysis.diagnosis.statistics_report import framing_overhead
from inspector.analysis.formatting import bytes_text, ratio_text, time_text
from inspector.analysis.metrics.measurements import GapMetrics, LayerMetrics
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.style.safe_text import RichBrowser
from inspector.gui.style.shield import override
from inspector.gui.style.theme import Theme, palette_of

_LAYER_HEADINGS = ("layer", "items", "bytes", "median size", "gap, median", "p95", "p99", "longest", "first byte")
_GAP_HEADINGS = ("gap", "in", "out", "in per out", "held at most", "wait", "median of all", "p95", "longest",
                 "what sits there")  # fmt: skip
_BETWEEN = Markup("<b>{} → {}</b>")
_SINCE = Markup("<p>Since {}</p>")
_WIRE = Markup("<p>Bytes on the wire per byte of body: {:.3f}</p>")


class StatisticsView(RichBrowser):
    """Two tables; nothing is computed while it is hidden. GUI thread."""

    def __init__(self, analysis: AnalysisModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("statistics_view")
        self.setAccessibleName("Statistics of layers and gaps")
        self.setToolTip("Figures of every layer and every gap")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._analysis = analysis
        analysis.judged.connect(self._take)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self.setPalette(palette_of(theme))
        self._take()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take()

    def _take(self) -> None:
        if not self.isVisible():
            return
        analysis = self._analysis.shown
        if not analysis.layers:
            self.setPlainText("Nothing has been recorded yet.")
            return
        at = self.verticalScrollBar().value()
        overhead = framing_overhead(analysis)
        wire = _WIRE.format(overhead) if overhead else ""
        layers = _table(_LAYER_HEADINGS, (_layer_row(layer) for layer in analysis.layers.values()))
        gaps = _table(_GAP_HEADINGS, (_gap_row(gap) for gap in self._gaps_of(analysis) if _is_told(gap)))
        since = _SINCE.format(self._analysis.since) if self._analysis.since else ""
        self.show_markup(Markup("{}<h4>Layers</h4>{}<h4>Gaps</h4>{}{}").format(since, layers, gaps, wire))
        self.verticalScrollBar().setValue(at)

    def _gaps_of(self, analysis: RunAnalysis) -> tuple[GapMetrics, ...]:
        """Return the gaps in order, and those of the verdict: all between view and reader, and a slow reader's."""
        verdict = self._analysis.verdict
        is_slow_reader = verdict is not None and verdict.kind == "back_pressure"
        return (*analysis.gaps, *((analysis.taking,) if is_slow_reader else ()), analysis.pipeline)


def _layer_row(layer: LayerMetrics) -> list[str]:
    return [
        Markup("<b>{}</b>").format(layer.name), f"{layer.count:,}", bytes_text(layer.total_bytes),
        bytes_text(layer.size_median_bytes or 0), _ms(layer.gap_p50_ms), _ms(layer.gap_p95_ms),
        _ms(layer.gap_p99_ms), _ms(layer.gap_max_ms), _ms(layer.ttfb_ms),
    ]  # fmt: skip


def _is_told(gap: GapMetrics) -> bool:
    return bool(gap.items_out if gap.gap.id == "pipeline" else gap.items_in)


def _gap_row(gap: GapMetrics) -> list[str]:
    per_item = "" if gap.coalescing is None else ratio_text(gap.coalescing)
    # Its reads have the times at which the reader took them, which the kernel may have had for long.
    later = "reader" if gap.gap.id == TAKING.id else gap.gap.later
    return [
        _BETWEEN.format(gap.gap.earlier, later), f"{gap.items_in:,}", f"{gap.items_out:,}", per_item,
        bytes_text(gap.held_bytes_max), _ms(gap.wait.ms), _ms(gap.delay_median_ms), _ms(gap.delay_p95_ms),
        _ms(gap.longest_ms), "all of it" if gap.gap.id == "pipeline" else gap.gap.culprit,
    ]  # fmt: skip


def _table(headings: tuple[str, ...], rows: Iterable[list[str]]) -> Markup:
    head = Markup().join(Markup("<th align={}>{}</th>").format(_side(at), text) for at, text in enumerate(headings))
    body = Markup().join(
        Markup("<tr>{}</tr>").format(Markup().join(_cell(at, cell) for at, cell in enumerate(row))) for row in rows
    )
    return Markup("<table cellspacing=0 cellpadding=4><tr>{}</tr>{}</table>").format(head, body)


def _cell(at: int, text: str) -> Markup:
    return Markup("<td align={}>{}</td>").format(_side(at), text)


def _side(at: int) -> str:
    return "left" if at == 0 else "right"


def _ms(value_ms: float | None) -> str:
    return "" if value_ms is None else time_text(value_ms)
