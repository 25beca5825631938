"""The pipeline of one recording: its gaps in order, what sits in each, and how the bytes of its two sides are compared.

Names come from ``taps.jsonl`` (what the server's taps saw) and from the settings in force; figures never do. A gap
whose two sides have no common axis has no columns: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from inspector.analysis.tracks.axes import Axes, Columns
from inspector.recording.meta import Meta
from inspector.recording.tap_log import TapMeta
from inspector.recording.track import Track

from .attribution import Culprit, app_culprit, client_culprit, middleware_culprit, server_culprit, server_title
from .settings_in_force import Settings, middleware_of, settings_of


@dataclass(frozen=True, slots=True)
class PipelineGap:
    """One gap between two layers.

    ``columns`` are those of the two tracks on a common axis, None where there is none. ``coded`` tells that the later
    layer counts coded body bytes and the earlier one content: its ends are carried over by `offset_map.OffsetMap`
    first. ``culprit`` is what stands in the gap, for people, ``advice`` what to do about it where it holds, ``cure``
    the settings that take it away. ``stack_index`` is the place of a middleware, 0 for other gaps.
    """

    id: str
    title: str
    earlier: str
    later: str
    culprit: str = ""
    columns: Columns | None = None
    coded: bool = False
    stack_index: int = 0
    advice: str = ""
    cure: Mapping[str, str] | None = None


def gaps_of(
    meta: Meta | None, taps: Sequence[TapMeta], tracks: Mapping[str, Track], settings: Settings | None = None
) -> tuple[PipelineGap, ...]:
    """Return the gaps of a recording from the view to the reader, whether or not they have marks as yet.

    ``template``, ``middleware.1`` ... (one where there is no middleware at all), ``server``, ``framing`` (chunked
    responses, and as long as the framing is not known) and ``client``. ``settings`` are those in force, without them
    those of the start.
    """
    settings = settings_of(meta) if settings is None else settings
    by_layer = {tap.layer: tap for tap in taps}
    response = meta.response if meta else None
    hooks = by_layer["yield"].name if "yield" in by_layer else ""

    axes = Axes.of(response, taps)

    def held_by(culprit: Culprit, gap: PipelineGap) -> PipelineGap:
        return replace(gap, culprit=culprit.name, advice=culprit.advice, cure=culprit.cure)

    culprit = app_culprit(hooks, reported_buffers(taps), settings)
    gaps = [held_by(culprit, PipelineGap("template", hooks or "Template and view", "part", "yield"))]
    server_layers = ["yield", *_between(tracks, by_layer), "write"]
    for index, (earlier, later) in enumerate(pairwise(server_layers), 1):
        name = by_layer[later].name if later in by_layer else _asked_for(settings, index, len(server_layers) - 1)
        title = name or ("No middleware" if settings.kind.is_app_known else "Middleware")
        culprit = middleware_culprit(name, settings)
        gap = PipelineGap(f"middleware.{index}", title, earlier, later, stack_index=index)
        gaps.append(held_by(culprit, gap))
    gap = PipelineGap("server", server_title(settings), "write", "read")
    gaps.append(held_by(server_culprit(settings), gap))
    chunked = response is None or response.framing == "chunked"
    if chunked:
        gaps.append(PipelineGap("framing", "Chunks", "read", "chunk", "chunked framing"))
    gap = PipelineGap("client", "Client", "chunk" if chunked else "read", "piece")
    gaps.append(held_by(client_culprit(settings), gap))
    return tuple(compared(gap, axes) for gap in gaps)


def compared(gap: PipelineGap, axes: Axes) -> PipelineGap:
    """Return a gap with the columns that compare its two sides, as far as these are known."""
    axis = axes.common(gap.earlier, gap.later)
    return replace(gap, columns=axis.columns if axis else None, coded=axis is not None and axis.coded)


def reported_buffers(taps: Sequence[TapMeta]) -> tuple[str, ...]:
    """Return the buffers that the app named to its tap, none where it named none."""
    return next((tuple(tap.buffers) for tap in taps if tap.layer == "yield"), ())


def _between(tracks: Mapping[str, Track], by_layer: Mapping[str, TapMeta]) -> list[str]:
    names = {name for name in (*tracks, *by_layer) if name.startswith("write.")}
    return sorted(names, key=lambda name: int(name.partition(".")[2]))


def _asked_for(settings: Settings, index: int, count: int) -> str:
    """Return a middleware of the stack that was asked for, where its length agrees with what was recorded."""
    rows = [(name, middleware_of(name)) for name in settings.stack]
    stack = [name for name, row in rows if row is None or not row.is_hook]
    return stack[index - 1] if len(stack) == count else ""
