"""Fonts of a presentation: so large on a screen that a room reads them from eight metres."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF

#: Heights of capitals as shares of the screen's height.
HEADLINE, CAPTION, SENTENCE, NAME, SMALL = 1 / 21, 1 / 29, 1 / 35, 1 / 38, 1 / 55


@dataclass(frozen=True, slots=True)
class PresentedType:
    """The fonts for a screen of a height, logical pixels, at the user's size of type (1.0 is the system's)."""

    screen_px: int
    factor: float = 1.0

    @property
    def headline(self) -> QFont:
        """The font of the verdict's headline."""
        return self._font(HEADLINE, bold=True)

    @property
    def caption(self) -> QFont:
        """The font of a story's caption."""
        return self._font(CAPTION, bold=True)

    @property
    def sentence(self) -> QFont:
        """The font of the verdict's sentence and of a story's question."""
        return self._font(SENTENCE)

    @property
    def name(self) -> QFont:
        """The font of the names of lanes."""
        return self._font(NAME, bold=True)

    @property
    def small(self) -> QFont:
        """The font of what only who presents has to read."""
        return self._font(SMALL)

    @property
    def margin_px(self) -> int:
        """The margin at the edges of the screen, logical pixels."""
        return self.screen_px // 28

    def _font(self, share: float, *, bold: bool = False) -> QFont:
        font = QFont()
        font.setBold(bold)
        font.setPointSizeF(100)
        capitals = QFontMetricsF(font).capHeight()
        font.setPointSizeF(100 * share * self.screen_px * self.factor / capitals if capitals > 0 else 20)
        return font
