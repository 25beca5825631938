"""Checks what Qt needs (display, libraries, fonts) before Qt is loaded, which would abort without a reason.

The first step of starting the window. Imports no Qt unless the system can load it; takes some 3 ms.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable, Mapping

from .system_libraries import FONT, LIBRARIES_BY_PLATFORM, Library

#: Told on standard error where there is no screen.
NO_DISPLAY = "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set): the window runs offscreen."
_NO_FONTS = "No font is installed, so that no text can be drawn. Install one:\n    {command}"
_NO_LIBRARIES = "Qt needs system libraries that are missing: {names}. Install them:\n    {command}"
_NO_PYSIDE = "PySide6 is not installed for this Python. Install it:\n    {command}"
_BROKEN_PYSIDE = "PySide6 is installed but cannot be loaded: {error}"


def display_available(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether windows can be shown: always on macOS and Windows, on Linux where a display is named."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def choose_platform(environment: Mapping[str, str] = os.environ) -> str:
    """Return the platform plugins that Qt should try, as ``QT_QPA_PLATFORM`` names them, "" for the system's own.

    What the user set stands; without a display it is ``offscreen``.
    """
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen or sys.platform in {"darwin", "win32"}:
        return chosen
    if not display_available(environment):
        return "offscreen"
    if not environment.get("WAYLAND_DISPLAY"):
        return "xcb"
    return "wayland;xcb" if environment.get("DISPLAY") else "wayland"


def check(platform: str) -> list[str]:
    """Return what stands in the way of a window on a platform, each a text with the command that cures it.

    ``platform`` is what `choose_platform` returns: one name or several with ``;`` between, of which one has to work.
    An empty list means that a ``QApplication`` can be made.
    """
    if sys.platform.startswith("linux"):
        missing = missing_libraries(platform)
        if missing:
            names = ", ".join(library.soname for library in missing)
            return [_NO_LIBRARIES.format(names=names, command=install_command(missing))]
    return pyside_problems()


def missing_libraries(platform: str) -> list[Library]:
    """Return the libraries that do not load, of that alternative of ``platform`` which lacks the fewest."""
    lacking = [
        [library for library in LIBRARIES_BY_PLATFORM[name] if not _loads(library.soname)]
        for name in (each.partition(":")[0].partition("-")[0] for each in platform.split(";"))
        if name in LIBRARIES_BY_PLATFORM
    ]
    return min(lacking, key=len, default=[])


def pyside_problems() -> list[str]:
    """Import PySide6 and return why it failed, an empty list where it did not."""
    try:
        import PySide6  # noqa: F401
    except ModuleNotFoundError:
        return [_NO_PYSIDE.format(command=f"{sys.executable} -m pip install PySide6-Essentials")]
    except ImportError as error:
        return [_BROKEN_PYSIDE.format(error=error)]
    try:
        from PySide6 import QtSvg, QtWidgets  # noqa: F401
    except ImportError as error:
        return [_BROKEN_PYSIDE.format(error=error)]
    return []


def font_problems() -> list[str]:
    """Return what is wrong with the fonts of the system. Call it when the ``QApplication`` exists."""
    from PySide6.QtGui import QFontMetrics, QGuiApplication

    # QFontDatabase.families() is never empty: fontconfig's aliases stand in it without any font behind them.
    drawn = QFontMetrics(QGuiApplication.font()).inFont("A")
    return [] if drawn else [_NO_FONTS.format(command=install_command([FONT]))]


def install_command(libraries: Iterable[Library]) -> str:
    """Return the command that installs the packages of libraries, by the package tool that this system has."""
    wanted = list(libraries)
    debian = " ".join(dict.fromkeys(library.debian for library in wanted))
    fedora = " ".join(dict.fromkeys(library.fedora for library in wanted))
    # Without root and without sudo the same words are still what somebody has to type.
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    if shutil.which("apt-get") or not shutil.which("dnf"):
        return f"{sudo}apt-get install -y {debian}"
    return f"{sudo}dnf install -y {fedora}"


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True
