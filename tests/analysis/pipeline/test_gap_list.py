"""The gaps of a recording: which there are, what they are called, and how their sides are compared."""

from __future__ import annotations

import pytest

from inspector.analysis.pipeline.gap_list import PipelineGap, gaps_of
from inspector.recording.layers import LAYERS
from inspector.recording.meta import Framing, Meta, RequestMeta, ResponseMeta
from inspector.recording.tap_log import TapMeta
from inspector.recording.track import Track
from tests.analysis.simulated_road import seen_tap

TRACKS = {layer.name: Track.empty(layer) for layer in LAYERS}


def meta_of(
    knobs: dict[str, str] | None = None,
    *,
    coding: str = "identity",
    framing: Framing | None = "chunked",
    title: str = "/timeline",
    client_buffer: int = 0,
) -> Meta:
    response = None
    if framing is not None:
        response = ResponseMeta(http_version="HTTP/1.1", status=200, framing=framing, content_coding=coding)
    request = RequestMeta(url="http://127.0.0.1:1/", knobs=knobs or {})
    return Meta(
        id="x", started_at="", title=title, request=request, response=response, client_buffer_bytes=client_buffer
    )


def by_id(meta: Meta | None, taps: list[TapMeta]) -> dict[str, PipelineGap]:
    return {gap.id: gap for gap in gaps_of(meta, taps, TRACKS)}


def test_that_the_gaps_stand_in_the_order_of_the_road() -> None:
    taps = [seen_tap("yield"), seen_tap("write.1", "gzip", "gzip"), seen_tap("write", "rechunk:64", "gzip")]
    gaps = gaps_of(meta_of(coding="gzip"), taps, TRACKS)
    assert [(gap.id, gap.earlier, gap.later) for gap in gaps] == [
        ("template", "part", "yield"),
        ("middleware.1", "yield", "write.1"),
        ("middleware.2", "write.1", "write"),
        ("server", "write", "read"),
        ("framing", "read", "chunk"),
        ("client", "chunk", "piece"),
    ]
    assert [gap.culprit for gap in gaps[1:3]] == ["the gzip middleware", "the re-chunk middleware of 64 bytes"]


def test_that_ten_middlewares_stand_in_the_order_of_their_numbers() -> None:
    taps = [seen_tap(f"write.{index}", f"m{index}") for index in range(10, 0, -1)] + [seen_tap("write", "m11")]
    gaps = by_id(meta_of(), taps)
    assert [gaps[f"middleware.{index}"].title for index in range(1, 12)] == [f"m{index}" for index in range(1, 12)]


def test_that_coded_bytes_are_carried_over_where_they_begin_and_compared_directly_after() -> None:
    taps = [seen_tap("yield"), seen_tap("write.1", "gzip", "gzip"), seen_tap("write", "lint", "gzip")]
    gaps = by_id(meta_of(coding="gzip"), taps)
    assert (gaps["middleware.1"].coded, gaps["middleware.1"].columns) == (True, ("end", "end"))
    assert (gaps["middleware.2"].coded, gaps["middleware.2"].columns) == (False, ("end", "end"))
    assert gaps["server"].columns == ("end", "body_end")


def test_that_a_coding_of_the_proxy_is_undone_for_the_comparison() -> None:
    gaps = by_id(meta_of(coding="gzip"), [seen_tap("yield"), seen_tap("write")])
    assert gaps["server"].columns == ("end", "content_end")
    assert not gaps["middleware.1"].coded


def test_that_a_coding_that_did_not_arrive_is_compared_with_nothing() -> None:
    gaps = by_id(meta_of(coding="gzip"), [seen_tap("yield"), seen_tap("write", "br", "br")])
    assert gaps["middleware.1"].columns is None
    assert gaps["server"].columns is None


def test_that_nothing_is_compared_across_the_connection_without_a_body_or_a_head() -> None:
    taps = [seen_tap("yield"), seen_tap("write")]
    assert by_id(meta_of(framing="none"), taps)["server"].columns is None
    assert by_id(meta_of(framing=None), taps)["server"].columns is None
    assert by_id(None, [])["template"].columns == ("end", "end")


def test_that_a_body_without_chunks_has_no_framing_gap() -> None:
    gaps = by_id(meta_of(framing="content-length", client_buffer=512), [])
    assert "framing" not in gaps
    assert (gaps["client"].earlier, gaps["client"].culprit) == ("read", "the client's buffer of 512 bytes")


