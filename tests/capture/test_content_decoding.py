"""Content codings: content is what the server had, in every cut, in bounded memory, and truncation is told."""

from __future__ import annotations

import gzip
import itertools
import random
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.capture.content_decoding import BadCoding, Decoder, decoder_of
from tests.capture.framing_runs import chunked
from tests.capture.raw_server import answer, raw_server
from tests.capture.recording_runs import record
from tests.needs import needs

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n"
_TEXT = b"".join(b"%d,%d\n" % (number, number * 7919) for number in range(3000))


def _raw_deflate(data: bytes) -> bytes:
    compress = zlib.compressobj(wbits=-15)
    return compress.compress(data) + compress.flush()


def _brotli(data: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli").compress(data))


def _zstandard(data: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").ZstdCompressor().compress(data))


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "two members": ("gzip", lambda data: gzip.compress(data[:100]) + gzip.compress(data[100:])),
    "padded gzip": ("gzip", lambda data: gzip.compress(data) + b"\0" * 9),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", _raw_deflate),
    "both": ("deflate, gzip", lambda data: gzip.compress(zlib.compress(data))),
    "br": ("br", _brotli),
    "zstd": ("zstd", _zstandard),
}


@pytest.mark.parametrize("name", list(CODINGS))
@pytest.mark.parametrize("chunk_bytes", [1, 13, 100_000])
def test_that_codings_are_undone_in_a_recording(tmp_path: Path, name: str, chunk_bytes: int) -> None:
    coding, encode = CODINGS[name]
    body = encode(_TEXT)
    wire = chunked([body[at : at + chunk_bytes] for at in range(0, len(body), chunk_bytes)])
    head = _HEAD % coding.encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    cuts = sorted(random.Random(chunk_bytes).sample(range(len(wire)), 5))
    parts = [wire[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    with raw_server(answer(head, *parts)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.content == _TEXT
    assert (recorded.folder / "content.bin").read_bytes() == _TEXT
    assert recorded.ending.kind == "complete"
    assert recorded.response.content_coding == "+".join(coding.split(", "))
    assert recorded.meta.notes == []
    assert recorded.chunk.column("content_end")[-1] == len(_TEXT)
    assert recorded.chunk.total_bytes == len(body)


def test_that_each_flushed_part_is_content_as_soon_as_its_chunk_came(tmp_path: Path) -> None:
    compress = zlib.compressobj(wbits=31)
    rows = [b"row %d\n" % number for number in range(50)]
    parts = [compress.compress(row) + compress.flush(zlib.Z_SYNC_FLUSH) for row in rows]
    wire = chunked([*parts, compress.flush()])
    with raw_server(answer(_HEAD % b"gzip" + b"Transfer-Encoding: chunked\r\n\r\n" + wire)) as url:
        recorded = record(url, tmp_path).check()
    ends = [sum(map(len, rows[: number + 1])) for number in range(50)]
    assert recorded.chunk.column("content_end").tolist() == [*ends, ends[-1]]


def test_that_a_coded_body_of_known_length_is_decoded_and_the_rest_left_alone(tmp_path: Path) -> None:
    body = gzip.compress(_TEXT)
    with raw_server(
        answer(_HEAD % b"gzip" + b"Content-Length: %d\r\n\r\n" % len(body) + body + gzip.compress(b"!"))
    ) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.content == _TEXT
    assert len(recorded.meta.notes) == 1


def test_that_an_unknown_coding_is_left_as_it_is_and_noted(tmp_path: Path) -> None:
    with raw_server(answer(_HEAD % b"x-rot13" + b"Content-Length: 5\r\n\r\nuryyb")) as url:
        recorded = record(url, tmp_path).check()
    assert (recorded.content, recorded.response.content_coding) == (b"uryyb", "identity")
    assert not (recorded.folder / "content.bin").exists()
    assert "'x-rot13' is not undone" in recorded.meta.notes[0]


@pytest.mark.parametrize("missing_module", ["br", "zstd"])
def test_that_a_coding_whose_module_is_missing_is_noted(missing_module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = {"br": "brotli", "zstd": "zstandard"}[missing_module]
    monkeypatch.setitem(sys.modules, module, None)  # what an import then finds is that it is missing
    decoder, note = decoder_of((missing_module,))
    assert decoder is None
    assert note is not None
    assert module in note


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_that_truncated_data_in_a_whole_body_is_an_ending_of_its_own(tmp_path: Path, coding: str) -> None:
    body = CODINGS[coding][1](_TEXT)[:-10]
    with raw_server(answer(_HEAD % coding.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "bad_coding"
    assert recorded.ending.text.startswith(f"The {coding} data stops before its end")
    assert recorded.meta.notes == [f"The {coding} data stops before its end: content may be missing"]
    assert _TEXT.startswith(recorded.content)


def test_that_data_that_is_not_coded_as_told_is_an_ending_of_its_own(tmp_path: Path) -> None:
    with raw_server(answer(_HEAD % b"gzip" + b"Content-Length: 5\r\n\r\nhello")) as url:
        recorded = record(url, tmp_path).check()
    assert recorded.ending.kind == "bad_coding"
    assert "The body is not gzip, although Content-Encoding says so." in recorded.ending.text
    assert recorded.wire == b"hello"


def test_that_a_bomb_is_stopped_by_the_limit_before_it_is_written(tmp_path: Path) -> None:
    compress = zlib.compressobj(9, wbits=31)
    bomb = b"".join(compress.compress(bytes(1 << 20)) for _ in range(256)) + compress.flush()
    head = _HEAD % b"gzip" + b"Content-Length: %d\r\n\r\n" % len(bomb)
    with raw_server(answer(head, bomb)) as url:
        recorded = record(url, tmp_path, max_bytes=1_000_000).check()
    assert recorded.ending.kind == "over_limit"
    assert 1_000_000 < len(recorded.content) < 2_000_000


def _decode(decoder: Decoder, parts: Iterator[bytes]) -> bytes:
    return b"".join(piece for part in parts for piece in decoder.decode(part))


@given(data=st.binary(max_size=300), sizes=st.lists(st.integers(1, 20)), name=st.sampled_from(list(CODINGS)[:7]))
def test_that_every_cut_of_coded_data_gives_the_same_content(data: bytes, sizes: list[int], name: str) -> None:
    coding, encode = CODINGS[name]
    body = encode(data)
    decoder, _ = decoder_of(tuple(coding.split(", ")))
    assert decoder is not None
    cuts = [0, *(at for at in (sum(sizes[: number + 1]) for number in range(len(sizes))) if at < len(body)), len(body)]
    assert _decode(decoder, (body[a:b] for a, b in itertools.pairwise(cuts))) == data
    assert not decoder.unfinished()


@pytest.mark.parametrize("name", ["gzip", "deflate", "raw deflate", pytest.param("br", marks=needs("brotli"))])
def test_that_one_part_is_never_larger_than_a_step(name: str) -> None:
    coding, encode = CODINGS[name]
    decoder, _ = decoder_of((coding,))
    assert decoder is not None
    sizes = [len(part) for part in decoder.decode(encode(bytes(5_000_000)))]
    assert sum(sizes) == 5_000_000
    assert max(sizes) <= 262_144
    assert not decoder.unfinished()


def test_that_no_output_waits_inside_the_decoder_for_more_input() -> None:
    body = gzip.compress(bytes(1_000_000))
    for size in range(230, 560):
        decoder, _ = decoder_of(("gzip",))
        assert decoder is not None
        expected = len(zlib.decompressobj(31).decompress(body[:size]))
        assert sum(len(part) for part in decoder.decode(body[:size])) == expected


def test_that_bad_data_raises_bad_coding() -> None:
    decoder, _ = decoder_of(("gzip",))
    assert decoder is not None
    with pytest.raises(BadCoding):
        list(decoder.decode(b"hello, this is no gzip"))
