"""The light and the dark palette, and the colours of layers, warnings and errors in each.

``setColorScheme(Dark)`` alone changes nothing on plain X, offscreen and some desktops, so the application's palette is
set whole. The colours of layers follow Okabe and Ito; shape and word carry the same meaning for those who can't tell
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

ThemeChoice = Literal["system", "light", "dark"]
#: What there is to choose, and what it is called.
THEME_CHOICES: tuple[tuple[ThemeChoice, str], ...] = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"))


@dataclass(frozen=True, slots=True)
class Theme:
    """All colours of the window, as ``#rrggbb``."""

    name: Literal["light", "dark"]
    background: str
    panel: str
    raised: str
    border: str
    text: str
    dim: str
    selection: str
    selection_text: str
    server: str
    server_lane: str
    #: The median and the longest wait of a server's items, where single ones can't be told apart.
    server_waits: tuple[str, str]
    client: str
    client_lane: str
    client_waits: tuple[str, str]
    #: Selected marks and their way down the ladder: further from the ground than any layer.
    lit: str
    #: Lines of what falls straight down.
    fall: str
    #: The ground of the gap that the verdict accuses.
    accused: str
    message: str
    warning: str
    error: str
    grid: str
    band: str
    shade: str

    def layer_colour(self, side: str) -> QColor:
        """Return the colour of the marks of a side, ``server`` or ``client``."""
        return QColor(self.server if side == "server" else self.client)

    def lane_colour(self, side: str) -> QColor:
        """Return the background of the lanes of a side."""
        return QColor(self.server_lane if side == "server" else self.client_lane)

    def wait_colours(self, side: str) -> tuple[QColor, QColor]:
        """Return the colours of the median and of the longest wait in a gap of a side."""
        median, longest = self.server_waits if side == "server" else self.client_waits
        return QColor(median), QColor(longest)


LIGHT = Theme(
    name="light", background="#ffffff", panel="#f4f6f8", raised="#ffffff", border="#c9d1d9", text="#1b1f24",
    dim="#59636e", selection="#0a5bc4", selection_text="#ffffff",
    server="#C25100", server_lane="#fdf1e9", server_waits=("#8A3A00", "#D2752F"),
    client="#0067A3", client_lane="#e8f2f9", client_waits=("#004B78", "#3E8ABB"),
    lit="#08235c", fall="#6b7682", accused="#fdf6e3", message="#007355", warning="#8A5A00", error="#B3261E",
    grid="#e3e8ed", band="#cfe2fb", shade="#f2f5f8",
)  # fmt: skip
DARK = Theme(
    name="dark", background="#16181c", panel="#1d2025", raised="#262a31", border="#3d444d", text="#e6e9ee",
    dim="#9aa4b2", selection="#2f6fd6", selection_text="#ffffff",
    server="#E69F00", server_lane="#2a2418", server_waits=("#FFC24D", "#A67A1E"),
    client="#56B4E9", client_lane="#172630", client_waits=("#8AD0F7", "#3F82AA"),
    lit="#ffffff", fall="#8b95a2", accused="#26251b", message="#2BC49A", warning="#F0E442", error="#FF8A80",
    grid="#2b3038", band="#223f6b", shade="#1c1f24",
)  # fmt: skip


def system_is_dark() -> bool:
    """Return whether the desktop asks for dark colours."""
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def theme_of(choice: ThemeChoice) -> Theme:
    """Return the theme for a choice; ``system`` asks the desktop."""
    dark = system_is_dark() if choice == "system" else choice == "dark"
    return DARK if dark else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """Return a whole palette, with readable disabled colours."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: theme.panel, roles.WindowText: theme.text, roles.Base: theme.background,
        roles.AlternateBase: theme.shade, roles.Text: theme.text, roles.Button: theme.raised,
        roles.ButtonText: theme.text, roles.BrightText: theme.error, roles.Highlight: theme.selection,
        roles.HighlightedText: theme.selection_text, roles.Link: theme.client, roles.LinkVisited: theme.client,
        roles.ToolTipBase: theme.raised, roles.ToolTipText: theme.text, roles.PlaceholderText: theme.dim,
        roles.Light: theme.raised, roles.Midlight: theme.panel, roles.Mid: theme.border, roles.Dark: theme.border,
        roles.Shadow: theme.border, roles.Accent: theme.selection,
    }  # fmt: skip
    palette = QPalette()
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.dim))
    return palette


def field_palette_of(theme: Theme) -> QPalette:
    """Return the palette of what is typed into or ticked, which stands out from the window."""
    fields = palette_of(theme)
    fields.setColor(QPalette.ColorRole.Base, QColor(theme.raised))
    # What is off has the ground of the window: its text is as grey as that of an empty field.
    fields.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Base, QColor(theme.panel))
    if theme.name == DARK.name:
        # Fusion draws frames darker than the colour of the window, which a field itself paints nowhere.
        fields.setColor(QPalette.ColorRole.Window, QColor(theme.dim))
    return fields


def box_palette_of(theme: Theme) -> QPalette:
    """Return the palette of check boxes: nothing but its frame shows one that is not ticked."""
    boxes = field_palette_of(theme)
    boxes.setColor(QPalette.ColorRole.Window, QColor(theme.dim))
    return boxes


def colour_text(label: QWidget, colour: str) -> None:
    """Give a widget's text a colour by its palette: a style sheet would keep it from taking a new font."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
    label.setPalette(palette)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole application a theme."""
    # Setting a style again polishes every widget anew, also those on their way out, and Qt has crashed in it.
    if app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette_of(theme))
    fields = field_palette_of(theme)
    for field in ("QAbstractSpinBox", "QComboBox", "QLineEdit"):
        app.setPalette(fields, field)  # type: ignore[arg-type]  # takes str, unlike what its stubs say
    app.setPalette(box_palette_of(theme), "QCheckBox")  # type: ignore[arg-type]  # as above
    # No style sheet for all: it would keep a change of font from reaching widgets that were shown before.
    QToolTip.setPalette(fields)
