"""The one rule of axes: on which axis of bytes two layers of a recording can be compared, and by which columns.

Content coding makes the body axis differ from the content axis, and chunked framing the wire axis from both. Which
columns a layer has is said by its row (`layers.Layer.column_on`); what a layer of the server counts depends on what its
taps and the response say. Nothing is guessed: where no common axis is known, there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inspector.recording.layers import AXES, Axis, layer_of
from inspector.recording.meta import ResponseMeta
from inspector.recording.tap_log import TapMeta

#: Columns of an earlier and of a later layer that lie on one axis.
Columns = tuple[str, str]

#: Which axis is taken where two layers share several: transferred bytes first, they are what the buffers hold.
_PREFERRED: tuple[Axis, ...] = ("body", "content", "wire")
_NO_CODING = "identity"


@dataclass(frozen=True, slots=True)
class CommonAxis:
    """How two layers are compared: by these columns, the later track carried over to content first where ``coded``."""

    columns: Columns
    coded: bool = False


@dataclass(frozen=True, slots=True)
class Axes:
    """What the layers of one recording count. ``codings`` are what its taps saw, by layer; ``response`` its head."""

    response: ResponseMeta | None = None
    codings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, response: ResponseMeta | None, taps: Iterable[TapMeta]) -> Axes:
        """Return the axes of a recording as far as they are known."""
        return cls(response, {tap.layer: tap.content_coding or _NO_CODING for tap in taps})

    @property
    def arrived(self) -> str | None:
        """The coding that the body arrived with (RFC 9110 section 8.4), ``identity`` for none, None before the head."""
        if self.response is None:
            return None
        return self.response.content_coding if self._is_undone else "+".join(self._kept) or _NO_CODING

    @property
    def is_plain(self) -> bool:
        """Whether content and body are known to be the same bytes all the way."""
        return self.arrived == _NO_CODING and all(coding == _NO_CODING for coding in self.codings.values())

    def counted(self, layer: str) -> Axis | None:
        """Return what a layer of the server counts: content, or the body as it arrives; None for neither."""
        coding = self.codings.get(layer)
        if coding is not None and layer != "part":
            if coding == _NO_CODING:
                return "content"
            return "body" if self.arrived in {coding, None} else None
        if layer in ("part", "yield") or self.arrived == _NO_CODING:
            return "content"
        return "body" if layer == "write" else None

    def is_carried_over(self, layer: str) -> bool:
        """Tell whether a layer counts coded bytes, so that `offset_map.OffsetMap` has to put it on the content axis."""
        return layer_of(layer).side == "server" and self.counted(layer) == "body" and not self._kept

    def common(self, earlier: str, later: str) -> CommonAxis | None:
        """Return how two layers are compared, None where no common axis is known.

        Layers of the server and of the client have none before the head, nor for a response without a body (HEAD, 204,
        304), whatever the app produced; where a coding could not be undone, the content of the client is not that of
        the server. Chunks exist only in a chunked response. Raises ``KeyError`` for an unknown layer.

        >>> Axes().common("read", "chunk")
        CommonAxis(columns=('body_end', 'end'), coded=False)
        """
        response, sides = self.response, {layer_of(earlier).side, layer_of(later).side}
        if "chunk" in (earlier, later) and response is not None and response.framing != "chunked":
            return None
        if len(sides) == 2 and (response is None or response.framing in ("none", "unknown")):
            return None
        first, second = self._columns(earlier), self._columns(later)
        for axis in _PREFERRED:
            is_known = axis != "content" or len(sides) == 1 or not self._kept
            if axis in first and axis in second and is_known:
                return CommonAxis((first[axis], second[axis]))
        if sides == {"server"} and "content" in first and "body" in second and not self._kept:
            return CommonAxis(("end", "end"), coded=True)
        return None

    def _columns(self, layer: str) -> Mapping[Axis, str]:
        row = layer_of(layer)
        if row.side == "client":
            return {axis: column for axis in AXES if (column := row.column_on(axis)) is not None}
        counted = self.counted(layer)
        if counted == "content" and self.arrived == _NO_CODING:
            return {"content": "end", "body": "end"}
        return {counted: "end"} if counted is not None else {}

    @property
    def _is_undone(self) -> bool:
        return self.response is not None and self.response.content_coding != _NO_CODING

    @property
    def _kept(self) -> tuple[str, ...]:
        """The codings that the recorder does not know, so that it kept the body as it came."""
        if self.response is None or self._is_undone:
            return ()
        values = [value for name, value in self.response.headers if name.lower() == "content-encoding"]
        codings = (coding.strip().lower() for value in values for coding in value.split(","))
        return tuple(coding for coding in codings if coding not in ("", _NO_CODING))
