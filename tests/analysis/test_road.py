"""The gaps of a recording: which there are, what they are called, and how their sides are compared."""

from __future__ import annotations

import pytest

from inspector.analysis.road import RoadGap, gaps_of
from inspector.recording.layers import LAYERS
from inspector.recording.meta import Framing, Meta, RequestMeta, ResponseMeta
from inspector.recording.track import Track
from tests.analysis.simulated_road import SeenTap

TRACKS = {layer.name: Track.empty(layer) for layer in LAYERS}


def meta_of(
    knobs: dict[str, str] | None = None,
    *,
    coding: str = "identity",
    framing: Framing | None = "chunked",
    url: str = "http://127.0.0.1:1/timeline",
    client_buffer: int = 0,
) -> Meta:
    response = None
    if framing is not None:
        response = ResponseMeta(http_version="HTTP/1.1", status=200, framing=framing, content_coding=coding)
    request = RequestMeta(url=url, knobs=knobs or {})
    return Meta(id="x", started_at="", request=request, response=response, client_buffer_bytes=client_buffer)


def by_id(meta: Meta | None, taps: list[SeenTap]) -> dict[str, RoadGap]:
    return {gap.id: gap for gap in gaps_of(meta, taps, TRACKS)}


def test_that_the_gaps_stand_in_the_order_of_the_road() -> None:
    taps = [SeenTap("yield"), SeenTap("write.1", "gzip", "gzip"), SeenTap("write", "rechunk:64", "gzip")]
    gaps = gaps_of(meta_of(coding="gzip"), taps, TRACKS)
    assert [(gap.id, gap.earlier, gap.later) for gap in gaps] == [
        ("template", "part", "yield"),
        ("middleware.1", "yield", "write.1"),
        ("middleware.2", "write.1", "write"),
        ("server", "write", "read"),
        ("framing", "read", "chunk"),
        ("client", "chunk", "piece"),
    ]
    assert [gap.culprit for gap in gaps[1:3]] == ["gzip middleware", "re-chunk middleware of 64 bytes"]


def test_that_ten_middlewares_stand_in_the_order_of_their_numbers() -> None:
    taps = [SeenTap(f"write.{index}", f"m{index}") for index in range(10, 0, -1)] + [SeenTap("write", "m11")]
    gaps = by_id(meta_of(), taps)
    assert [gaps[f"middleware.{index}"].title for index in range(1, 12)] == [f"m{index}" for index in range(1, 12)]


def test_that_coded_bytes_are_carried_over_where_they_begin_and_compared_directly_after() -> None:
    taps = [SeenTap("yield"), SeenTap("write.1", "gzip", "gzip"), SeenTap("write", "lint", "gzip")]
    gaps = by_id(meta_of(coding="gzip"), taps)
    assert (gaps["middleware.1"].coded, gaps["middleware.1"].columns) == (True, ("end", "end"))
    assert (gaps["middleware.2"].coded, gaps["middleware.2"].columns) == (False, ("end", "end"))
    assert gaps["server"].columns == ("end", "body_end")


def test_that_a_coding_of_the_proxy_is_undone_for_the_comparison() -> None:
    gaps = by_id(meta_of(coding="gzip"), [SeenTap("yield"), SeenTap("write")])
    assert gaps["server"].columns == ("end", "content_end")
    assert not gaps["middleware.1"].coded


def test_that_a_coding_that_did_not_arrive_is_compared_with_nothing() -> None:
    gaps = by_id(meta_of(coding="gzip"), [SeenTap("yield"), SeenTap("write", "br", "br")])
    assert gaps["middleware.1"].columns is None
    assert gaps["server"].columns is None


def test_that_nothing_is_compared_across_the_connection_without_a_body_or_a_head() -> None:
    taps = [SeenTap("yield"), SeenTap("write")]
    assert by_id(meta_of(framing="none"), taps)["server"].columns is None
    assert by_id(meta_of(framing=None), taps)["server"].columns is None
    assert by_id(None, [])["template"].columns == ("end", "end")


def test_that_a_body_without_chunks_has_no_framing_gap() -> None:
    gaps = by_id(meta_of(framing="content-length", client_buffer=512), [])
    assert "framing" not in gaps
    assert (gaps["client"].earlier, gaps["client"].culprit) == ("read", "the client's buffer of 512 bytes")


@pytest.mark.parametrize(
    ("knobs", "gap", "culprit"),
    [
        ({}, "template", "the view itself"),
        ({"template_buffer": "5"}, "template", "template buffer of 5 items"),
        ({"rows_per_yield": "3"}, "template", "the view, which joins 3 rows into a yield"),
        ({}, "middleware.1", "no middleware"),
        ({"middleware": "get_data,gzip"}, "middleware.1", "gzip middleware"),
        ({}, "server", "the server"),
        ({"engine": "cheroot"}, "server", "cheroot"),
        ({"engine": "waitress", "send_bytes": "18000"}, "server", "waitress (send_bytes=18000)"),
        ({"engine": "waitress", "send_bytes": "1"}, "server", "waitress"),
        ({"proxy": "none"}, "server", "the server"),
        ({"proxy": "nginx"}, "server", "nginx with HTTP/1.0 upstream"),
        ({"proxy": "nginx", "proxy_http_version": "1.1"}, "server", "nginx with HTTP/1.1 upstream"),
        ({"proxy": "nginx", "proxy_gzip": "on"}, "server", "nginx with gzip"),
        (
            {"proxy": "nginx", "engine": "waitress", "send_bytes": "900"},
            "server",
            "waitress (send_bytes=900) or nginx with HTTP/1.0 upstream",
        ),
        ({}, "client", "the client"),
    ],
)
def test_that_a_gap_is_named_by_what_sits_in_it(knobs: dict[str, str], gap: str, culprit: str) -> None:
    assert by_id(meta_of(knobs), [])[gap].culprit == culprit


def test_that_hooks_and_default_buffers_are_named() -> None:
    hooks = by_id(meta_of(), [SeenTap("yield", "get_data, etag"), SeenTap("write")])
    assert hooks["template"].culprit == "get_data() hook and ETag hook (make_conditional)"
    assert hooks["template"].title == "get_data, etag"
    page = by_id(meta_of(url="http://127.0.0.1:1/my-large-page.html?rows=3"), [])
    assert page["template"].culprit == "template buffer of 5 items"
