"""Offers the addresses that were streamed last in the pickers, without their secrets."""

from __future__ import annotations

from inspector.gui.editors.target_picker import TargetPicker
from inspector.gui.models.preferences import Preferences
from inspector.session.target import Target


class RecentAddresses:
    """Keeps the lists of all pickers the same. GUI thread."""

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences
        self._pickers: list[TargetPicker] = []

    def offer_in(self, picker: TargetPicker) -> None:
        """Offer them in a picker from now on; there they can be taken out as well."""
        self._pickers.append(picker)
        picker.set_recent_addresses(self._preferences.recent_addresses)
        picker.forget_requested.connect(self._forget)

    def remember(self, target: Target) -> None:
        """Put what is streamed first, if it is an address."""
        if not target.kind.is_served_here:
            self._preferences.remember_address(target.text)
            self._show()

    def _forget(self, address: str) -> None:
        self._preferences.forget_address(address)
        self._show()

    def _show(self) -> None:
        for picker in self._pickers:
            picker.set_recent_addresses(self._preferences.recent_addresses)
