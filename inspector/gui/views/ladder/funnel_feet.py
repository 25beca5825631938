"""The feet of funnels: where more items came into a gap than left it, and how many became one there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.views.paint_context import PaintContext

from .lane_paint import VisibleItems

_TIMES = "\N{MULTIPLICATION SIGN}"
#: Feet of funnels that are nearer to each other share their count, pixels.
_FEET_APART_PX = 4
#: Lower gaps have no counts, in heights of a line: next to nothing waits in them.
_LEAST_HEIGHT_EM = 3.2
#: So far from the last count, in heights of a line, the next is written though it needs so much more than its room.
_ANYWAY_EM = 5.0
_OVER_NEXT = 1.8


@dataclass(frozen=True, slots=True)
class Foot:
    """Where lines run together: ``x`` in columns of pixels, the items that came in and those that left there."""

    column: int
    items_in: int
    items_out: int

    @property
    def text(self) -> str:
        """How many became one, with a sign of multiplication: of five, of two with five each; or ``11 → 3``."""
        if self.items_out == 1:
            return f"{_TIMES}{self.items_in:,}"
        each, rest = divmod(self.items_in, self.items_out)
        return f"{self.items_in:,} → {self.items_out:,}" if rest else f"{self.items_out:,} {_TIMES} {each:,}"


def feet_of(alignment: Alignment, seen_later: VisibleItems) -> list[Foot]:
    """Return the places at which more items came in than left, of those in sight; neighbouring columns are one."""
    columns = seen_later.filled_columns
    if not len(columns):
        return []
    begins = np.flatnonzero(np.diff(columns, prepend=-_FEET_APART_PX) >= _FEET_APART_PX)
    firsts = seen_later.at_edges[columns[begins]]
    stops = seen_later.at_edges[columns[np.append(begins[1:], len(columns)) - 1] + 1]
    ends_out = alignment.ends_out
    before = np.where(firsts > 0, ends_out[np.maximum(firsts - 1, 0)], 0)
    items_in = alignment.origins(ends_out[stops - 1] + 1) - alignment.origins(before + 1)
    feet = zip(columns[begins].tolist(), items_in.tolist(), (stops - firsts).tolist(), strict=True)
    return [Foot(column, into, out) for column, into, out in feet if into > out]


def name_feet(context: PaintContext, area: QRectF, feet: Sequence[Foot]) -> None:
    """Write beside each foot how many items became one there, where there is room to the next."""
    height = context.small_height()
    if area.height() < _LEAST_HEIGHT_EM * height:
        return
    right, written_to = context.scale.left + context.scale.width, -np.inf
    for foot, after in zip_longest(feet, feet[1:]):
        x = context.scale.left + foot.column + context.strokes.bar + 2
        until = context.scale.left + after.column if after is not None else right
        width, room = context.small_width(foot.text) + 2, until - x
        # Where funnels are narrow some of the counts are written all the same, over the line beside them.
        is_due = x - written_to >= _ANYWAY_EM * height and width <= _OVER_NEXT * room
        if width <= room or is_due:
            corner = QPointF(x, area.bottom() - height)
            written_to = context.small_text(corner, foot.text, context.theme.text, "").right()
