"""What the header of a gap has to show, wherever there is room for it: titles, settings, what is changed."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.catalogue import buffer_of, knob_of
from inspector.gui.editors.knob_editors import KnobEditors

from .lane_layout import GapKind
from .settings_line import changed_text, settings_texts

_FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class GapContent:
    """What a gap has to show.

    ``own`` are the settings of this gap that what is chosen now has; ``buffer`` is that of them which the number keys
    turn, empty for none. ``titles`` are the title and a short one; ``values`` say how it is set in one line, in full
    and shorter and shorter. ``changed`` says what of ``own`` but the buffer is not at its default.
    """

    own: tuple[str, ...]
    buffer: str
    titles: tuple[str, str]
    values: tuple[str, ...]
    changed: str
    has_changes: bool


def content_of(kind: GapKind, title: str, knobs: KnobEditors | None) -> GapContent:
    """Return what a gap shows; ``title`` is what it is called where no setting or view says better."""
    titles = (title, kind.short_title or title)
    if knobs is None:
        return GapContent((), "", titles, ("",), "", has_changes=False)
    own = tuple(name for name in (*kind.knobs, *kind.more) if knobs.belongs(name))
    main = next((name for name in kind.knobs if name in own), "")
    values = kind.says or settings_texts(knobs, own)
    held_by = buffer_of(knobs.kind.collects) if kind.has_app_buffer else None
    if main and any(knob_of(main).gap_titles):
        titles = knob_of(main).gap_titles
    elif held_by is not None and held_by.title:
        titles = (held_by.title, held_by.title)
        values = tuple(", ".join(filter(None, (_FIXED, text))) for text in values)
    buffer = main if main == knobs.buffer.name else ""
    changed = changed_text(knobs, [name for name in own if name != buffer])
    return GapContent(own, buffer, titles, values, changed, any(map(knobs.is_changed, own)))
