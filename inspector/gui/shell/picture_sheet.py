"""Draws what a pane shows on a sheet with words above and below it, as a picture file or for the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPoint, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from inspector.gui.style.theme import Theme

#: Pixels of a bitmap for each logical pixel.
_SCALE = 2
_POINTS_PER_PIXEL = 0.75
_MARGIN_PX = 12
_TITLE_SCALE = 1.2


@dataclass(frozen=True, slots=True)
class PictureSheet:
    """A pane as shown, the words over it (the first line larger and bold) and those under it. GUI thread."""

    pane: QWidget
    theme: Theme
    above: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def size(self) -> QSize:
        """Width and height of the sheet, logical pixels."""
        return QSize(self.pane.width(), round(self._height(self.above) + self.pane.height() + self._height(self.below)))

    def image(self) -> QImage:
        """Return it as a bitmap."""
        image = QImage(self.size * _SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        self._paint_on(image)
        return image

    def save(self, path: Path) -> None:
        """Write the kind of file that the name's ending says: SVG, PDF or a bitmap. Raises ``OSError``."""
        existed = path.exists()
        path.open("ab").close()  # says why it can't be written, where Qt would not
        writers: dict[str, Callable[[Path], bool]] = {".svg": self._save_svg, ".pdf": self._save_pdf}
        if not writers.get(path.suffix.lower(), self._save_bitmap)(path):
            if not existed:
                path.unlink()
            raise OSError("only .png, .svg and .pdf are known here")

    def _save_bitmap(self, path: Path) -> bool:
        return self.image().save(str(path))

    def _save_svg(self, path: Path) -> bool:
        device = QSvgGenerator()
        device.setFileName(str(path))
        device.setSize(self.size)
        device.setViewBox(QRect(QPoint(), self.size))
        device.setTitle(self._title)
        return self._paint_on(device)

    def _save_pdf(self, path: Path) -> bool:
        device = QPdfWriter(str(path))
        device.setTitle(self._title)
        device.setPageSize(QPageSize(QSizeF(self.size) * _POINTS_PER_PIXEL, QPageSize.Unit.Point))
        device.setPageMargins(QMarginsF(), QPageLayout.Unit.Point)
        device.setResolution(round(72 / _POINTS_PER_PIXEL))
        return self._paint_on(device)

    @property
    def _title(self) -> str:
        return " ".join(self.above[:1]) or "Streaming Inspector"

    # Painting

    def _font(self, line: int, lines: tuple[str, ...]) -> QFont:
        font = QFont(self.pane.font())
        if line == 0 and lines is self.above:
            font.setBold(True)
            font.setPointSizeF(font.pointSizeF() * _TITLE_SCALE)
        return font

    def _height(self, lines: tuple[str, ...]) -> float:
        heights = [QFontMetricsF(self._font(at, lines)).lineSpacing() for at in range(len(lines))]
        return sum(heights) + _MARGIN_PX if lines else 0.0

    def _paint_on(self, device: QPaintDevice) -> bool:
        painter = QPainter()
        if not painter.begin(device):
            return False
        try:
            painter.fillRect(QRect(QPoint(), self.size), QColor(self.theme.background))
            top = self._height(self.above)
            self._write(painter, self.above, 0.0)
            painter.save()
            self.pane.render(painter, QPoint(0, round(top)))
            painter.restore()
            self._write(painter, self.below, top + self.pane.height())
        finally:
            painter.end()
        return True

    def _write(self, painter: QPainter, lines: tuple[str, ...], top: float) -> None:
        top += _MARGIN_PX / 2
        for at, line in enumerate(lines):
            font = self._font(at, lines)
            metrics, width = QFontMetricsF(font), self.pane.width() - 2 * _MARGIN_PX
            painter.setFont(font)
            painter.setPen(QColor(self.theme.text if font.bold() else self.theme.dim))
            area = QRectF(_MARGIN_PX, top, width, metrics.lineSpacing())
            shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, width)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            top += metrics.lineSpacing()
