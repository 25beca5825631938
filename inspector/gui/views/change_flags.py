"""Flags on the time axis for settings that were changed while the stream ran."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPen, QPolygonF

from inspector.catalogue import BadKnob, knob_of
from inspector.recording.change_log import Change

from .paint_context import PaintContext

_PENNANT_PX = 8
#: Changes closer than this share a flag: the last one is named, and how many there were.
_APART_PX = 14.0


@dataclass(frozen=True, slots=True)
class ChangeFlag:
    """Changes that stand at one place: ``x`` in pixels, and what they say, in full and shorter and shorter."""

    x: float
    texts: tuple[str, ...]

    def fitting(self, metrics: QFontMetrics, room: float) -> str:
        """Return the longest text for which there is room, "" where there is for none."""
        return next((text for text in self.texts if metrics.horizontalAdvance(text) <= room), "")


def change_text(change: Change) -> str:
    """Return what a change says: ``template_buffer 5 → 50``."""
    return f"{change.knob} {change.before} → {change.after}"


def change_flags(changes: Sequence[Change], context: PaintContext) -> list[ChangeFlag]:
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
    return [ChangeFlag(x, _texts(list(group.values()))) for x, group in groups]


def _texts(changes: Sequence[Change]) -> tuple[str, ...]:
    short = ", ".join(f"{_label(change.knob)} → {change.after}" for change in changes)
    return ", ".join(map(change_text, changes)), short, ", ".join(f"→ {change.after}" for change in changes)


def _label(knob: str) -> str:
    try:
        return knob_of(knob).nickname
    except BadKnob:  # of another version
        return knob


def paint_change_flags(
    context: PaintContext, changes: Sequence[Change], top: float, ruler_height: float, height: float
) -> None:
    """Draw a pennant in the ruler, its words beside it where there is room, and a dashed line down the picture."""
    flags = change_flags(changes, context)
    colour = QColor(context.theme.selection)
    metrics = context.painter.fontMetrics()
    for at, flag in enumerate(flags):
        context.painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
        context.painter.drawLine(QPointF(flag.x, top), QPointF(flag.x, height))
        context.painter.setPen(Qt.PenStyle.NoPen)
        context.painter.setBrush(colour)
        context.painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(flag.x, top + 2),
                    QPointF(flag.x + _PENNANT_PX, top + 2 + _PENNANT_PX / 2),
                    QPointF(flag.x, top + 2 + _PENNANT_PX),
                ]
            )
        )
        context.painter.setBrush(Qt.BrushStyle.NoBrush)
        left = flag.x + _PENNANT_PX + 3
        until = flags[at + 1].x - 4 if at + 1 < len(flags) else context.scale.left + context.scale.width
        text = flag.fitting(metrics, until - left)
        width = metrics.horizontalAdvance(text)
        if text:
            context.fill(QRectF(left - 1, top, width + 4, ruler_height - 1), context.theme.background)
            context.text(QRectF(left, top, width + 4, ruler_height - 1), text, context.theme.text)
