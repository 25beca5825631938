"""The dialog that lists all keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from markupsafe import Markup
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from inspector.gui.style.safe_text import RichBrowser


class Keyed(Protocol):
    """An action with its keys."""

    @property
    def keys(self) -> tuple[str, ...]: ...  # noqa: D102

    @property
    def text(self) -> str: ...  # noqa: D102


#: Keys of the canvases, for the help text; they act where the focus is.
CANVAS_KEYS: tuple[tuple[str, str], ...] = (
    ("Left, Right", "step through the items of a layer; Shift extends"),
    ("Up, Down", "follow the selection to the layer above or below"),
    ("N", "next long gap"),
    ("F", "zoom to the selection, or to all"),
    ("W, S", "zoom in, zoom out, at the pointer where it is over the picture (wheel)"),
    ("A, D", "move to earlier or later times (Shift+wheel, dragging)"),
    ("Home, End", "first item; follow the end (of a replay: its beginning; the whole run again)"),
    ("Escape", "select nothing and forget a measured span"),
    ("Space", "freeze or resume a live picture; replay a finished run, or rest"),
    ("Drag in the ruler", "look back: all panes show that moment"),
    ("Shift+drag", "measure a span and select the items in it"),
    ("Menu key", "what can be done with the selection; a right click asks about what lies there"),
    ("Double click", "show the whole run"),
)

#: Keys that turn the buffer of what is chosen, the app's own or the client's.
BUFFER_KEYS: tuple[tuple[str, str], ...] = (
    ("1", "none: no buffer at all"),
    ("2 to 8", "2, 5, 10, 50, 100, 500, 1,000 items (bytes in steps for a URL's client buffer)"),
    ("9", "all: everything is held until the end"),
    ("+, -", "a quarter larger, a quarter smaller"),
)


def _runs_keys() -> list[tuple[str, str]]:
    """Return the keys of the list of runs, from the table of its actions."""
    from inspector.gui.views.runs.runs_pane import RUN_ACTIONS

    return [(act[2], act[1]) for act in RUN_ACTIONS if act is not None and act[2]]


def words_of(text: str) -> str:
    """Return what an action does, without its mnemonic and the sign that a dialog follows."""
    return text.replace("&", "").rstrip("…")


def show_keys(window: QWidget, actions: Sequence[Keyed]) -> None:
    """Show all keys in a dialog."""
    named = {key for keys, _ in BUFFER_KEYS for key in keys.split(", ")} | set("2345678")
    rows = [
        (", ".join(action.keys), words_of(action.text))
        for action in actions
        if action.keys and action.keys[0] not in named
    ]
    tables = [
        ("Everywhere", rows),
        ("The buffer, also of a running stream", list(BUFFER_KEYS)),
        ("In the ladder and the staircase", list(CANVAS_KEYS)),
        ("In the list of runs", _runs_keys()),
    ]
    row = Markup("<tr><td><b>{}</b>&nbsp;&nbsp;</td><td>{}</td></tr>")
    markup = Markup().join(
        Markup("<h4>{}</h4><table cellspacing=4>{}</table>").format(
            heading, Markup().join(row.format(keys, text) for keys, text in table)
        )
        for heading, table in tables
    )
    dialog = QDialog(window)
    dialog.setObjectName("keys_help")
    dialog.setWindowTitle("Keys")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    text = RichBrowser()
    text.setAccessibleName("Keys")
    text.show_markup(markup)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(text)
    column.addWidget(buttons)
    letter = dialog.fontMetrics()
    wanted = QSize(70 * letter.averageCharWidth() + 80, 40 * letter.height())
    dialog.resize(wanted.boundedTo(window.screen().availableSize() * 0.9))
    dialog.open()
