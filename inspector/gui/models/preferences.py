"""Typed user settings with defaults, kept in ``QSettings`` between starts."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from inspector.catalogue import FIRST_ROUTE
from inspector.gui.style.theme import ThemeChoice

_SMALLEST_TYPE_PT = 7.0
_LARGEST_TYPE_PT = 24.0
_MOST_RECENT = 10


def user_settings(home: Path) -> QSettings:
    """Return the settings file of a user, which lies beside the recordings."""
    return QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)


class Preferences:
    """Settings of this user. QSettings gives strings in a fresh process, so every value is asked for by type."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def _text(self, key: str, default: str) -> str:
        return str(self._settings.value(key, default, type=str))

    @property
    def theme(self) -> ThemeChoice:
        """``system``, ``light`` or ``dark``."""
        text = self._text("theme", "system")
        return cast(ThemeChoice, text if text in ("system", "light", "dark") else "system")

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._settings.setValue("theme", choice)

    @property
    def target(self) -> str:
        """What was streamed last: a route or a URL."""
        return self._text("target", FIRST_ROUTE)

    @target.setter
    def target(self, text: str) -> None:
        self._settings.setValue("target", text)

    @property
    def runs_at_start(self) -> bool:
        """Whether something streams as soon as the window opens."""
        return bool(self._settings.value("runs_at_start", True, type=bool))

    @runs_at_start.setter
    def runs_at_start(self, wanted: bool) -> None:
        self._settings.setValue("runs_at_start", wanted)

    @property
    def type_size_pt(self) -> float:
        """Size of type in points, 0 for the system's own."""
        size = float(str(self._settings.value("type_size_pt", 0.0, type=float)))
        return 0.0 if size == 0.0 else max(_SMALLEST_TYPE_PT, min(_LARGEST_TYPE_PT, size))

    @type_size_pt.setter
    def type_size_pt(self, size_pt: float) -> None:
        self._settings.setValue("type_size_pt", size_pt)

    @property
    def view(self) -> str:
        """``ladder`` or ``staircase``."""
        return self._text("view", "ladder")

    @view.setter
    def view(self, name: str) -> None:
        self._settings.setValue("view", name)

    @property
    def shows_runs(self) -> bool:
        """Whether the list of runs is on screen."""
        return bool(self._settings.value("shows_runs", False, type=bool))

    @shows_runs.setter
    def shows_runs(self, wanted: bool) -> None:
        self._settings.setValue("shows_runs", wanted)

    @property
    def shows_memory(self) -> bool:
        """Whether the memory of the server stands under the picture."""
        return bool(self._settings.value("shows_memory", True, type=bool))

    @shows_memory.setter
    def shows_memory(self, wanted: bool) -> None:
        self._settings.setValue("shows_memory", wanted)

    @property
    def recent_files(self) -> list[Path]:
        """Files that were opened or saved, newest first."""
        return [Path(line) for line in self._text("recent_files", "").split("\n") if line]

    def remember_file(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        paths = [path, *(other for other in self.recent_files if other != path)]
        self._settings.setValue("recent_files", "\n".join(map(str, paths[:_MOST_RECENT])))

    def knobs(self) -> dict[str, str]:
        """Return the values that knobs had, by name."""
        self._settings.beginGroup("knobs")
        found = {key: self._text(key, "") for key in self._settings.childKeys()}
        self._settings.endGroup()
        return found

    def set_knobs(self, values: dict[str, str]) -> None:
        """Remember the values of knobs."""
        self._settings.beginGroup("knobs")
        for name, text in values.items():
            self._settings.setValue(name, text)
        self._settings.endGroup()

    def dragged(self, name: str) -> float | None:
        """Return the share that a hand gave to the first side of a splitter, None where nobody dragged it."""
        share = float(str(self._settings.value(f"dragged/{name}", 0.0, type=float)))
        return share if 0.0 < share < 1.0 else None

    def set_dragged(self, name: str, share: float) -> None:
        """Remember what a hand has dragged, as a share from 0 to 1."""
        self._settings.setValue(f"dragged/{name}", share)

    def state(self, name: str) -> QByteArray:
        """Return the state of a window, empty where none was kept."""
        found = self._settings.value(f"states/{name}", QByteArray(), type=QByteArray)
        return found if isinstance(found, QByteArray) else QByteArray()

    def set_state(self, name: str, state: QByteArray) -> None:
        """Keep the state of a window."""
        self._settings.setValue(f"states/{name}", state)
