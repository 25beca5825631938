"""Saves a screenshot of the window as a PNG file."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.gui.views.banner import Banner


def save_picture(window: QWidget, banner: Banner) -> None:
    """Ask for a file and save the window as it is."""
    name, _ = QFileDialog.getSaveFileName(window, "Save picture", "streaming-inspector.png", "PNG pictures (*.png)")
    if name and not window.grab().save(name):
        banner.say("error", f"The picture could not be written to {name}. Choose another folder.")
