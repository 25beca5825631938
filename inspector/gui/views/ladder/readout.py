"""The words beside the pointer: what the mark, the line or the column under it is. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.analysis.formatting import bytes_text, count_text, duration_text, item_text, items_text, ratio_text
from inspector.analysis.pipeline.gap_list import PipelineGap
from inspector.analysis.tracks.alignment import Alignment
from inspector.gui.models.analysis_model import AnalysisModel
from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.recording.layers import NO_SOURCE
from inspector.recording.track import Int64Array

from ..time_scale import TimeScale, instant_text

#: Of more items than this every so many are looked at for a median, and nobody asks for the line that made them all.
_MOST_ITEMS = 20_000
#: A gap is named where this share of a long wait was spent in it.
_MOST_OF_IT = 0.5
_WORTH_NAMING_NS = 1_000_000
#: The first line of the code that made an item is cut after so many characters.
_CODE_CHARACTERS = 44


@dataclass(frozen=True, slots=True)
class Readout:
    """Writes read-outs of one recording as it stands now. ``scale`` says how exact a place on screen is."""

    document: Document
    analysis: AnalysisModel
    scale: TimeScale

    # Times

    def instant(self, t_ns: int) -> str:
        """Return a time since the request, as exact as a pixel: ``848.1 ms``."""
        return instant_text(t_ns - self.scale.origin_ns, self.scale)

    def instant_of_item(self, t_ns: int) -> str:
        """Return the time of an item since the request, which is known even where a pixel is longer: ``3.70 ms``."""
        return instant_text(t_ns - self.scale.origin_ns, self.scale, digits=3)

    @property
    def column_ns(self) -> float:
        """How long one column of pixels is."""
        return self.scale.span_ns / self.scale.width

    # What is under the pointer

    def of_items(self, items: Selection) -> tuple[str, ...]:
        """Return what a mark is: one item, or several that share their place."""
        track = self.document.snapshot.tracks[items.layer]
        size = bytes_text(int(track.end[items.stop - 1]) - track.start(items.first))
        start_ns, stop_ns = items.time_range(track)
        count = items.stop - items.first
        bound = "not later than" if count == 1 and track.is_bound(items.first) else "at"
        when = f"{bound} {self.instant_of_item(start_ns)}"
        if count > 1 and self.instant_of_item(stop_ns) != self.instant_of_item(start_ns):
            when = _span_text(self.instant_of_item(start_ns), self.instant_of_item(stop_ns))
        return self._lines(f"{_named(items)} · {size} · {when}", *self._way_of(items), self._maker(items))

    def of_line(self, gap: PipelineGap, alignment: Alignment, items: Selection) -> tuple[str, ...]:
        """Return what a line of a gap is: the item, where it went, how long it waited there."""
        first, stop = items.first, min(items.stop, len(alignment.earlier))
        starts_ns = alignment.earlier.t_ns[first:stop]
        carriers = alignment.carriers(alignment.ends_in[first:stop])
        if int(carriers[0]) >= len(alignment.later):
            waiting = self._still_waiting(int(starts_ns[0]))
            return self._lines(_named(items), f"{waiting} in {_place(gap)}", self._maker(items))
        last = min(int(carriers[-1]), len(alignment.later) - 1)
        on = Selection(gap.later, int(carriers[0]), last + 1)
        waited = _waits_text(_waits_ns(alignment, first, stop))
        begin = int(alignment.origins(np.array([_start_of(alignment.ends_out, on.first) + 1]))[0])
        end = int(alignment.origins(alignment.ends_out[last : last + 1])[0]) + 1
        others = end - begin - (stop - first)
        company = f", {_with_others(others)}" if others > 0 else ""
        return self._lines(f"{_named(items)} → {_named(on)}", f"{waited} in {_place(gap)}{company}", self._maker(items))

    def of_column(self, items: Selection, gap: PipelineGap | None, alignment: Alignment | None) -> tuple[str, ...]:
        """Return what a column of pixels stands for: its items, what they became and how long that took."""
        track = self.document.snapshot.tracks[items.layer]
        at_ns = int(track.t_ns[items.first])
        title = f"{self.instant(at_ns)} · 1 column = {duration_text(self.column_ns)}"
        count = count_text(items.stop - items.first, items.layer)
        if gap is None or alignment is None or items.stop > len(alignment.earlier):
            size = bytes_text(int(track.end[items.stop - 1]) - track.start(items.first))
            return self._lines(title, f"{count} · {size}", *self._way_of(items))
        waits = _waits_ns(alignment, items.first, items.stop)
        carriers = alignment.carriers(alignment.ends_in[[items.first, items.stop - 1]])
        became = ""
        if len(waits):
            reached = min(int(carriers[1]), len(alignment.later) - 1) - int(carriers[0]) + 1
            ratio = (items.stop - items.first) / reached
            joined = f" ({ratio_text(ratio)} into 1)" if ratio >= 1.5 else ""
            became = f" → {count_text(reached, gap.later)}{joined}"
        held = _held_bytes(alignment, int(track.t_ns[items.stop - 1]))
        return self._lines(title, f"{count}{became}", _waits_text(waits), f"holding {bytes_text(held)}" if held else "")

    def of_nothing(self, t_ns: int, gap: PipelineGap | None, alignment: Alignment | None) -> tuple[str, ...]:
        """Return what an empty place is: its time, and what is held then, in one gap or wherever most is."""
        held = [(gap, _held_bytes(alignment, t_ns))] if gap is not None and alignment is not None else self._held(t_ns)
        where, most = max(held, key=lambda each: each[1], default=(None, 0))
        if where is None or t_ns > self._end_ns():
            return (self.instant(t_ns),)
        text = f"holding {bytes_text(most)} in {_place(where)}" if most else "nothing is held"
        return self._lines(self.instant(t_ns), text)

    def _held(self, t_ns: int) -> list[tuple[PipelineGap, int]]:
        gaps = [(gap, self.analysis.alignment(gap)) for gap in self.analysis.gaps]
        return [(gap, _held_bytes(alignment, t_ns)) for gap, alignment in gaps if alignment is not None]

    def _end_ns(self) -> int:
        now_ns = self.document.now_ns
        return self.document.snapshot.last_ns if now_ns is None else now_ns

    # The lines

    @staticmethod
    def _lines(*lines: str) -> tuple[str, ...]:
        return tuple(line for line in lines if line)

    def _way_of(self, items: Selection) -> tuple[str, ...]:
        """Return what items carry of the parts, and where those of the server went."""
        track = self.document.snapshot.tracks[items.layer]
        content = self.document.content_track(items.layer)
        if not self._has_content(items):
            return ("carries no content",) if items.layer != "part" and items.first < len(content) else ()
        stop = items.byte_range(content)[1]
        on = self._way_on(items, int(track.t_ns[items.first]), stop) if track.layer.side == "server" else ""
        return (self._carried(items, int(track.t_ns[items.first])), on)

    def _has_content(self, items: Selection) -> bool:
        start, stop = items.byte_range(self.document.content_track(items.layer))
        return stop > start

    def _carried(self, items: Selection, at_ns: int) -> str:
        parts = self.document.items_of(items, "part") if items.layer != "part" else None
        if parts is None:
            return ""
        count = parts[1] - parts[0]
        waited = duration_text(max(0, at_ns - int(self.document.snapshot.tracks["part"].t_ns[parts[0]])))
        carry = "carries" if items.stop - items.first == 1 else "carry"
        return f"{carry} {count_text(count, 'part')}; {'it' if count == 1 else 'the first'} waited {waited}"

    def _way_on(self, items: Selection, start_ns: int, stop: int) -> str:
        """Return how long items of the server took to the client, and which chunk brought them there."""
        tracks = self.document.snapshot.tracks
        last = "chunk" if len(tracks["chunk"]) else "read"
        there, content = self.document.items_of(items, last), self.document.content_track(last)
        if there is None or _start_of(content.column(content.layer.content_column), len(content)) < stop:
            return self._still_waiting(start_ns)
        arrived = Selection(last, there[0], min(there[1], len(tracks[last])))
        waited_ns = max(0, int(tracks[last].t_ns[arrived.stop - 1]) - start_ns)
        waited = f"waited {'up to ' if items.stop - items.first > 1 else ''}{duration_text(waited_ns)}"
        company = self.document.items_of(arrived, items.layer)
        others = company[1] - company[0] - (items.stop - items.first) if company is not None else 0
        return f"{waited} → {_named(arrived)}" + (f", {_with_others(others)}" if others > 0 else "")

    def _still_waiting(self, since_ns: int) -> str:
        now_ns = self.document.now_ns
        if now_ns is None:
            return "never left"
        return f"has waited {duration_text(max(0, now_ns - since_ns))} so far"

    def _maker(self, items: Selection) -> str:
        """Return the line of code that made the items, with its text, where one line made all of them."""
        found = None
        if items.layer not in ("part", "yield") and self._has_content(items):
            found = self.document.items_of(items, "part")
        if (found is not None and found[1] - found[0] > _MOST_ITEMS) or items.stop - items.first > _MOST_ITEMS:
            return ""
        layer, first, stop = items.layer, items.first, items.stop
        if layer not in ("part", "yield"):
            if found is None:
                return ""
            layer, (first, stop) = "part", found
        sources = np.unique(self.document.snapshot.tracks[layer].column("source")[first:stop])
        if len(sources) != 1 or int(sources[0]) == NO_SOURCE:
            return ""
        place = self.document.snapshot.sources.place(int(sources[0]))
        if place is None:
            return ""
        file, line = place
        code = _line_of(file.text, line.number)
        return f"made by {file.name}:{line.number}" + (f"  {code}" if code else "")


def _line_of(text: str, number: int) -> str:
    lines = text.splitlines()
    if not 1 <= number <= len(lines):
        return ""
    code = lines[number - 1].strip()
    return code if len(code) <= _CODE_CHARACTERS else f"{code[: _CODE_CHARACTERS - 1]}…"


def _place(gap: PipelineGap) -> str:
    return gap.culprit or gap.title


def _named(items: Selection) -> str:
    """Return ``part 41`` or ``parts 41 to 45``."""
    if items.stop - items.first == 1:
        return f"{item_text(items.layer)} {items.first + 1:,}"
    return f"{items_text(items.layer)} {items.first + 1:,} to {items.stop:,}"


def _span_text(start: str, stop: str) -> str:
    """Return ``179.9 to 180.2 ms``: the unit once, where both have the same."""
    number, _, unit = start.rpartition(" ")
    return f"{number if stop.endswith(f' {unit}') else start} to {stop}"


def _with_others(count: int) -> str:
    return "with 1 other" if count == 1 else f"with {count:,} others"


def _start_of(ends: Int64Array, index: int) -> int:
    return int(ends[index - 1]) if index else 0


def _waits_ns(alignment: Alignment, first: int, stop: int) -> Int64Array:
    """Return how long the items ``[first, stop)`` waited in a gap, those that have left it."""
    step = max(1, (stop - first) // _MOST_ITEMS)
    carriers = alignment.carriers(alignment.ends_in[first:stop:step])
    gone = carriers < len(alignment.later)
    starts_ns = alignment.earlier.t_ns[first:stop:step][gone]
    return np.asarray(np.maximum(alignment.later.t_ns[carriers[gone]] - starts_ns, 0), dtype=np.int64)


def _waits_text(waits_ns: Int64Array) -> str:
    if not len(waits_ns):
        return ""
    if len(waits_ns) == 1:
        return f"waited {duration_text(int(waits_ns[0]))}"
    median, most = duration_text(float(np.median(waits_ns))), duration_text(int(waits_ns.max()))
    return f"waited {median}" if median == most else f"waited {median} (median), {most} at most"


def _held_bytes(alignment: Alignment, t_ns: int) -> int:
    """Return how many bytes a gap held at a time, on the axis of its layers."""
    came = int(alignment.earlier.first_at_or_after(t_ns + 1))
    left = int(alignment.later.first_at_or_after(t_ns + 1))
    return max(0, _start_of(alignment.ends_in, came) - _start_of(alignment.ends_out, left))
