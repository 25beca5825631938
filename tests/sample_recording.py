"""Recording folders made by hand, byte for byte as a server and a recorder would write them; and tracks from numbers.

The oracle for everything that reads recordings: offsets on all axes come from laying out the wire once, not from the
code under test.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np

from inspector.recording.layers import LAYER_BY_NAME, LAYERS, NO_SOURCE, layer_of, track_file_name
from inspector.recording.meta import Ending, LayerMeta, Meta, RequestMeta, ResponseMeta, write_meta
from inspector.recording.source_lines import SOURCES_NAME, SourceFile, SourceLine, encode_row
from inspector.recording.track import Track

SENT_T_NS = 5_000_000_000
TEMPLATE = "<ul>\n{% for row in rows %}<li>{{ row }}</li>\n{% endfor %}</ul>\n"


def track_of(layer_name: str, rows: Iterable[Sequence[int]]) -> Track:
    """Return a track whose columns are strided, as those of a mapped file are."""
    layer = LAYER_BY_NAME[layer_name]
    return Track(layer, np.array(_whole(layer_name, rows), dtype=np.int64).reshape(-1, len(layer.columns)))


def _whole(layer_name: str, rows: Iterable[Sequence[int]]) -> list[tuple[int, ...]]:
    """Return rows with zeros in the columns at their end that they leave out."""
    columns = len(layer_of(layer_name).columns)
    return [(*row, *[0] * (columns - len(row))) for row in rows]


def marks_of(layer_name: str, marks: Iterable[tuple[int, int]]) -> Track:
    """Return a track from ``(t_ns, end)`` alone; further columns are zero."""
    layer = LAYER_BY_NAME[layer_name]
    return track_of(layer_name, [(t_ns, end, *[0] * (len(layer.columns) - 2)) for t_ns, end in marks])


@dataclass(frozen=True)
class Sample:
    """What was put into a folder."""

    folder: Path
    content: bytes
    wire: bytes


def write_sample(
    folder: Path,
    yields: Sequence[bytes],
    *,
    parts_per_yield: int = 1,
    read_cuts: Iterable[int] = (),
    framing: str = "chunked",
    gzip: bool = False,
    period_ns: int = 20_000_000,
    ended: bool = True,
) -> Sample:
    """Write a whole recording: ``yields`` every ``period_ns``, read at ``read_cuts`` of the wire and at each write."""
    folder.mkdir(mode=0o700, parents=True)
    coder = zlib.compressobj(1, wbits=31)
    writes = [coder.compress(item) + coder.flush(zlib.Z_SYNC_FLUSH) for item in yields] if gzip else list(yields)
    yield_t = [SENT_T_NS + 1_000_000 + index * period_ns for index in range(len(yields))]
    write_t = [t_ns + 30_000 for t_ns in yield_t]
    yield_end = list(accumulate(map(len, yields)))
    _write_server_side(folder, yield_t, yield_end, write_t, list(accumulate(map(len, writes))), parts_per_yield)

    wire, is_body, chunk_ends, wire_ends = _lay_out_wire(writes, yield_end, write_t, chunked=framing == "chunked")
    _write_client_side(folder, wire, is_body, chunk_ends, sorted({*read_cuts, *wire_ends, len(wire)}), write_t)
    if framing != "chunked":
        (folder / track_file_name("chunk")).unlink()
    content = b"".join(yields)
    (folder / "wire.bin").write_bytes(wire)
    if gzip:
        (folder / "content.bin").write_bytes(content)
    write_meta(folder, sample_meta(folder.name, framing, gzip=gzip, ended=ended, last_t_ns=write_t[-1] + 90_000))
    return Sample(folder, content, wire)


def _lay_out_wire(
    writes: list[bytes], yield_end: list[int], write_t: list[int], *, chunked: bool
) -> tuple[bytes, bytes, list[tuple[int, int, int, int]], list[int]]:
    """Frame the writes; return the wire, a 1 for each byte of it that is body, its chunks, and where each write ends.

    A chunk is ``(wire_end, body end, content end, t_ns of its write)``.
    """
    wire, is_body = bytearray(), bytearray()
    chunk_ends: list[tuple[int, int, int, int]] = []
    wire_ends: list[int] = []
    for index, item in enumerate(writes):
        head = b"%x\r\n" % len(item) if chunked and item else b""
        tail = b"\r\n" if head else b""
        wire += head + item + tail
        is_body += bytes(len(head)) + b"\1" * len(item) + bytes(len(tail))
        if item:
            chunk_ends.append((len(wire) - len(tail), sum(is_body), yield_end[index], write_t[index]))
        wire_ends.append(len(wire))
    if chunked:
        wire += b"0\r\n\r\n"
        is_body += bytes(5)
    return bytes(wire), bytes(is_body), chunk_ends, wire_ends


def sample_meta(recording_id: str, framing: str, *, gzip: bool, ended: bool, last_t_ns: int) -> Meta:
    """Return what the recorder would tell about such a stream."""
    headers = [("Content-Type", "text/html; charset=utf-8")]
    headers += [("Transfer-Encoding", "chunked")] if framing == "chunked" else []
    headers += [("Content-Encoding", "gzip")] if gzip else []
    return Meta(
        id=recording_id,
        title="/timeline",
        started_at="2026-11-20T23:15:04Z",
        request=RequestMeta(
            url="http://127.0.0.1:5000/timeline?rows=4",
            headers=[("Host", "127.0.0.1:5000"), ("Accept-Encoding", "identity")],
            knobs={"rows": "4"},
            sent_t_ns=SENT_T_NS,
        ),
        response=ResponseMeta(
            http_version="HTTP/1.1",
            status=200,
            reason="OK",
            headers=headers,
            head_t_ns=SENT_T_NS + 800_000,
            framing=framing,  # type: ignore[arg-type]
            content_coding="gzip" if gzip else "identity",
        ),
        ending=Ending(kind="complete", text="the response is complete", t_ns=last_t_ns) if ended else None,
        layers=[LayerMeta(name=layer.name, axis=layer.axis, columns=list(layer.columns)) for layer in LAYERS],
        read_clock="kernel",
        clock_spread_ns=1_200,
    )


def _write_server_side(
    folder: Path,
    yield_t: list[int],
    yield_end: list[int],
    write_t: list[int],
    write_end: list[int],
    parts_per_yield: int,
) -> None:
    parts: list[tuple[int, int, int]] = []
    begin = 0
    for t_ns, end in zip(yield_t, yield_end, strict=True):
        for part in range(1, parts_per_yield + 1):
            early_ns = (parts_per_yield - part) * 1_000
            parts.append((t_ns - early_ns, begin + (end - begin) * part // parts_per_yield, part % 2))
        begin = end
    write_track(folder, "part", parts)
    write_track(folder, "yield", [(t, end, NO_SOURCE) for t, end in zip(yield_t, yield_end, strict=True)])
    write_track(folder, "write", list(zip(write_t, write_end, strict=True)))
    rows: list[SourceFile | SourceLine] = [
        SourceFile(file=0, name="timeline.html", language="jinja", text=TEMPLATE),
        SourceLine(line=0, file=0, number=1, function="root"),
        SourceLine(line=1, file=0, number=2, function="root"),
    ]
    (folder / SOURCES_NAME).write_bytes(b"".join(encode_row(row) for row in rows))


def _write_client_side(
    folder: Path,
    wire: bytes,
    is_body: bytes,
    chunk_ends: list[tuple[int, int, int, int]],
    read_ends: list[int],
    write_t: list[int],
) -> None:
    body_before = [0, *accumulate(is_body)]
    reads: list[tuple[int, int, int, int, int]] = []
    chunks: list[tuple[int, int, int, int]] = []
    pieces: list[tuple[int, int]] = []
    t_ns = SENT_T_NS
    coded = bool(chunk_ends) and chunk_ends[-1][1] != chunk_ends[-1][2]
    for index, end in enumerate(end for end in read_ends if 0 < end <= len(wire)):
        done = [mark for mark in chunk_ends if mark[0] <= end]
        t_ns = max(t_ns + 1_000, (done[-1][3] if done else write_t[0]) + 60_000 + index % 7)
        content = (done[-1][2] if done else 0) if coded else body_before[end]
        reads.append((t_ns, end, body_before[end], content, t_ns + 9_000))
        chunks += [(t_ns, body, wire_end, content_end) for wire_end, body, content_end, _ in done[len(chunks) :]]
        if content > (pieces[-1][1] if pieces else 0):
            pieces.append((t_ns + 15_000, content))
    write_track(folder, "read", reads)
    write_track(folder, "chunk", chunks)
    write_track(folder, "piece", pieces)


def write_track(folder: Path, name: str, rows: Sequence[Sequence[int]]) -> None:
    """Write a track file as its writer would."""
    (folder / track_file_name(name)).write_bytes(np.array(_whole(name, rows), dtype="<i8").tobytes())