URL = "http://127.0.0.1:1/large.csv?template_buffer=5"


@pytest.mark.parametrize(
    ("title", "knobs", "gap", "culprit"),
    [
        ("/timeline", {}, "template", "the view itself"),
        ("/timeline", {"template_buffer": "5"}, "template", "Jinja2's buffer of 5 items"),
        ("/my-large-page.html?rows=3", {}, "template", "Jinja2's buffer of 5 items"),
        ("/large.csv", {"rows_per_yield": "3"}, "template", "the view, which joins 3 rows into a yield"),
        ("/in-memory.csv", {}, "template", "the view, which joins all rows first"),
        ("/through-a-file.csv", {}, "template", "the view, which writes all rows into a file first"),
        ("/timeline", {}, "middleware.1", "something between the view and the server"),
        ("/timeline", {"middleware": "get_data,gzip"}, "middleware.1", "the gzip middleware"),
        ("/timeline", {}, "server", "Werkzeug"),
        ("/timeline", {"engine": "cheroot"}, "server", "cheroot"),
        ("/timeline", {"engine": "waitress", "send_bytes": "18000"}, "server", "waitress (send_bytes=18000)"),
        ("/timeline", {"engine": "waitress", "send_bytes": "1"}, "server", "waitress"),
        ("/timeline", {"proxy": "none"}, "server", "Werkzeug"),
        ("/timeline", {"proxy": "nginx"}, "server", "nginx with HTTP/1.0 upstream"),
        ("/timeline", {"proxy": "nginx", "proxy_http_version": "1.1"}, "server", "nginx with HTTP/1.1 upstream"),
        ("/timeline", {"proxy": "nginx", "proxy_gzip": "on"}, "server", "nginx with gzip"),
        (
            "/timeline",
            {"proxy": "nginx", "engine": "waitress", "send_bytes": "900"},
            "server",
            "waitress (send_bytes=900) or nginx with HTTP/1.0 upstream",
        ),
        ("/timeline", {}, "client", "the client"),
        # What the route, the engine or the proxy does not have is no reason to name it.
        ("/large.csv", {"template_buffer": "50"}, "template", "the view itself"),
        ("/large.csv", {"template_buffer": "50", "rows_per_yield": "10"}, "template",
         "the view, which joins 10 rows into a yield"),
        ("/in-memory.csv", {"rows_per_yield": "5"}, "template", "the view, which joins all rows first"),
        ("/through-a-file.csv", {"template_buffer": "5"}, "template",
         "the view, which writes all rows into a file first"),
        ("/timeline", {"engine": "cheroot", "send_bytes": "18000"}, "server", "cheroot"),
        ("/timeline", {"proxy_gzip": "on"}, "server", "Werkzeug"),
        # Nothing is known of what stands behind an address.
        (URL, {"template_buffer": "5", "rows_per_yield": "5"}, "template", "the app itself"),
        (URL, {"middleware": "gzip"}, "middleware.1", "a middleware that could not be named"),
        (URL, {"engine": "waitress", "send_bytes": "900", "proxy": "nginx"}, "server", "the server"),
        (URL, {"client_buffer": "512"}, "client", "the client's buffer of 512 bytes"),
    ],
)  # fmt: skip
def test_that_a_gap_is_named_by_what_stands_in_it(title: str, knobs: dict[str, str], gap: str, culprit: str) -> None:
    assert by_id(meta_of(knobs, title=title), [])[gap].culprit == culprit


def test_that_hooks_are_named() -> None:
    hooks = by_id(meta_of(), [seen_tap("yield", "get_data, etag"), seen_tap("write")])
    assert hooks["template"].culprit == "the get_data() hook and the ETag hook (make_conditional)"
    assert hooks["template"].title == "get_data, etag"


def test_that_what_an_app_tells_of_its_buffers_beats_what_it_was_asked_for() -> None:
    told = [seen_tap("yield", buffers=("template_buffer:7",)), seen_tap("write", "own_name")]
    gaps = by_id(meta_of(title=URL), told)
    assert (gaps["template"].culprit, gaps["template"].cure) == ("Jinja2's buffer of 7 items", None)
    assert gaps["middleware.1"].culprit == "the own_name middleware"
    nothing = [seen_tap("yield", buffers=("rows_per_yield:1",)), seen_tap("write")]
    assert by_id(meta_of({"template_buffer": "5"}), nothing)["template"].culprit == "the view itself"
