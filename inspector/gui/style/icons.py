"""SVG icons tinted in the theme's colour and rendered at one, two and three times their size.

``QStyle.standardIcon`` is invisible on dark and ``QIcon.fromTheme`` is often null, so the window brings its own.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from inspector.assets import asset_path

#: Edge of an icon beside text of the usual size, logical pixels.
SIZE_PX = 16
_SCALES = (1, 2, 3)
#: What the style leaves between an icon and the words beside it, whatever their size.
_STYLE_SPACE_PX = 4


def edge_beside(widget: QWidget) -> int:
    """Return the edge of an icon beside a widget's text, logical pixels: it grows with the type."""
    return max(SIZE_PX, round(0.95 * widget.fontMetrics().height()))


def space_beside(widget: QWidget) -> int:
    """Return the empty pixels that an icon needs at its right, besides those of the style, which don't grow."""
    return max(0, round(0.35 * widget.fontMetrics().height()) - _STYLE_SPACE_PX)


def icon(
    name: str, colour: QColor, *, size_px: int = SIZE_PX, disabled_colour: QColor | None = None, space_px: int = 0
) -> QIcon:
    """Return an icon of ``assets/icons`` in one colour, sharp on screens of one, two and three pixels a point.

    ``disabled_colour`` is for widgets that are off; without it the style dims the icon. ``space_px`` is left empty at
    its right, beside words. Call it again when the theme
    changes. Raises ``FileNotFoundError`` for a name that has no file. GUI thread only.
    """
    drawn = QIcon()
    for scale in _SCALES:
        drawn.addPixmap(pixmap(name, colour, size_px=size_px, scale=scale, space_px=space_px))
        if disabled_colour is not None:
            disabled = pixmap(name, disabled_colour, size_px=size_px, scale=scale, space_px=space_px)
            drawn.addPixmap(disabled, QIcon.Mode.Disabled)
    return drawn


def pixmap(name: str, colour: QColor, *, size_px: int = SIZE_PX, scale: float = 1, space_px: int = 0) -> QPixmap:
    """Return one picture of an icon: ``size_px`` logical pixels wide and high on a screen of ``scale`` pixels each.

    It is ``space_px`` wider than that, which stay empty at its right.
    """
    renderer = _renderer(name, colour.name())
    drawn = QPixmap(round((size_px + space_px) * scale), round(size_px * scale))
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(colour.alphaF())
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return drawn


def app_icon() -> QIcon:
    """Return the icon of the application, in its own colours, from 16 to 256 pixels. GUI thread only."""
    drawn = QIcon()
    for size_px in (16, 24, 32, 48, 64, 128, 256):
        drawn.addPixmap(pixmap("app", QColor(Qt.GlobalColor.black), size_px=size_px))
    return drawn


def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour).encode()))


@cache
def _svg(name: str) -> str:
    return asset_path(f"icons/{name}.svg").read_text(encoding="utf-8")
