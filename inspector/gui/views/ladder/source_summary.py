"""The settings of the row source in one line: ``40 rows, every 50 ms ± 20 %``."""

from __future__ import annotations

from inspector.gui.editors.knob_editors import KnobEditors


def source_texts(knobs: KnobEditors) -> tuple[str, ...]:
    """Return the settings of the source that act on what is chosen, in full and shorter and shorter."""
    rows = knobs.shown("rows") if knobs.acts("rows") else ""
    pace = f"every {knobs.shown('delay_ms')}" if knobs.acts("delay_ms") else ""
    jitter = float(knobs.text("jitter")) if knobs.acts("jitter") else 0.0
    spread = f" ± {jitter:.0%}".replace("%", " %") if jitter and pace else ""
    if knobs.acts("name"):
        name = knobs.text("name")
        rows = ", ".join(filter(None, (f"name {name[:20]}{'…' if len(name) > 20 else ''}" if name else "", rows)))
    found = (", ".join(filter(None, (rows, pace + spread))), ", ".join(filter(None, (rows, pace))), rows or pace)
    return found if found[0] else ("",)
