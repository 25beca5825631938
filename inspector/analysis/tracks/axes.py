"""The table of axes: which column of which track puts two layers on a common axis of bytes.

Content coding makes the body axis differ from the content axis, and chunked framing the wire axis from both. A layer
can be put on an axis only where a column of its track says where that is; nothing is guessed or interpolated.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from inspector.recording.layers import LAYER_BY_NAME, Axis
from inspector.recording.meta import ResponseMeta

#: For each layer, the column that gives the end of its items on each axis that its track knows.
COLUMN_ON_AXIS: Mapping[str, Mapping[Axis, str]] = {
    "part": {"content": "end"},
    "yield": {"content": "end"},
    "write": {"body": "end"},
    "read": {"wire": "end", "body": "body_end", "content": "content_end"},
    "chunk": {"wire": "wire_end", "body": "end", "content": "content_end"},
    "piece": {"content": "end"},
}

#: Which axis is taken where two layers share several: transferred bytes first, they are what the buffers hold.
_PREFERRED: tuple[Axis, ...] = ("body", "content", "wire")


def common_columns(earlier: str, later: str, response: ResponseMeta | None) -> tuple[str, str] | None:
    """Return the columns of two layers that lie on one axis, or None where none is known.

    ``earlier`` and ``later`` are names of layers. ``response`` tells whether body and content are the same: a layer
    that counts body bytes is on the content axis only where the response has no content coding, and not before the
    head is known. Where a coding could not be undone, the content of the client is not that of the server. Layers of
    the server and of the client have no common axis for a response without a body (HEAD, 204, 304), whatever the app
    produced; and chunks exist only in a chunked one. Raises ``KeyError`` for an unknown layer.

    >>> common_columns("read", "chunk", None)
    ('body_end', 'end')
    """
    between_sides = LAYER_BY_NAME[earlier].side != LAYER_BY_NAME[later].side
    if response is not None:
        if between_sides and response.framing in ("none", "unknown"):
            return None
        # Without chunked framing there are no chunks that could be late.
        if "chunk" in (earlier, later) and response.framing != "chunked":
            return None
    first, second = _columns(earlier, response), _columns(later, response)
    for axis in _PREFERRED:
        if axis == "content" and between_sides and _coding(response) == "kept":
            continue
        if axis in first and axis in second:
            return first[axis], second[axis]
    return None


def is_plain(response: ResponseMeta | None) -> bool:
    """Tell whether content and body are known to be the same bytes."""
    return _coding(response) == "none"


def _columns(layer: str, response: ResponseMeta | None) -> Mapping[Axis, str]:
    columns = COLUMN_ON_AXIS[layer]
    if "content" in columns or _coding(response) != "none":
        return columns
    return {**columns, "content": columns["body"]}


def _coding(response: ResponseMeta | None) -> Literal["none", "undone", "kept", "unknown"]:
    """Return what became of the content coding (RFC 9110 section 8.4): the recorder keeps those it does not know."""
    if response is None:
        return "unknown"
    if response.content_coding != "identity":
        return "undone"
    values = [value for name, value in response.headers if name.lower() == "content-encoding"]
    codings = {coding.strip().lower() for value in values for coding in value.split(",")}
    return "kept" if codings - {"", "identity"} else "none"
