"""Exports marks as a text table: a line for every chunk, or for every read of a body without chunks.

Printed by ``record``, live or at the end, and by the first start without a display. The content comes from outside, so
whatever a terminal would obey is shown as an escape.
"""

from __future__ import annotations

from inspector.recording.folder import Recording

from .mark_rows import Marks

#: Lines formatted at once, so that a flood of marks leaves time to look at the keyboard.
BATCH_LINES = 2_000
HEADER = f"{'#':>7} {'t_ms':>11} {'gap_ms':>10} {'size':>9} {'total':>12}  content"
_FIXED_WIDTH = HEADER.index("content")
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class MarksTable:
    """Formats the marks of a growing recording, each once. ``width`` is that of a line in characters."""

    def __init__(self, recording: Recording, width: int) -> None:
        self._recording = recording
        self._preview_width = max(10, width - _FIXED_WIDTH)
        self._shown = 0

    def next_lines(self) -> list[str]:
        """Return up to `BATCH_LINES` lines that were not returned before; none where there is nothing new."""
        meta = self._recording.meta
        if meta is None or meta.response is None:
            return []
        track = self._recording.tracks["chunk" if meta.response.framing == "chunked" else "read"]
        first, stop = self._shown, min(len(track), self._shown + BATCH_LINES)
        if first == stop:
            return []
        marks = Marks(track, track, meta.request.sent_t_ns, self._recording.read_content)
        lines: list[str] = []
        # As many bytes as a preview can need in UTF-8.
        for row in marks.rows(first, stop, 4 * self._preview_width):
            t_ms = f"{'≤' if row.at_most else ''}{row.t_ms:,.3f}"
            gap_ms = row.t_ms if row.gap_ms is None else row.gap_ms
            content = preview(row.content, self._preview_width)
            lines.append(f"{row.number:>7} {t_ms:>11} {gap_ms:>10,.3f} {row.size:>9,} {row.total:>12,}  {content}")
        self._shown = stop
        return lines


def preview(data: bytes, width: int) -> str:
    """Return bytes as text on one line of at most ``width`` characters, harmless on a terminal."""
    text = data.decode("utf-8", "surrogateescape")
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    if not text.isprintable():
        text = "".join([one if one.isprintable() else _escaped(one) for one in text])
    return text if len(text) <= width else text[: width - 1] + "…"


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8 here, as surrogateescape carries it
        return f"\\x{code - 0xDC00:02x}"
    return ascii(character)[1:-1]
