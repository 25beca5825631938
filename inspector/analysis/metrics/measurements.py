"""The figures that rules and reports look at: plain numbers of one gap, of one layer, taken at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from inspector.analysis.pipeline.gap_list import PipelineGap

#: Joined items count as those that wait where joining took at least this part of the stream's time...
MERGED_LEAST_SHARE = 0.25
#: ...and where they wait so many times as long as the median item.
MERGED_LEAST_RATIO = 4.0
#: Nothing has left yet, or next to nothing: at most this share of what came in.
NOTHING_LEFT_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Wait:
    """How long items wait in a gap: the one figure that verdict, gap line, statistics and diamond have in common.

    ``of`` tells which items: ``all`` that were carried on (median); ``merged`` ones, where most items pass at once and
    the others wait until an item of the later layer is full (median of these); or ``oldest``, where next to nothing has
    left and the oldest still waits.
    """

    ms: float = 0.0
    of: Literal["all", "merged", "oldest"] = "all"


@dataclass(frozen=True, slots=True)
class GapMetrics:
    """Figures of one gap. Times in milliseconds, bytes on the axis that its layers share. None where there is none.

    Delays are those of items of the earlier layer that were carried on; ``spread`` and ``merged`` are explained in
    `coalescing`: ``merged_share`` is the part of the stream's time during which the first byte of an item of the later
    layer waited for its last one to come in (what waits now is such an item in the making), ``merged_cause`` the part
    of the wait of merged items that this explains.
    """

    gap: PipelineGap
    items_in: int = 0
    items_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    held_bytes: int = 0
    held_bytes_max: int = 0
    delay_median_ms: float | None = None
    delay_p95_ms: float | None = None
    delay_max_ms: float | None = None
    coalescing: float | None = None
    #: How long the oldest waiting item has waited, 0 where none waits.
    waiting_ms: float = 0.0
    #: From the first to the last item of the earlier layer.
    span_in_ms: float = 0.0
    carriers: int = 0
    merged: int = 0
    merged_share: float = 0.0
    merged_cause: float = 0.0
    merged_median_ms: float | None = None
    #: Bytes left waiting after each item that left, compared with the most that ever waited (median).
    left_behind_share: float = 0.0
    #: Of the bytes that came in before the last of the earlier layer, the share that left only with or after it.
    held_share: float | None = None
    #: From the last item of the earlier layer until 95 % had left, None where they have not.
    release_ms: float | None = None
    #: The same, guessed from body bytes: for a coded layer whose marks are not known on the content axis.
    body_held_share: float | None = None
    #: Bytes, on the shared axis, of the item that merged over the longest time, and how long that was.
    widest: tuple[int, int] | None = None
    widest_ms: float = 0.0
    #: Bytes that waited after an item had left (median).
    left_behind_bytes: int = 0
    #: False where the coded offsets of too many marks have a lower bound only.
    is_exact: bool = True
    #: What the waits are worth where many of the client's times are upper bounds: ``at_most`` this long for what comes
    #: in to the client then, ``at_least`` for what waits inside of it.
    bound: Literal["", "at_most", "at_least"] = ""

    @property
    def columns_known(self) -> bool:
        """Tell whether the two sides can be compared."""
        return self.gap.columns is not None and self.is_exact

    @property
    def wait(self) -> Wait:
        """What the wait in this gap is, when one figure is to say it."""
        if self.waiting_ms and self.bytes_out <= NOTHING_LEFT_SHARE * self.bytes_in:
            return Wait(self.waiting_ms, "oldest")
        median_ms, merged_ms = self.delay_ms, self.merged_median_ms or 0.0
        if self.merged_share >= MERGED_LEAST_SHARE and merged_ms > MERGED_LEAST_RATIO * median_ms:
            return Wait(merged_ms, "merged")
        return Wait(median_ms)

    @property
    def longest_ms(self) -> float:
        """The longest that anything has waited, whether or not it has left."""
        return max(self.delay_max_ms or 0.0, self.waiting_ms)

    @property
    def delay_ms(self) -> float:
        """Median delay, and where nothing was carried on the wait of what waits."""
        return self.waiting_ms if self.delay_median_ms is None else self.delay_median_ms


@dataclass(frozen=True, slots=True)
class LayerMetrics:
    """Figures of one layer. Times in milliseconds, sizes in bytes of the layer's axis. None where there is none."""

    name: str
    count: int = 0
    total_bytes: int = 0
    size_median_bytes: int | None = None
    size_max_bytes: int = 0
    gap_p50_ms: float | None = None
    gap_p95_ms: float | None = None
    gap_p99_ms: float | None = None
    gap_max_ms: float | None = None
    #: When the longest of them began, from the sending of the request, or from the first item where that is not known.
    gap_max_from_ms: float | None = None
    #: Median time between bursts: of the gaps of 2 ms or more, 0 where there is none; and how many these are.
    pace_ms: float = 0.0
    bursts: int = 0
    #: Gaps of the order of the largest one: how many, and their sum. What is left of the span is the ordinary flow.
    pauses: int = 0
    pauses_ms: float = 0.0
    #: From the sending of the request to the first item.
    first_item_ms: float = 0.0
    #: The bytes that came after the largest gap: their share, and where they begin on the layer's axis.
    after_gap_share: float = 0.0
    after_gap_offset: int = 0
    #: Gaps of a second or more: how many, and their sum.
    long_gaps: int = 0
    long_gaps_ms: float = 0.0
    ttfb_ms: float | None = None
    #: From the first to the last item.
    span_ms: float = 0.0
    #: From the sending of the request to the last item.
    since_sent_ms: float = 0.0
    #: Of all bytes, the share that came in the last 5 % of the time since the request was sent.
    late_share: float = 0.0
    #: Items whose size is a multiple of 4096 bytes.
    page_items: int = 0
    last_t_ns: int | None = None
    #: Content or body bytes per second between the first and the last item.
    bytes_per_s: float = 0.0
