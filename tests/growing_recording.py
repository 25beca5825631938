"""A chunked recording that grows under the eyes of its reader: files appended to as the server and the recorder do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from inspector.recording.layers import LAYER_BY_NAME, NO_SOURCE, track_file_name
from inspector.recording.meta import Ending, EndingKind, Meta, RequestMeta, ResponseMeta, write_meta
from inspector.recording.source_lines import SOURCES_NAME, SourceFile, SourceLine, encode_row

SENT_T_NS = 7_000_000_000
PERIOD_NS = 10_000_000


class GrowingRecording:
    """A recording folder with an identity-coded chunked body; every chunk is one read, one write and one yield."""

    def __init__(self, folder: Path, *, content_type: str = "text/html; charset=utf-8") -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.chunks = 0
        self.parts = 0
        self.content_end = 0
        self.wire_end = 0
        self.meta = Meta(
            id=folder.name,
            started_at="2026-11-20T23:15:04Z",
            request=RequestMeta(url="http://127.0.0.1:5000/timeline", sent_t_ns=SENT_T_NS),
            response=ResponseMeta(
                http_version="HTTP/1.1",
                status=200,
                reason="OK",
                headers=[("Content-Type", content_type), ("Transfer-Encoding", "chunked")],
                head_t_ns=SENT_T_NS + 1_000_000,
                framing="chunked",
            ),
        )
        write_meta(folder, self.meta)

    def add_sources(self, *rows: SourceFile | SourceLine) -> None:
        """Append rows to ``sources.jsonl``."""
        with (self.folder / SOURCES_NAME).open("ab") as file:
            file.write(b"".join(map(encode_row, rows)))

    def add_chunk(self, data: bytes, *, sources: Sequence[int] = (), tapped: bool = True) -> None:
        """Append one chunk, made of one part for each of ``sources`` (one of an unknown line where there are none)."""
        self.chunks += 1
        t_ns = SENT_T_NS + self.chunks * PERIOD_NS
        header = b"%x\r\n" % len(data)
        begin = self.content_end
        self.content_end += len(data)
        data_end = self.wire_end + len(header) + len(data)
        self.wire_end = data_end + 2
        with (self.folder / "wire.bin").open("ab") as file:
            file.write(header + data + b"\r\n")
        if tapped:
            made_by = list(sources) or [NO_SOURCE]
            ends = [begin + len(data) * (at + 1) // len(made_by) for at in range(len(made_by))]
            self._append("part", [(t_ns - 1, end, source) for end, source in zip(ends, made_by, strict=True)])
            self._append("yield", [(t_ns, self.content_end, made_by[-1])])
            self._append("write", [(t_ns, self.content_end)])
        self._append("chunk", [(t_ns, self.content_end, data_end, self.content_end, 0)])
        self._append("read", [(t_ns, self.wire_end, self.content_end, self.content_end, t_ns, 0)])
        self._append("piece", [(t_ns, self.content_end)])

    def add_part_that_waits(self, size: int) -> None:
        """Append a part that goes no further, between two chunks."""
        t_ns = SENT_T_NS + self.chunks * PERIOD_NS + 1
        self._append("part", [(t_ns, self.content_end + size, NO_SOURCE)])

    def end(self, text: str = "Complete: the last chunk arrived.", *, kind: EndingKind = "complete") -> None:
        """Write the ending."""
        ending = Ending(kind=kind, text=text, t_ns=SENT_T_NS + (self.chunks + 1) * PERIOD_NS)
        self.change_meta(ending=ending)

    def change_meta(self, **fields: object) -> None:
        """Replace fields of the meta data."""
        self.meta = msgspec.structs.replace(self.meta, **fields)
        write_meta(self.folder, self.meta)

    def _append(self, layer: str, rows: list[tuple[int, ...]]) -> None:
        columns = len(LAYER_BY_NAME[layer].columns)
        rows = [(*row, *[0] * (columns - len(row))) for row in rows]
        with (self.folder / track_file_name(layer)).open("ab") as file:
            np.array(rows, dtype="<i8").tofile(file)
