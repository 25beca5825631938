"""The one rule of axes: layers are compared where taps and response say so, and never by a guess."""

from __future__ import annotations

import itertools

import pytest

from inspector.analysis.tracks.axes import Axes, Columns
from inspector.recording.layers import AXES, LAYER_BY_NAME, LAYERS
from inspector.recording.meta import Framing, ResponseMeta


def response(*, coding: str = "identity", framing: Framing = "chunked") -> ResponseMeta:
    return ResponseMeta(http_version="HTTP/1.1", status=200, framing=framing, content_coding=coding)


def kept_as(coding: str) -> ResponseMeta:
    """Return a response whose coding the recorder does not know, so that it kept the body as it came."""
    found = response()
    found.headers = [("content-encoding", f"identity, {coding}")]
    return found


PLAIN = Axes(response())
GZIP = Axes(response(coding="gzip"), {"yield": "identity", "write": "gzip"})


def columns(axes: Axes, earlier: str, later: str) -> Columns | None:
    found = axes.common(earlier, later)
    return found.columns if found else None


@pytest.mark.parametrize(
    ("earlier", "later", "plain", "coded"),
    [
        ("part", "yield", ("end", "end"), ("end", "end")),
        ("yield", "read", ("end", "body_end"), ("end", "content_end")),
        ("yield", "chunk", ("end", "end"), ("end", "content_end")),
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
    earlier: str, later: str, plain: Columns | None, coded: Columns | None
) -> None:
    assert columns(PLAIN, earlier, later) == plain
    assert columns(GZIP, earlier, later) == coded
    # The other way round it is the same axis.
    assert columns(GZIP, later, earlier) == (coded and coded[::-1])


def test_that_coded_bytes_are_carried_over_where_they_begin_and_only_there() -> None:
    taps = {"yield": "identity", "write.1": "gzip", "write": "gzip"}
    axes = Axes(response(coding="gzip"), taps)
    found = [axes.common(*pair) for pair in (("yield", "write.1"), ("write.1", "write"))]
    assert [each and each.coded for each in found] == [True, False]
    assert [axes.is_carried_over(name) for name in ("part", "yield", "write.1", "write", "chunk")] == [
        False, False, True, True, False,
    ]  # fmt: skip
    assert not any(PLAIN.is_carried_over(name) for name in LAYER_BY_NAME)


def test_that_a_coding_of_the_proxy_is_undone_for_the_comparison() -> None:
    axes = Axes(response(coding="gzip"), {"yield": "identity", "write": "identity"})
    assert columns(axes, "write", "read") == ("end", "content_end")
    assert not axes.is_plain


def test_that_a_coding_that_did_not_arrive_is_compared_with_nothing() -> None:
    axes = Axes(response(coding="gzip"), {"yield": "identity", "write": "br"})
    assert columns(axes, "yield", "write") is None
    assert columns(axes, "write", "read") is None
    assert not axes.is_carried_over("write")


def test_that_a_coding_that_was_kept_joins_only_what_counts_coded_bytes() -> None:
    kept = Axes(kept_as("zz"), {"yield": "identity", "write": "zz"})
    assert columns(kept, "write", "read") == ("end", "body_end")
    assert columns(kept, "read", "chunk") == ("body_end", "end")
    assert columns(kept, "chunk", "piece") == ("content_end", "end")
    assert columns(kept, "part", "yield") == ("end", "end")
    assert not kept.is_carried_over("write"), "the client's content are the coded bytes"
    for earlier, later in (("yield", "write"), ("yield", "read"), ("yield", "piece"), ("part", "piece")):
        assert columns(kept, earlier, later) is None


def test_that_an_unknown_coding_of_the_proxy_leaves_server_and_client_apart() -> None:
    axes = Axes(kept_as("zz"), {"yield": "identity", "write": "identity"})
    assert columns(axes, "yield", "write") == ("end", "end")
    assert columns(axes, "write", "read") is None
    assert not axes.is_plain


def test_that_identity_said_in_a_header_is_no_coding() -> None:
    said = response()
    said.headers = [("Content-Encoding", "Identity")]
    assert columns(Axes(said), "yield", "write") == ("end", "end")
    assert Axes(said).is_plain


def test_that_before_the_head_only_layers_of_one_side_are_compared() -> None:
    assert columns(Axes(), "part", "yield") == ("end", "end")
    assert columns(Axes(), "read", "chunk") == ("body_end", "end")
    assert columns(Axes(), "write", "read") is None
    assert not Axes().is_plain


def test_that_a_response_without_a_body_joins_no_server_to_a_client() -> None:
    framings: tuple[Framing, ...] = ("none", "unknown")
    for framing in framings:
        bodiless = Axes(response(framing=framing))
        assert columns(bodiless, "write", "read") is None
        assert columns(bodiless, "part", "piece") is None
        assert columns(bodiless, "part", "yield") == ("end", "end")
        assert columns(bodiless, "read", "piece") == ("content_end", "end")


def test_that_chunks_are_joined_only_where_there_are_any() -> None:
    framings: tuple[Framing, ...] = ("content-length", "close-delimited", "none")
    for framing in framings:
        unchunked = Axes(response(framing=framing))
        assert columns(unchunked, "read", "chunk") is None
        assert columns(unchunked, "chunk", "piece") is None
        assert columns(unchunked, "read", "piece") == ("content_end", "end")


def test_that_every_column_of_offsets_is_on_one_axis_and_found_by_it() -> None:
    for layer in LAYERS:
        assert layer.column_on(layer.axis) == "end"
        on_axes = {layer.column_on(axis): axis for axis in AXES} | {None: None}
        assert {column for column in on_axes if column} == {name for name in layer.columns if name.endswith("end")}
        assert all(layer.axis_of(name) == on_axes.get(name) for name in layer.columns)


def test_that_every_pair_of_layers_is_comparable_without_coding_and_framing() -> None:
    for earlier, later in itertools.permutations(LAYER_BY_NAME, 2):
        assert PLAIN.common(earlier, later) is not None


def test_that_an_unknown_layer_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        PLAIN.common("message", "piece")
