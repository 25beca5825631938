"""About: what this is, and the versions that a bug report needs."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from inspector import __version__
from inspector.gui.style.safe_text import Label

#: What is worth knowing of a machine where something went wrong.
_PACKAGES = ("PySide6-Essentials", "Flask", "Werkzeug", "Jinja2", "httpx", "numpy", "msgspec", "psutil")
_SENTENCE = "Shows every yield and every chunk of a streamed HTTP response, and where each one waited."


def versions_text() -> str:
    """Return the versions of the program and of what it stands on, one on each line."""
    lines = [
        f"Streaming Inspector {__version__}",
        f"Python {sys.version.split()[0]}",
        f"Qt {qVersion()}, {QGuiApplication.platformName()}",
        *(f"{name} {_version_of(name)}" for name in _PACKAGES),
        f"{platform.system()} {platform.release()}, {platform.machine()}",
    ]
    return "\n".join(lines)


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def show_about(window: QWidget) -> None:
    """Show the dialog over a window."""
    dialog = QDialog(window)
    dialog.setObjectName("about")
    dialog.setWindowTitle("About Streaming Inspector")
    text = QPlainTextEdit(versions_text())
    text.setObjectName("about_versions")
    text.setReadOnly(True)
    text.setAccessibleName("Versions")
    text.setToolTip("For bug reports")
    sentence = Label(_SENTENCE)
    sentence.setWordWrap(True)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    copy = buttons.addButton("Copy versions", QDialogButtonBox.ButtonRole.ActionRole)
    copy.setObjectName("about_copy")
    copy.setToolTip("Put the versions on the clipboard")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(versions_text() + "\n"))
    column = QVBoxLayout(dialog)
    for widget in (sentence, text, buttons):
        column.addWidget(widget)
    letter = dialog.fontMetrics()
    dialog.resize(56 * letter.averageCharWidth(), 20 * letter.height())
    show_over(dialog, buttons)


def show_over(dialog: QDialog, buttons: QDialogButtonBox) -> None:
    """Open a dialog that goes away when it is closed."""
    from PySide6.QtCore import Qt

    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    buttons.rejected.connect(dialog.reject)
    dialog.open()
