"""The settings of the row source in one line: ``40 rows, every 50 ms ± 20 %``."""

from __future__ import annotations

from inspector.catalogue import KNOBS, Knob
from inspector.gui.editors.knob_editors import KnobEditors

_LONGEST_TEXT = 20
#: So many parts of the line are left at least.
_LEAST_PARTS = 1


def source_texts(knobs: KnobEditors) -> tuple[str, ...]:
    """Return the settings of the source that act on what is chosen, in full and shorter and shorter."""
    acting = [knob for knob in KNOBS if knob.shown_at == "source" and knob.brief and knobs.acts(knob.name)]
    # A text, which the user typed, stands before what most responses have.
    acting.sort(key=lambda knob: knob.kind != "text")
    parts = [part for knob in acting if (part := _part(knob, knobs))]
    return tuple(_joined(parts[:count]) for count in range(len(parts), _LEAST_PARTS - 1, -1)) or ("",)


def _part(knob: Knob, knobs: KnobEditors) -> str:
    if knob.kind == "text":
        text = knobs.text(knob.name)
        cut = f"{text[:_LONGEST_TEXT]}…" if len(text) > _LONGEST_TEXT else text
        return knob.brief.format(shown=cut) if text else ""
    value = float(knobs.text(knob.name))
    if not value and knob.brief.startswith(" "):
        return ""
    return knob.brief.format(shown=knobs.shown(knob.name), value=value).replace("%", " %")


def _joined(parts: list[str]) -> str:
    return "".join(part if part.startswith(" ") or not at else f", {part}" for at, part in enumerate(parts))
