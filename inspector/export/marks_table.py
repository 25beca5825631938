"""Exports marks as a text table: a line for every chunk, or for every read of a body without chunks.

Printed by ``record``, live or at the end, and by the first start without a display. The content comes from outside, so
whatever a terminal would obey is shown as an escape.
"""

from __future__ import annotations

from inspector.recording.folder import Recording
from inspector.recording.track import Track

#: Lines formatted at once, so that a flood of marks leaves time to look at the keyboard.
BATCH_LINES = 2_000
HEADER = f"{'#':>7} {'t_ms':>11} {'gap_ms':>10} {'size':>9} {'total':>12}  content"
_FIXED_WIDTH = HEADER.index("content")
_BATCH_BYTES = 1 << 20
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class MarksTable:
    """Formats the marks of a growing recording, each once. ``width`` is that of a line in characters."""

    def __init__(self, recording: Recording, width: int) -> None:
        self._recording = recording
        self._preview_width = max(10, width - _FIXED_WIDTH)
        self._shown = 0
        self._content_end = 0

    def next_lines(self) -> list[str]:
        """Return up to `BATCH_LINES` lines that were not returned before; none where there is nothing new."""
        meta = self._recording.meta
        if meta is None or meta.response is None:
            return []
        track = self._recording.tracks["chunk" if meta.response.framing == "chunked" else "read"]
        first, stop = self._shown, min(len(track), self._shown + BATCH_LINES)
        if first == stop:
            return []
        sent_ns = meta.request.sent_t_ns
        before_ns = int(track.t_ns[first - 1]) if first else sent_ns
        total = track.start(first)
        lines: list[str] = []
        previews = self._previews(track, first, stop)
        bounds: list[int] = track.column("at_most")[first:stop].tolist()
        rows = zip(track.t_ns[first:stop].tolist(), track.end[first:stop].tolist(), previews, bounds, strict=True)
        for number, (t_ns, end, preview, is_bound) in enumerate(rows, first + 1):
            gap_ms = (t_ns - before_ns) / 1e6
            t_ms = f"{'≤' if is_bound else ''}{(t_ns - sent_ns) / 1e6:,.3f}"
            lines.append(f"{number:>7} {t_ms:>11} {gap_ms:>10,.3f} {end - total:>9,} {end:>12,}  {preview}")
            before_ns, total = t_ns, end
        self._shown = stop
        return lines

    def _previews(self, track: Track, first: int, stop: int) -> list[str]:
        """Return the beginning of each item's content, read from the disk in one go where it is not too much."""
        start = self._content_end
        ends: list[int] = track.column("content_end")[first:stop].tolist()
        self._content_end = ends[-1]
        longest = 4 * self._preview_width  # bytes of UTF-8 that a preview can need
        read = self._recording.read_content
        block = read(start, ends[-1]) if ends[-1] - start <= _BATCH_BYTES else None
        previews: list[str] = []
        begin = start
        for end in ends:
            until = min(end, begin + longest)
            data = read(begin, until) if block is None else block[begin - start : until - start]
            previews.append(preview(data, self._preview_width))
            begin = end
        return previews


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
