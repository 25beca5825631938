"""``meta.json``: what is written reads back, and a bad field is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inspector.recording.meta import (
    FORMAT,
    BadRecording,
    Ending,
    Meta,
    NewerFormat,
    decode_meta,
    encode_meta,
    read_meta,
    write_meta,
)
from tests.sample_recording import sample_meta

META = sample_meta("20261120-231504-4f2a9c01", "chunked", gzip=False, ended=True, last_t_ns=9)


def changed(path: str, value: Any) -> bytes:
    """Return the sample's JSON with one field replaced."""
    whole = json.loads(encode_meta(META))
    *way, last = path.split(".")
    at = whole
    for name in way:
        at = at[name]
    at[last] = value
    return json.dumps(whole).encode()


def test_that_meta_reads_back_as_written(tmp_path: Path) -> None:
    assert read_meta(tmp_path) is None
    write_meta(tmp_path, META)
    assert read_meta(tmp_path) == META
    later = msgspec.structs.replace(META, ending=Ending(kind="stopped", text="\u20ac", t_ns=10))
    write_meta(tmp_path, later)
    assert read_meta(tmp_path) == later
    assert [path.name for path in tmp_path.iterdir()] == ["meta.json"]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("id", 7, "$.id"),
        ("request.sent_t_ns", "now", "$.request.sent_t_ns"),
        ("request.headers", [["only one"]], "$.request.headers[0]"),
        ("response.status", None, "$.response.status"),
        ("response.framing", "guessed", "$.response.framing"),
        ("ending.kind", "fine", "$.ending.kind"),
        ("layers", [{"name": "read", "axis": "wire"}], "columns"),
        ("format", "1", "$.format"),
    ],
)
def test_that_a_bad_field_is_named(path: str, value: Any, named: str) -> None:
    with pytest.raises(BadRecording) as caught:
        decode_meta(changed(path, value))
    assert named in str(caught.value)
    assert str(caught.value).startswith("meta.json: ")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"\xff", b'{"format": 1, "id": "\xff"}', b"[" * 100_000])
def test_that_what_is_no_meta_is_a_bad_recording(data: bytes) -> None:
    with pytest.raises(BadRecording, match=r"^meta\.json: "):
        decode_meta(data)


def test_that_a_newer_format_is_told_apart_even_if_nothing_else_is_known() -> None:
    with pytest.raises(NewerFormat, match=f"format {FORMAT + 1}.*Open it with a newer"):
        decode_meta(b'{"format": %d, "all": "different"}' % (FORMAT + 1))


@pytest.mark.parametrize("version", [0, -1])
def test_that_a_format_that_never_was_is_refused(version: int) -> None:
    with pytest.raises(BadRecording, match="start at 1"):
        decode_meta(changed("format", version))


def test_that_unknown_fields_of_a_later_writer_do_not_harm() -> None:
    assert decode_meta(changed("added_later", {"a": 1})) == META


def test_that_meta_is_json_for_people() -> None:
    assert encode_meta(Meta(id="x", started_at="", request=META.request)).startswith(b'{\n "format": 2,\n')
