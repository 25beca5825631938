"""Returns the settings that were chosen when the window was closed, as a start takes them over."""

from __future__ import annotations

from inspector.catalogue import KNOBS
from inspector.gui.models.preferences import Preferences


def settings_of_last_time(preferences: Preferences) -> tuple[dict[str, str], str]:
    """Return texts of settings by name, and what is worth saying of the first run about those that are left out.

    What streams at the start is never endless by surprise: what was then falls back to what the view takes.
    """
    kept = preferences.knobs()
    endless = [knob for knob in KNOBS if knob.endless and kept.get(knob.name) == knob.endless]
    names = ", ".join(knob.short_label for knob in endless)
    note = f"{names.capitalize()}: endless last time, now as usual" if endless else ""
    return {name: text for name, text in kept.items() if name not in {knob.name for knob in endless}}, note
