"""One way to run a framer over a body in any cuts, and an independent decoder to compare it with."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from inspector.capture.framing.chunk_scanners import Scanner
from inspector.capture.framing.chunked_framing import ChunkedFramer
from inspector.capture.framing.framer import NEVER, Framer

SCANNERS: dict[str, dict[str, bool]] = {
    "all": {},
    "equal only": {"speculative": False},
    "speculative only": {"equal": False},
    "loop": {"equal": False, "speculative": False},
}


@dataclass(frozen=True)
class Framed:
    """What a framer made of a body: everything that must not depend on the cuts."""

    chunks: list[tuple[int, int]]
    message_end: int
    error: tuple[int, str] | None
    trailers: list[tuple[str, str]]
    finish: str | None
    #: Body octets before each wire offset 0, 1, ... as far as they were asked for.
    body_at: dict[int, int] = field(default_factory=dict, compare=False)


def run(framer: Framer, parts: Iterable[bytes]) -> Framed:
    """Feed a body in parts; ask for the body offset at every octet of small parts and at the end of each."""
    parts = list(parts)
    small = sum(map(len, parts)) < 10_000
    chunks: list[tuple[int, int]] = []
    body_at: dict[int, int] = {0: 0}
    wire = 0
    for part in parts:
        framer.feed(bytearray(part) + b"not part of it", len(part))
        chunks += [(int(end), int(wire_end)) for _, end, wire_end, *_ in framer.chunk_rows]
        offsets = np.arange(wire + 1, wire + len(part) + 1) if small else np.array([wire + len(part)])
        if len(part):
            body_at.update(zip(offsets.tolist(), framer.body_at(offsets).tolist(), strict=True))
        wire += len(part)
    error = (framer.error.offset, framer.error.text) if framer.error else None
    return Framed(chunks, framer.message_end, error, framer.trailers, None if error else framer.finish(), body_at)


def cut(body: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """Cut a body into parts of the given sizes, the rest as one."""
    at = 0
    for size in sizes:
        yield body[at : at + size]
        at += size
        if at >= len(body):
            return
    yield body[at:]


def all_runs(body: bytes, seed: int = 0) -> Framed:
    """Frame a chunked body whole, octet by octet and at random cuts with every scanner; all must agree."""
    rng = random.Random(seed)
    expected = run(ChunkedFramer(), [body])
    for name, switches in SCANNERS.items() if len(body) >= 4096 else [("all", SCANNERS["all"])]:
        cuts = {
            "whole": [len(body)],
            "in two": [rng.randint(0, len(body))],
            "at random": [rng.randint(0, max(1, len(body) // 3)) for _ in range(20)],
            "at random, small": [rng.randint(1, 40 + len(body) // 200) for _ in range(500)],
        }
        if len(body) <= 6_000 and not switches:  # so small a feed is left to the loop by all scanners
            cuts["octet by octet"] = [1] * len(body)
        for how, sizes in cuts.items():
            found = run(ChunkedFramer(Scanner(**switches)), cut(body, sizes))
            assert found == expected, f"{how} with {name}"
            _check_body_at(found)
    return expected


def _check_body_at(framed: Framed) -> None:
    """Body offsets never fall, rise by at most one per octet, and are whole at every chunk's end."""
    offsets = np.array(list(framed.body_at))
    steps = np.diff(np.array(list(framed.body_at.values())))
    assert ((steps >= 0) & (steps <= np.diff(offsets))).all()
    for end, wire_end in framed.chunks:
        assert framed.body_at.get(wire_end, end) == end


def decode_simply(body: bytes) -> tuple[list[tuple[int, int]], bytes, int]:
    """Decode a well-formed chunked body by the book, RFC 9112 section 7.1.3: chunks, content, offset of the end."""
    chunks: list[tuple[int, int]] = []
    content = b""
    at = 0
    while True:
        line_end = body.index(b"\r\n", at)
        size = int(body[at:line_end].split(b";")[0].strip(), 16)
        at = line_end + 2
        if size == 0:
            break
        content += body[at : at + size]
        at += size
        chunks.append((len(content), at))
        assert body[at : at + 2] == b"\r\n"
        at += 2
    while True:
        line_end = body.index(b"\r\n", at)
        empty = line_end == at
        at = line_end + 2
        if empty:
            return chunks, content, at


def chunked(contents: Iterable[bytes], *, end: bytes = b"0\r\n\r\n", line: str = "%x") -> bytes:
    """Return a chunked body of the given chunks."""
    return b"".join((line % len(each)).encode() + b"\r\n" + each + b"\r\n" for each in contents) + end


__all__ = ["NEVER", "SCANNERS", "Framed", "all_runs", "chunked", "cut", "decode_simply", "run"]
