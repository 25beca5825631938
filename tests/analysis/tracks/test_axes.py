"""The table of axes: comparable where the tracks say so, and never by a guess."""

from __future__ import annotations

import itertools

import pytest

from inspector.analysis.tracks.axes import COLUMN_ON_AXIS, common_columns
from inspector.recording.layers import LAYER_BY_NAME, LAYERS
from inspector.recording.meta import Framing, ResponseMeta


def response(*, coding: str = "identity", framing: Framing = "chunked") -> ResponseMeta:
    return ResponseMeta(http_version="HTTP/1.1", status=200, framing=framing, content_coding=coding)


@pytest.mark.parametrize(
    ("earlier", "later", "plain", "coded"),
    [
        ("part", "yield", ("end", "end"), ("end", "end")),
        ("part", "write", ("end", "end"), None),
        ("yield", "write", ("end", "end"), None),
        ("yield", "read", ("end", "content_end"), ("end", "content_end")),
        ("yield", "chunk", ("end", "content_end"), ("end", "content_end")),
        ("yield", "piece", ("end", "end"), ("end", "end")),
        ("write", "read", ("end", "body_end"), ("end", "body_end")),
        ("write", "chunk", ("end", "end"), ("end", "end")),
        ("write", "piece", ("end", "end"), None),
        ("read", "chunk", ("body_end", "end"), ("body_end", "end")),
        ("read", "piece", ("content_end", "end"), ("content_end", "end")),
        ("chunk", "piece", ("content_end", "end"), ("content_end", "end")),
    ],
)
def test_that_layers_are_compared_on_the_axis_that_both_know(
    earlier: str, later: str, plain: tuple[str, str] | None, coded: tuple[str, str] | None
) -> None:
    assert common_columns(earlier, later, response()) == plain
    assert common_columns(earlier, later, response(coding="gzip")) == coded
    # The other way round it is the same axis.
    assert common_columns(later, earlier, response(coding="gzip")) == (coded and coded[::-1])


def test_that_a_coding_that_was_kept_joins_only_what_counts_coded_bytes() -> None:
    kept = response()
    kept.headers = [("content-encoding", "identity, zz")]
    assert common_columns("write", "read", kept) == ("end", "body_end")
    assert common_columns("read", "chunk", kept) == ("body_end", "end")
    assert common_columns("chunk", "piece", kept) == ("content_end", "end")
    assert common_columns("part", "yield", kept) == ("end", "end")
    for earlier, later in (("yield", "write"), ("yield", "read"), ("yield", "piece"), ("write", "piece")):
        assert common_columns(earlier, later, kept) is None


def test_that_identity_said_in_a_header_is_no_coding() -> None:
    plain = response()
    plain.headers = [("Content-Encoding", "Identity")]
    assert common_columns("yield", "write", plain) == ("end", "end")


def test_that_content_and_body_are_not_taken_for_the_same_before_the_head_is_known() -> None:
    assert common_columns("yield", "write", None) is None
    assert common_columns("part", "yield", None) == ("end", "end")
    assert common_columns("write", "read", None) == ("end", "body_end")


def test_that_a_response_without_a_body_joins_no_server_to_a_client() -> None:
    bodiless = response(framing="none")
    assert common_columns("write", "read", bodiless) is None
    assert common_columns("yield", "piece", bodiless) is None
    assert common_columns("part", "yield", bodiless) == ("end", "end")
    assert common_columns("read", "piece", bodiless) == ("content_end", "end")


def test_that_chunks_are_joined_only_where_there_are_any() -> None:
    framings: tuple[Framing, ...] = ("content-length", "close-delimited", "none")
    for framing in framings:
        unchunked = response(framing=framing)
        assert common_columns("read", "chunk", unchunked) is None
        assert common_columns("chunk", "piece", unchunked) is None
        assert common_columns("read", "piece", unchunked) == ("content_end", "end")


def test_that_the_table_agrees_with_the_layers() -> None:
    assert set(COLUMN_ON_AXIS) == set(LAYER_BY_NAME)
    for layer in LAYERS:
        assert COLUMN_ON_AXIS[layer.name][layer.axis] == "end"
        assert set(COLUMN_ON_AXIS[layer.name].values()) <= set(layer.columns)
        ends = {column for column in layer.columns if column.endswith("end")}
        assert set(COLUMN_ON_AXIS[layer.name].values()) == ends


def test_that_every_pair_of_layers_is_comparable_without_coding_and_framing() -> None:
    for earlier, later in itertools.permutations(LAYER_BY_NAME, 2):
        assert common_columns(earlier, later, response()) is not None


def test_that_an_unknown_layer_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        common_columns("message", "piece", None)
