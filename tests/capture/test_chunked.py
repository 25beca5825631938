"""Chunked framing: the same chunks, offsets, trailers and errors whatever the cuts and the scanner."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import h11
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from inspector.capture.framing import chunked_grammar
from inspector.capture.framing.chunk_scanners import Scanner
from inspector.capture.framing.chunked_framing import ChunkedFramer
from inspector.capture.framing.framer import NEVER
from tests.capture.framing_runs import SCANNERS, all_runs, chunked, cut, decode_simply, run

_TOKEN = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1, max_size=8)
_VALUE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)


@st.composite
def bodies(draw: st.DrawFn, *, blanks: bool = True) -> bytes:
    """Draw well-formed bodies; ``blanks`` behind sizes too, which h11 does not take."""
    formats = ["%x", "%X", "00%x", "%x ", "%x\t"][: 5 if blanks else 3]
    parts: list[bytes] = []
    for content in draw(st.lists(st.binary(min_size=1, max_size=40) | st.sampled_from([b"\r\n", b"5\r\nhello\r\n"]))):
        size = draw(st.sampled_from(formats)) % len(content)
        extensions = draw(st.lists(st.tuples(_TOKEN, _TOKEN | _VALUE.map(lambda text: f'"{text}"')), max_size=2))
        line = size + "".join(f";{name}={value}" for name, value in extensions)
        parts += [line.encode("latin-1"), b"\r\n", content, b"\r\n"]
    trailers = draw(st.lists(st.tuples(_TOKEN, _VALUE), max_size=3))
    lines = "".join(f"{name}: {value}\r\n" for name, value in trailers)
    return b"".join(parts) + b"0\r\n" + lines.encode("latin-1") + b"\r\n"


@given(body=bodies(), seed=st.integers(0, 1000))
def test_that_every_cut_of_a_well_formed_body_gives_what_the_simple_decoder_gives(body: bytes, seed: int) -> None:
    framed = all_runs(body, seed)
    chunks, content, end = decode_simply(body)
    assert framed.error is None
    assert (framed.chunks, framed.message_end, framed.finish) == (chunks, end, None)
    assert sum(len(body[wire_end - size : wire_end]) for size, wire_end in _sized(chunks)) == len(content)


@given(body=bodies(blanks=False), sizes=st.lists(st.integers(1, 50), max_size=30))
def test_that_h11_agrees_on_well_formed_bodies(body: bytes, sizes: list[int]) -> None:
    framed = run(ChunkedFramer(), [body])
    chunks, trailers = _by_h11(body, sizes)
    assert [size for size, _ in _sized(framed.chunks)] == chunks
    assert [(name.lower(), value) for name, value in framed.trailers] == trailers


@given(body=bodies(), at=st.integers(0, 10_000), octet=st.integers(0, 255), drop=st.booleans(), tail=st.binary())
@settings(max_examples=100)
def test_that_a_broken_body_breaks_at_the_same_octet_in_every_cut(
    body: bytes, at: int, octet: int, drop: bool, tail: bytes
) -> None:
    at %= len(body)
    broken = body[:at] + (b"" if drop else bytes([octet])) + body[at + 1 :] + tail
    framed = all_runs(broken, at)
    if framed.error is not None:
        # Everything before the first bad octet may still become a body, nothing behind it counts.
        before = run(ChunkedFramer(), [broken[: framed.error[0]]])
        assert before.error is None
        assert before.message_end == NEVER
        assert before.chunks == framed.chunks


@pytest.mark.parametrize(
    ("body", "offset", "words"),
    [
        (b"hello\r\n", 0, "chunk size in hex digits"),
        (b"5g\r\nhello\r\n", 1, "'g' (0x67) in a chunk size line"),
        (b"0x5\r\nhello\r\n", 1, "'x' (0x78)"),
        (b"-5\r\nhello\r\n", 0, "'-' (0x2d)"),
        (b"+5\r\nhello\r\n", 0, "'+' (0x2b)"),
        (b"1_0\r\n", 1, "'_' (0x5f)"),
        (b" 5\r\nhello\r\n", 0, "octet 0x20"),
        (b"5 5\r\n", 2, "'5' (0x35) in a chunk size line"),
        (b"5\nhello\n", 1, "octet 0x0a in a chunk size line"),
        (b"5\rhello", 2, "'h' (0x68)"),
        (b"\r\n", 0, "octet 0x0d"),
        (b"5;a\x00=b\r\nhello\r\n", 3, "octet 0x00"),
        (b"5\r\nhelloo\r\n", 8, "'o' (0x6f) where the CRLF after a chunk"),
        (b"5\r\nhello\n", 8, "octet 0x0a where the CRLF"),
        (b"5\r\nhello\r0", 9, "'0' (0x30) where the CRLF"),
        (b"5\r\nhello\r\nzz\r\n", 10, "'z' (0x7a) where a chunk size"),
        (b"4000000000000000\r\n", 15, "too large"),
        (b"ffffffffffffffffffffffffffffffffffff\r\n", 15, "too large"),
        (b"00000000000000000000000000000001\r\nx\r\nfffffffffffffffffffffff\r\n", 37 + 15, "too large"),
        (b"0\r\nbad trailer\r\n\r\n", 6, "octet 0x20 in the trailer section"),
        (b"0\r\n: x\r\n\r\n", 3, "trailer field name"),
        (b"0\r\n folded: x\r\n\r\n", 3, "trailer field name"),
        (b"0\r\na: x\n\r\n", 7, "octet 0x0a in the trailer section"),
        (b"0\r\na: x\x7f\r\n\r\n", 7, "octet 0x7f"),
        (b"0\r\n\rx", 4, "'x' (0x78) in the trailer section"),
    ],
)
def test_that_malformed_framing_is_told_with_its_offset(body: bytes, offset: int, words: str) -> None:
    framed = all_runs(body)
    assert framed.error is not None
    assert framed.error[0] == offset
    assert words in framed.error[1]


def test_that_a_size_line_may_be_long_but_not_endless() -> None:
    longest = b"5;" + b"e" * (chunked_grammar.LONGEST_SIZE_LINE_BYTES - 4) + b"\r\n"
    assert run(ChunkedFramer(), [longest + b"hello\r\n0\r\n\r\n"]).error is None
    for body in (b"5;e" + longest[2:] + b"hello\r\n", b"0" * 40_000):
        framed = run(ChunkedFramer(), [body])
        assert framed == run(ChunkedFramer(), cut(body, [7, 9_000, 3, 7_372, 1, 1, 1]))
        assert framed.error is not None
        assert framed.error[0] == chunked_grammar.LONGEST_SIZE_LINE_BYTES


def test_that_trailers_may_be_long_but_not_endless() -> None:
    field = b"a: " + b"v" * (chunked_grammar.LONGEST_TRAILERS_BYTES - 7) + b"\r\n"
    assert run(ChunkedFramer(), [b"0\r\n" + field + b"\r\n"]).error is None
    for body in (b"0\r\n" + field + b"bc", b"0\r\n" + b"a: b\r\n" * 10_000):
        framed = run(ChunkedFramer(), [body])
        assert framed == run(ChunkedFramer(), cut(body, [1, 2, 1, 20_000, 12_760, 3, 1, 1, 1, 1]))
        assert framed.error is not None
        assert framed.error[0] == 3 + chunked_grammar.LONGEST_TRAILERS_BYTES


def test_that_trailers_are_kept_in_order_and_folded_lines_joined() -> None:
    framed = all_runs(b"0\r\nX-Sum: 1\r\nx-sum:2 \r\n and more\r\n\t\r\nEmpty:\r\n\r\n")
    assert framed.trailers == [("X-Sum", "1"), ("x-sum", "2 and more"), ("Empty", "")]


def test_that_extensions_are_noted_once() -> None:
    framer = ChunkedFramer()
    framer.feed(b"1;a=b\r\nx\r\n1;c\r\ny\r\n", 19)
    assert framer.notes == ["chunk extensions were sent, the first: ;a=b (kept in wire.bin only)"]


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (b"", "the last chunk (of size 0) is missing"),
        (b"5\r\nhello\r\n", "after 5 bytes of body, the last chunk"),
        (b"5\r\nhel", "received 3 of 5 bytes of a chunk"),
        (b"5\r", "a chunk size line is not whole"),
        (b"5\r\nhello\r", "the CRLF after a chunk is not whole"),
        (b"5\r\nhello", "the CRLF after a chunk is not whole"),
        (b"0\r\n", "the end of the trailer section is not whole"),
    ],
)
def test_that_what_is_missing_at_a_cut_is_told(body: bytes, missing: str) -> None:
    framed = all_runs(body)
    assert framed.finish is not None
    assert missing in framed.finish


def test_that_octets_behind_the_end_are_not_framed() -> None:
    framed = all_runs(b"1\r\nx\r\n0\r\n\r\n5\r\nhello\r\n")
    assert (framed.chunks, framed.message_end, framed.error) == ([(1, 4)], 11, None)


def _adversarial(rng: random.Random) -> dict[str, Callable[[], bytes]]:
    header_like = b"3a\r\n" + b"x" * 54
    return {
        "equal": lambda: b"r" * 58,
        "equal but for one": lambda: b"r" * (58 if rng.random() < 0.999 else 57),
        "lines": lambda: b"c" * rng.randint(16, 100),
        "CRLF lines": lambda: b"a,b\r\n" * rng.randint(1, 3),
        "one CRLF line each": lambda: b"v" * rng.randint(1, 90) + b"\r\n",
        "CRLF only": lambda: b"\r\n" * rng.randint(1, 30),
        "LF and CR": lambda: rng.choice([b"\n", b"\r", b"\n\r", b"\r\r\n\n"]) * rng.randint(1, 9),
        "looks like chunks": lambda: rng.choice([header_like, b"1\r\nx\r\n", b"0\r\n\r\n", b"\r\n3a\r\n" * 8]),
        "same stride, other sizes": lambda: rng.choice([b"x" * 58, b"3a\r\n" * 14 + b"\r\n"]),
        "events": lambda: b"data: %d\r\n\r\n" % rng.randint(0, 10**6),
        "binary": lambda: rng.randbytes(rng.randint(1, 300)),
        "big": lambda: bytes(rng.choice([10, 2047, 2048, 2049, 5000])),
    }


@pytest.mark.parametrize("kind", list(_adversarial(random.Random())))
def test_that_fast_ways_and_the_plain_loop_agree_on_bodies_made_to_deceive_them(kind: str) -> None:
    for seed in range(3):
        rng = random.Random(seed)
        make = _adversarial(rng)[kind]
        body = chunked(
            [make() for _ in range(rng.choice([3, 300, 1500]))], line=rng.choice(["%x", "%X", "0%x", "%04x"])
        )
        framed = all_runs(body, seed)
        assert (framed.chunks, framed.message_end) == (decode_simply(body)[0], len(body))


@pytest.mark.parametrize("kind", list(_adversarial(random.Random())))
def test_that_fast_ways_find_a_break_where_the_loop_does(kind: str) -> None:
    for seed in range(3):
        rng = random.Random(seed)
        make = _adversarial(rng)[kind]
        body = bytearray(chunked([make() for _ in range(400)]))
        body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)
        all_runs(bytes(body), seed)


@pytest.mark.parametrize("sizes", [[58], [58, 40, 17], [5, 300, 18]], ids=["equal", "two digits", "one to three"])
@pytest.mark.parametrize("number", [0, 211, 399])
def test_that_no_broken_octet_of_framing_gets_past_the_fast_ways(sizes: list[int], number: int) -> None:
    rows = [b"r" * sizes[each % len(sizes)] for each in range(400)]
    start = len(chunked(rows[:number], end=b""))
    stop = len(chunked(rows[: number + 1], end=b""))
    line = start + len(b"%x\r\n" % len(rows[number]))
    for at in [*range(start, line), stop - 2, stop - 1]:
        for octet in b"\n\r0x":
            body = bytearray(chunked(rows))
            body[at] = octet
            for switches in SCANNERS.values():
                found = run(ChunkedFramer(Scanner(**switches)), [bytes(body)])
                assert found == run(ChunkedFramer(Scanner(**SCANNERS["loop"])), [bytes(body)])


def test_that_digits_beyond_the_fast_ways_count() -> None:
    body = bytearray(chunked([b"0123456789"] * 500, line="%05x"))
    body[251 * 19] = ord("1")  # this chunk claims 65,546 octets
    framed = all_runs(bytes(body))
    assert len(framed.chunks) == 251
    assert framed.finish is not None
    assert "of 65546 bytes of a chunk" in framed.finish


@pytest.mark.parametrize("contents", [[b"r" * 58], [b"r" * size for size in range(1, 300)], [b"a,b\r\n", b"c\r\n"]])
def test_that_the_fast_ways_take_what_is_made_for_them(contents: list[bytes]) -> None:
    rows = contents * (3000 // len(contents))
    body = chunked(rows)
    found = np.empty((len(rows) + 1, 5), dtype=np.int64)
    calls: list[int] = []

    class Watched(Scanner):
        @override
        def _loop(self, *arguments: Any) -> tuple[int, int, bool]:
            found = super()._loop(*arguments)
            calls.append(found[0])
            return found

    count, at = Watched().scan(body, 0, len(body), found)
    assert (count, at) == (len(rows), len(body) - 5)
    # The loop is left with less than one small scan at the end.
    assert sum(calls) * len(body) / len(rows) < 8192


def _sized(chunks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ends = [0, *(end for end, _ in chunks)]
    return [(end - start, wire_end) for start, end, (_, wire_end) in zip(ends, ends[1:], chunks, strict=False)]


def _by_h11(body: bytes, sizes: list[int]) -> tuple[list[int], list[tuple[str, str]]]:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunks: list[int] = []
    size = 0
    for part in cut(body, sizes):
        connection.receive_data(part)
        while (event := connection.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.Data):
                size += len(event.data)
                if event.chunk_end:
                    chunks.append(size)
                    size = 0
            elif isinstance(event, h11.EndOfMessage):
                return chunks, [(name.decode(), value.decode()) for name, value in event.headers]
    raise AssertionError("h11 saw no end")
