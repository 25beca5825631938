"""Flags on the time axis for settings that were changed while the stream ran."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from inspector.catalogue import BadKnob, knob_of
from inspector.recording.change_log import Change

from .flag_row import Flag
from .paint_context import PaintContext

#: Changes closer than this share a flag: the last one is named, and how many there were.
_APART_PX = 14.0


def change_flags(changes: Sequence[Change], context: PaintContext) -> list[Flag]:
    """Return the flags in sight, near ones joined: of a knob turned step by step only where it began and ended."""
    groups: list[tuple[float, dict[str, Change]]] = []
    for change in changes:
        x = context.scale.x_of(change.t_ns)
        if not context.scale.left - 1 <= x <= context.scale.left + context.scale.width:
            continue
        if not groups or x - groups[-1][0] > _APART_PX:
            groups.append((x, {}))
        first = groups[-1][1].get(change.knob)
        groups[-1][1][change.knob] = change if first is None else replace(change, before=first.before)
    return [Flag(x, _texts(list(group.values())), context.theme.selection, is_change=True) for x, group in groups]


def _texts(changes: Sequence[Change]) -> tuple[str, ...]:
    """Return what changes say, in full and shorter: ``buffer 10 → 100``, ``→ 100``."""
    worded = [_worded(change) for change in changes]
    whole = ", ".join(f"{label} {before} → {after}" for label, before, after in worded)
    return whole, ", ".join(f"→ {after}" for _, _, after in worded)


def _worded(change: Change) -> tuple[str, str, str]:
    """Return the name of a setting as the window has it, and both values without the unit of what is counted."""
    try:
        knob = knob_of(change.knob)
        before, after = (knob.words(knob.parse(value)) for value in (change.before, change.after))
    except BadKnob:  # of another version
        return change.knob, change.before, change.after
    return knob.nickname, before.partition(" ")[0] if before[:1].isdigit() else before, after.removesuffix(" items")
