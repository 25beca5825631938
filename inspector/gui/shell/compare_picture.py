"""Saves the comparison of A and B as one PNG, SVG or PDF picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QPoint, QRect, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QWidget

if TYPE_CHECKING:
    from .compare_page import ComparePage

_FILTER = "PNG picture (*.png);;SVG picture (*.svg);;PDF (*.pdf)"
_SCALE = 2
_POINTS_PER_PIXEL = 0.75


def ask_and_save(page: ComparePage) -> None:
    """Ask for a file and save the page."""
    name, _ = QFileDialog.getSaveFileName(page, "Save picture", "a-and-b.png", _FILTER)
    if name:
        path = Path(name)
        if save(page, path):
            page.hinted.emit(f"Saved as {path.name}")
        else:
            page.said.emit("error", f"The picture could not be written to {path}. Choose another folder.")


def save(page: ComparePage, path: Path) -> bool:
    """Save the page as the kind of file that the name's ending tells, PNG for any other; tell whether it worked."""
    try:
        path.open("wb").close()
    except OSError:
        return False
    were_shown = not page.buttons["swap"].isHidden()
    page.show_buttons(False)
    try:
        # The layout takes the room of the buttons for the sentence before it is painted.
        if layout := page.layout():
            layout.activate()
        return {".svg": _save_svg, ".pdf": _save_pdf}.get(path.suffix.lower(), _save_png)(page, path)
    finally:
        page.show_buttons(were_shown)


def _save_png(page: QWidget, path: Path) -> bool:
    image = QImage(page.size() * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    page.render(image)
    return image.save(str(path))


def _save_svg(page: QWidget, path: Path) -> bool:
    device = QSvgGenerator()
    device.setFileName(str(path))
    device.setSize(page.size())
    device.setViewBox(QRect(QPoint(), page.size()))
    device.setTitle("Streaming Inspector: A and B")
    return _render(page, device)


def _save_pdf(page: QWidget, path: Path) -> bool:
    device = QPdfWriter(str(path))
    size = QSizeF(page.size()) * _POINTS_PER_PIXEL
    device.setPageSize(QPageSize(size, QPageSize.Unit.Point))
    device.setPageMargins(QMarginsF(), QPageLayout.Unit.Point)
    device.setResolution(round(72 / _POINTS_PER_PIXEL))
    return _render(page, device)


def _render(page: QWidget, device: QPaintDevice) -> bool:
    painter = QPainter()
    if not painter.begin(device):
        return False
    try:
        page.render(painter, QPoint())
    finally:
        painter.end()
    return True
