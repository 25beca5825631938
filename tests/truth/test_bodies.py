"""Raw responses of every kind: what is recorded and said of each, whole and octet by octet, beside what curl gets."""

from __future__ import annotations

import functools
import gzip
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from inspector.recording.meta import EndingKind, Framing
from tests.capture.raw_server import answer, raw_server
from tests.capture.recording_runs import Recorded, record

_OK = b"HTTP/1.1 200 OK\r\n"
TEXT = b"".join(b"%d,%d\n" % (number, number * 7919) for number in range(300))


@dataclass(frozen=True)
class Raw:
    """A response as sent, and what is true of it. ``curl`` tells whether curl takes all of it without an error."""

    sent: bytes
    kind: EndingKind
    framing: Framing | None
    content: bytes = b"hello"
    words: str = ""
    note: str = ""
    curl: bool = True
    headers: tuple[tuple[str, str], ...] = ()


def _length(headers: bytes, body: bytes = b"hello") -> bytes:
    return _OK + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _coded(coding: bytes, body: bytes) -> bytes:
    return _length(b"Content-Encoding: " + coding + b"\r\n", body)


def _brotli(data: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli").compress(data))


def _unbrotli(data: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli").Decompressor().process(data))


def _zstd(data: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").ZstdCompressor().compress(data))


HEADS: dict[str, Raw] = {
    "plain": Raw(_length(b""), "complete", "content-length"),
    "zeros before a length": Raw(
        _OK + b"Content-Length: " + b"0" * 23 + b"5\r\n\r\nhello", "complete", "content-length"
    ),
    "a length given twice, the same": Raw(
        _OK + b"Content-Length: 5\r\n" * 2 + b"\r\nhello", "complete", "content-length"
    ),
    "folded": Raw(
        _length(b"X-A: one\r\n two\r\n"), "complete", "content-length", headers=(("X-A", "one two"),)
    ),
    "folded with blanks and tabs": Raw(
        _length(b"X-A: one  \r\n\t  two\t\r\n \r\n   three\r\n"), "complete", "content-length",
        headers=(("X-A", "one two three"),),
    ),
    "a folded Transfer-Encoding": Raw(
        _length(b"X-A: one\r\n Transfer-Encoding: chunked\r\n"), "complete", "content-length",
        headers=(("X-A", "one Transfer-Encoding: chunked"),),
    ),
    "a folded Content-Length": Raw(_length(b"X-A: one\r\n Content-Length: 3\r\n"), "complete", "content-length"),
    "a folded Content-Encoding": Raw(_length(b"X-A: one\r\n Content-Encoding: gzip\r\n"), "complete", "content-length"),
    "a length that is folded itself": Raw(
        _OK + b"Content-Length:\r\n 5\r\n\r\nhello", "complete", "content-length", curl=False
    ),
    "more lines than it needs": Raw(_OK + b"\r\nhello", "complete", "close-delimited"),
    "line feeds alone": Raw(b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "complete", "content-length"),
    "a huge length": Raw(
        _OK + b"Content-Length: 99999999999999999999999\r\n\r\nhello", "cut_short", "content-length",
        words="received 5 of 99999999999999999999999 bytes",
    ),
    "two lengths": Raw(
        _OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "protocol_error", "unknown", b"",
        "Content-Length is given as 5 and as 6", curl=False,
    ),
    "a negative length": Raw(
        _OK + b"Content-Length: -5\r\n\r\nhello", "protocol_error", "unknown", b"", "'-5' is not a number of bytes",
        curl=False,
    ),
    "an empty length": Raw(
        _OK + b"Content-Length:\r\n\r\nhello", "protocol_error", "unknown", b"", "Content-Length is empty", curl=False
    ),
    "a length with words": Raw(
        _OK + b"Content-Length: 5 apples\r\n\r\nhello", "protocol_error", "unknown", b"", "'5 apples' is not a number",
        curl=False,
    ),
    "chunked twice": Raw(
        _OK + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n5\r\nhello\r\n0\r\n\r\n", "protocol_error", "unknown", b"",
        "chunked is sent twice", curl=False,
    ),
    "a line that is no header": Raw(
        _length(b"bad header\r\n"), "protocol_error", "unknown", b"",
        "Line 2 of the response head is not a header: 'bad header'.", curl=False,
    ),
    "a zero byte": Raw(
        _length(b"X-A: a\0b\r\n"), "protocol_error", "unknown", b"",
        r"Line 2 of the response head is not a header: 'X-A: a\x00b'.", curl=False,
    ),
    "a status of four digits": Raw(
        b"HTTP/1.1 2000 OK\r\n\r\nhello", "protocol_error", None, b"",
        "The status line is not valid: 'HTTP/1.1 2000 OK'.", curl=False,
    ),
    "an empty line first": Raw(
        b"\r\n" + _length(b""), "protocol_error", None, b"", "not HTTP: it begins with an empty line", curl=False
    ),
    "SSH": Raw(
        b"SSH-2.0-OpenSSH_9.2\r\n", "protocol_error", None, b"",
        "The answer is not HTTP: it begins with 'SSH-2.0-OpenSSH_9.2'.", curl=False,
    ),
    "HTTP/0.9": Raw(
        b"<html>hello</html>", "protocol_error", None, b"",
        "The answer is not HTTP: it begins with '<html>hello</html>'.", curl=False,
    ),
    "a TLS alert": Raw(b"\x15\x03\x01\x00\x02\x02\x50", "protocol_error", None, b"", "Use https://", curl=False),
    "another protocol's switch": Raw(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello", "protocol_error", "unknown", b"",
        "(status 101), which nothing had asked for", curl=False,
    ),
    "a head cut off": Raw(
        b"HTTP/1.1 200 OK\r\nContent-Le", "cut_short", None, b"", "head was whole, after 27 bytes", curl=False
    ),
    "two early hints": Raw(
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 2 + _length(b""), "complete", "content-length",
        note="informational responses before the head: 103 Early Hints (2 times)",
    ),
}  # fmt: skip

_HALF = len(gzip.compress(TEXT)) // 2
CODINGS: dict[str, Raw | functools.partial[Raw]] = {
    "gzip": Raw(_coded(b"gzip", gzip.compress(TEXT)), "complete", "content-length", TEXT),
    "nothing": Raw(_coded(b"gzip", b""), "complete", "content-length", b""),
    "gzip, cut": Raw(
        _coded(b"gzip", gzip.compress(TEXT)[:_HALF]), "bad_coding", "content-length",
        zlib.decompressobj(31).decompress(gzip.compress(TEXT)[:_HALF]), "The gzip data stops before its end",
        "The gzip data stops before its end: content may be missing",
    ),
    "gzip without its checksum": Raw(
        _coded(b"gzip", gzip.compress(TEXT)[:-8]), "bad_coding", "content-length", TEXT, "stops before its end",
    ),
    "gzip with a wrong checksum": Raw(
        _coded(b"gzip", gzip.compress(TEXT)[:-8] + b"12345678"), "bad_coding", "content-length", TEXT,
        "The gzip data is damaged: its checksum does not match.",
    ),
    "gzip with something behind": Raw(
        _coded(b"gzip", gzip.compress(TEXT) + b"junk"), "bad_coding", "content-length", TEXT,
        "Other data follows the end of the gzip data.",
    ),
    "a member behind zeros": Raw(
        _coded(b"gzip", gzip.compress(TEXT) + bytes(9) + gzip.compress(TEXT)), "bad_coding", "content-length", TEXT,
        "Other data follows the end of the gzip",
    ),
    "no gzip": Raw(
        _coded(b"gzip", b"hello"), "bad_coding", "content-length", b"", "The body is not gzip, although", curl=False
    ),
    "deflate, cut": Raw(
        _coded(b"deflate", zlib.compress(TEXT)[:-4]), "bad_coding", "content-length", TEXT, "stops before its end",
    ),
    "deflate with something behind": Raw(
        _coded(b"deflate", zlib.compress(TEXT) + b"junk"), "bad_coding", "content-length", TEXT, "end of the deflate",
    ),
    "an unknown coding": Raw(
        _coded(b"x-rot13", b"uryyb"), "complete", "content-length", b"uryyb", "", "'x-rot13' is not undone",
        curl=False,
    ),
    "br": functools.partial(
        lambda: Raw(_coded(b"br", _brotli(TEXT)), "complete", "content-length", TEXT)
    ),
    "br, cut": functools.partial(
        lambda: Raw(
            _coded(b"br", _brotli(TEXT)[:-1]), "bad_coding", "content-length", _unbrotli(_brotli(TEXT)[:-1]),
            "The br data stops before its end",
        )
    ),
    "br with something behind": functools.partial(
        lambda: Raw(_coded(b"br", _brotli(TEXT) + b"junk"), "bad_coding", "content-length", TEXT, "end of the br")
    ),
    "zstd": functools.partial(lambda: Raw(_coded(b"zstd", _zstd(TEXT)), "complete", "content-length", TEXT)),
    "zstd of two frames": functools.partial(
        lambda: Raw(_coded(b"zstd", _zstd(TEXT[:900]) + _zstd(TEXT[900:])), "complete", "content-length", TEXT)
    ),
    "zstd with a skippable frame first": functools.partial(
        lambda: Raw(
            _coded(b"zstd", b"\x50\x2a\x4d\x18\x05\0\0\0hello" + _zstd(TEXT)), "complete", "content-length", TEXT
        )
    ),
    "zstd with skippable frames all around": functools.partial(
        lambda: Raw(
            _coded(b"zstd", b"\x5f\x2a\x4d\x18\x03\0\0\0abc".join([b"", _zstd(TEXT[:9]), b"", _zstd(TEXT[9:]), b""])),
            "complete", "content-length", TEXT,
        )
    ),
    "zstd, cut": functools.partial(
        lambda: Raw(
            _coded(b"zstd", _zstd(TEXT) + _zstd(TEXT)[:3]), "bad_coding", "content-length", TEXT, "stops before"
        )
    ),
    "zstd with something behind": functools.partial(
        lambda: Raw(_coded(b"zstd", _zstd(TEXT) + b"junk"), "bad_coding", "content-length", TEXT, "end of the zstd")
    ),
}  # fmt: skip
CASES = HEADS | CODINGS


def case_of(name: str) -> Raw:
    """Return a case; skips the test where it needs a module that is not installed."""
    case = CASES[name]
    return case if isinstance(case, Raw) else case()


def _facts(recorded: Recorded) -> tuple[object, ...]:
    response = recorded.meta.response
    head = response and (response.status, response.reason, response.headers, response.framing)
    return recorded.ending.kind, recorded.ending.text, head, recorded.content, recorded.meta.notes


@pytest.mark.parametrize("name", list(CASES))
def test_that_what_is_said_of_a_response_is_true_however_it_is_cut(tmp_path: Path, name: str) -> None:
    case = case_of(name)
    octets = [case.sent[at : at + 1] for at in range(len(case.sent))]
    with raw_server(answer(case.sent)) as whole, raw_server(answer(*octets)) as cut:
        recorded, again = (record(url, tmp_path).check() for url in (whole, cut))
    assert _facts(recorded) == _facts(again)
    assert (recorded.ending.kind, recorded.content) == (case.kind, case.content)
    assert case.words in recorded.ending.text
    assert (recorded.meta.response and recorded.meta.response.framing) == case.framing
    assert any(case.note in note for note in ["", *recorded.meta.notes])
    if recorded.meta.response is not None:
        assert set(case.headers) <= set(recorded.meta.response.headers)
    assert "bytearray" not in recorded.ending.text


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl to compare with")
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not isinstance(case, Raw) or case.curl])
def test_that_nothing_is_missing_that_curl_gets(tmp_path: Path, name: str) -> None:
    case = case_of(name)
    coding = name.split(" ", maxsplit=1)[0].rstrip(",")
    if coding in ("br", "zstd") and not _curl_undoes(coding):
        pytest.skip(f"this curl does not undo {coding}")
    with raw_server(answer(case.sent)) as url:
        found = subprocess.run(
            ["curl", "--silent", "--compressed", "--max-time", "20", "--noproxy", "*", url],
            check=False,
            capture_output=True,
        ).stdout
        recorded = record(url, tmp_path).check()
    assert recorded.content.startswith(found)
    assert found or not case.content
    assert case.kind != "complete" or found == recorded.content


def _curl_undoes(coding: str) -> bool:
    version = subprocess.run(["curl", "--version"], check=True, capture_output=True, text=True).stdout
    return {"br": "brotli", "zstd": "zstd"}[coding] in version.partition("Features:")[2]
