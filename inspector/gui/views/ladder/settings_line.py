"""The settings of a gap in one line: ``40 rows, every 50 ms ± 20 %``, ``werkzeug → nginx, proxy buffering off``.

What stands in the line always is what the catalogue has a brief for; any other setting comes in once it is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inspector.catalogue import Knob, knob_of
from inspector.gui.editors.knob_editors import KnobEditors

_LONGEST_TEXT = 20


def settings_texts(knobs: KnobEditors, names: Sequence[str]) -> tuple[str, ...]:
    """Return what some settings are, in full and shorter and shorter; those that do nothing now are left out."""
    acting = [knob_of(name) for name in names if knobs.acts(name)]
    # A text, which the user typed, stands before what most responses have.
    acting.sort(key=lambda knob: knob.kind != "text")
    parts = [(part, knobs.is_changed(knob.name)) for knob in acting if (part := _part(knob, knobs))]
    return tuple(_shorter_and_shorter(parts)) or ("",)


def changed_text(knobs: KnobEditors, names: Sequence[str]) -> str:
    """Return those of some settings that are changed and do something now: ``proxy buffering off``."""
    return ", ".join(_named(knob_of(name), knobs) for name in names if knobs.is_changed(name))


def _part(knob: Knob, knobs: KnobEditors) -> str:
    is_changed = knobs.is_changed(knob.name)
    if not knob.brief or (not knob.in_sight and not is_changed and knob.shown_at != "source"):
        return _named(knob, knobs) if is_changed else ""
    if knob.kind == "text":
        text = _cut(knobs.text(knob.name))
        return knob.brief.format(shown=text) if text else ""
    if knob.kind in ("int", "float"):
        value = knobs.number(knob.name)
        if not value and knob.brief.startswith(" "):
            return ""
        return knob.brief.format(shown=knob.words(value), value=value).replace("%", " %")
    return knob.brief.format(shown=_cut(knobs.shown(knob.name)))


def _shorter_and_shorter(parts: list[tuple[str, bool]]) -> Iterator[str]:
    """Yield the line with fewer and fewer parts: the first stays, and what is changed, which an ellipsis may cut."""
    left = list(parts)
    while left:
        yield _joined([part for part, _ in left])
        usual = [at for at, (_, is_changed) in enumerate(left) if at and not is_changed]
        if not usual:
            return
        left.pop(usual[-1])


def _named(knob: Knob, knobs: KnobEditors) -> str:
    return knob.named(_cut(knobs.text(knob.name)))


def _cut(text: str) -> str:
    return f"{text[:_LONGEST_TEXT]}…" if len(text) > _LONGEST_TEXT else text


def _joined(parts: list[str]) -> str:
    return "".join(part if part.startswith(" ") or not at else f", {part}" for at, part in enumerate(parts))
