"""Typed user settings with defaults, kept in ``QSettings`` between starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar, cast

from PySide6.QtCore import QByteArray, QSettings

from inspector.catalogue import FIRST_ROUTE
from inspector.gui.style.theme import ThemeChoice

Value = TypeVar("Value")

_SMALLEST_TYPE_PT = 7.0
_LARGEST_TYPE_PT = 24.0
_MOST_RECENT = 10


def user_settings(home: Path) -> QSettings:
    """Return the settings file of a user, which lies beside the recordings."""
    return QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)


class Setting(Generic[Value]):
    """One attribute of `Preferences`, kept under its name; ``accept`` maps a stored value to one that may be used."""

    def __init__(self, default: Value, accept: Callable[[Value], Value] | None = None) -> None:
        self._default = default
        self._accept = accept
        self._key = ""

    def __set_name__(self, _owner: type, name: str) -> None:
        self._key = name

    def __get__(self, preferences: Preferences, _owner: type) -> Value:
        # A fresh process finds strings in the file, so the value is asked for by its type.
        found = cast(Value, preferences.settings.value(self._key, self._default, type=type(self._default)))
        return self._accept(found) if self._accept else found

    def __set__(self, preferences: Preferences, value: Value) -> None:
        preferences.settings.setValue(self._key, value)


def _known_theme(choice: ThemeChoice) -> ThemeChoice:
    return choice if choice in ("system", "light", "dark") else "system"


def _readable(size_pt: float) -> float:
    return max(_SMALLEST_TYPE_PT, min(_LARGEST_TYPE_PT, size_pt)) if size_pt else 0.0


class Preferences:
    """Settings of this user."""

    theme: Setting[ThemeChoice] = Setting("system", _known_theme)
    #: What was streamed last: a route or a URL.
    target = Setting(FIRST_ROUTE)
    #: Whether the start page has counted down once.
    was_welcomed = Setting(False)
    #: Whether something streams as soon as the window opens.
    runs_at_start = Setting(True)
    #: Text size in points, 0 for the system's own.
    type_size_pt = Setting(0.0, _readable)
    #: The picture on screen: ``ladder``, ``staircase``, ``compare`` or ``sweep``.
    view = Setting("ladder")
    #: Whether the list of runs is on screen.
    shows_runs = Setting(False)
    #: Whether the server's memory stands under the picture.
    shows_memory = Setting(True)

    def __init__(self, settings: QSettings) -> None:
        self.settings = settings

    def _text(self, key: str, default: str) -> str:
        return str(self.settings.value(key, default, type=str))

    @property
    def recent_files(self) -> list[Path]:
        """Files that were opened or saved, newest first."""
        return [Path(line) for line in self._text("recent_files", "").split("\n") if line]

    def remember_file(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        paths = [path, *(other for other in self.recent_files if other != path)]
        self.settings.setValue("recent_files", "\n".join(map(str, paths[:_MOST_RECENT])))

    @property
    def is_first_start(self) -> bool:
        """Whether nobody has streamed anything yet, nor seen the start page count down."""
        return not self.was_welcomed and not self.settings.contains("target")

    @property
    def recent_addresses(self) -> list[str]:
        """Addresses that were streamed, newest first, without their secrets."""
        return [line for line in self._text("recent_addresses", "").split("\n") if line]

    def remember_address(self, address: str) -> None:
        """Put an address first among the recent ones; what it holds of secrets is not kept."""
        from inspector.recording.redaction import redacted_text

        kept = redacted_text(address)
        self._set_addresses([kept, *(other for other in self.recent_addresses if other != kept)])

    def forget_address(self, address: str) -> None:
        """Take an address out of the recent ones."""
        self._set_addresses([other for other in self.recent_addresses if other != address])

    def _set_addresses(self, addresses: list[str]) -> None:
        self.settings.setValue("recent_addresses", "\n".join(addresses[:_MOST_RECENT]))

    def knobs(self) -> dict[str, str]:
        """Return the values that knobs had, by name."""
        self.settings.beginGroup("knobs")
        found = {key: self._text(key, "") for key in self.settings.childKeys()}
        self.settings.endGroup()
        return found

    def set_knobs(self, values: dict[str, str]) -> None:
        """Remember the values of knobs."""
        self.settings.beginGroup("knobs")
        for name, text in values.items():
            self.settings.setValue(name, text)
        self.settings.endGroup()

    def dragged(self, name: str) -> float | None:
        """Return the share that the user gave to the first side of a splitter, None where it was never dragged."""
        share = float(str(self.settings.value(f"dragged/{name}", 0.0, type=float)))
        return share if 0.0 < share < 1.0 else None

    def set_dragged(self, name: str, share: float) -> None:
        """Remember where the user dragged a splitter, as a share from 0 to 1."""
        self.settings.setValue(f"dragged/{name}", share)

    def state(self, name: str) -> QByteArray:
        """Return the state of a window, empty where none was kept."""
        found = self.settings.value(f"states/{name}", QByteArray(), type=QByteArray)
        return found if isinstance(found, QByteArray) else QByteArray()

    def set_state(self, name: str, state: QByteArray) -> None:
        """Keep the state of a window."""
        self.settings.setValue(f"states/{name}", state)
