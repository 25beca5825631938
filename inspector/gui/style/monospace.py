"""The monospaced font of bytes and code, with the size of its character cells."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

_SAMPLE = "0123456789abcdef" * 8


def mono_font(points: float) -> QFont:
    """Return the system's monospaced font at a size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setKerning(False)
    font.setPointSizeF(points)
    return font


@dataclass(frozen=True, slots=True)
class MonospaceFont:
    """A monospaced font with the size of its cells in logical pixels."""

    font: QFont
    column_px: float
    row_px: float
    ascent_px: float

    @classmethod
    def of(cls, points: float) -> MonospaceFont:
        """Measure the font of a size. Long runs of text are drawn as one, so a column is their mean advance."""
        font = mono_font(points)
        metrics = QFontMetricsF(font)
        column_px = metrics.horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        row_px = float(round(metrics.height() * 1.12))
        return cls(font, column_px, row_px, round((row_px - metrics.height()) / 2 + metrics.ascent()))
