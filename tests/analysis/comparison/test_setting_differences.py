"""In which settings two runs differ: by their values, not by how they were written, and never by mere defaults."""

from __future__ import annotations

import pytest

from inspector.analysis.comparison.setting_differences import Setting, differing_settings, settings_key
from inspector.catalogue import query_of
from inspector.recording.meta import Meta, RequestMeta


def route(path: str, **knobs: str) -> Meta:
    """Return what is recorded of a request to a route; each lane has a port of its own."""
    title = f"{path}?{query_of(knobs)}" if knobs else path
    return Meta(id="x", started_at="", title=title, request=RequestMeta(url=f"http://127.0.0.1:7{title}", knobs=knobs))


def address(url: str, **knobs: str) -> Meta:
    return Meta(id="x", started_at="", title=url, request=RequestMeta(url=url, knobs=knobs))


PAGE = "/my-large-page.html"


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        (route("/large.csv"), route("/large.csv"), ()),
        (route("/large.csv", rows="5"), route("/large.csv", rows="05"), ()),
        (route("/large.csv", rows="40"), route("/large.csv"), ()),
        (route(PAGE, template_buffer="0"), route(PAGE), (Setting("template_buffer", "none", "5 items (default)"),)),
        (route("/large.csv", middleware="gzip"), route("/large.csv"),
         (Setting("middleware", "gzip", "none (default)"),)),
        (route("/large.csv"), route("/in-memory.csv"), (Setting("target", "/large.csv", "/in-memory.csv"),)),
        (route("/large.csv", rows="9"), route(PAGE, rows="9"), (Setting("target", "/large.csv", PAGE),)),
        (route("/large.csv", rows_per_yield="5"), route(PAGE),
         (Setting("target", "/large.csv", PAGE), Setting("rows_per_yield", "5 rows", ""))),
        (route(PAGE, template_buffer="0", delay_ms="5"), route(PAGE, delay_ms="9"),
         (Setting("delay_ms", "5 ms", "9 ms"), Setting("template_buffer", "none", "5 items (default)"))),
        (address("http://127.0.0.1:1/x"), address("http://127.0.0.1:1/x", client_buffer="512"),
         (Setting("client_buffer", "none (default)", "512 B"),)),
        (address("http://127.0.0.1:1/x"), address("http://127.0.0.1:2/x"),
         (Setting("target", "http://127.0.0.1:1/x", "http://127.0.0.1:2/x"),)),
        (route("/large.csv", rows="nonsense"), route("/large.csv"),
         (Setting("rows", "nonsense", "40 rows (default)"),)),
    ],
)  # fmt: skip
def test_that_settings_differ_by_their_values(a: Meta, b: Meta, found: tuple[Setting, ...]) -> None:
    assert differing_settings(a, b) == found
    assert differing_settings(b, a) == tuple(Setting(each.name, each.b, each.a) for each in found)
    assert (settings_key(a) == settings_key(b)) == (not found)
