"""The app's own buffers on the wire: rows per yield, and Jinja2's template buffer on every template view."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import request

from inspector.catalogue import VIEWS, parse_knobs, view_of
from server.buffering_views import Joined, TemplateBuffered
from server.running_streams import RunningStream
from tests.served import serving, serving_gated
from tests.waiting import DEADLINE_S

TEMPLATE_ROUTES = [view.route for view in VIEWS if "template_buffer" in view.knobs]


def joined(items: list[bytes], count: int) -> list[bytes]:
    """Join ``count`` items into one."""
    return [b"".join(items[at : at + count]) for at in range(0, len(items), count)]


@pytest.mark.parametrize("route", TEMPLATE_ROUTES)
@pytest.mark.parametrize("size_items", [2, 5, 1000])
def test_that_template_buffer_counts_items_on_every_template_view(route: str, size_items: int) -> None:
    rows = "" if route == "/" else "rows=30&delay_ms=0&"
    with serving() as served:
        with served.get(f"{route}?{rows}template_buffer=0") as wire:
            items = wire.chunks()
        assert len(items) > 25
        with served.get(f"{route}?{rows}template_buffer={size_items}") as wire:
            assert wire.chunks() == joined(items, size_items)


@pytest.mark.parametrize("route", TEMPLATE_ROUTES)
def test_that_a_template_buffer_of_one_is_refused_as_jinja_does(route: str) -> None:
    with serving() as served, served.get(f"{route}?template_buffer=1") as wire:
        assert wire.status == 400
        assert "0, or 2 to 100000 items" in wire.text()


def test_that_the_template_views_are_those_that_have_the_knob() -> None:
    assert TEMPLATE_ROUTES == ["/timeline", "/timeline-string", "/my-large-page.html", "/my-large-list.html", "/"]


@pytest.mark.parametrize("route", ["/timeline", "/my-large-page.html"])
def test_that_a_buffered_template_holds_its_items_until_it_has_enough(route: str) -> None:
    with serving_gated() as (served, gate), served.get(f"{route}?rows=3&template_buffer=1000") as wire:
        for number in (1, 2):
            gate.wait_for_pause(number)
            assert wire.is_silent()
            gate.open()
        assert len(wire.chunks()) == 1


@pytest.mark.parametrize("route", ["/large.csv", "/classic/large.csv"])
def test_that_rows_per_yield_joins_rows_and_sends_the_last_ones_as_they_are(route: str) -> None:
    with serving() as served:
        with served.get(f"{route}?rows=7&delay_ms=0") as wire:
            rows = wire.chunks()
        for count in (2, 7, 50):
            with served.get(f"{route}?rows=7&delay_ms=0&rows_per_yield={count}") as wire:
                assert wire.chunks() == joined(rows, count)


@pytest.mark.parametrize("route", ["/large.csv", "/classic/large.csv"])
def test_that_joined_rows_are_sent_as_soon_as_they_are_enough(route: str) -> None:
    with serving_gated() as (served, gate), served.get(f"{route}?rows=5&rows_per_yield=2") as wire:
        gate.wait_for_pause(1)
        assert wire.is_silent()
        gate.open()
        assert wire.chunk().count(b"\n") == 2
        gate.wait_for_pause(2)
        assert wire.is_silent()
        gate.open(3)
        assert [chunk.count(b"\n") for chunk in wire.chunks()] == [2, 1]


def test_that_a_buffer_closes_what_it_reads_from() -> None:
    closed: list[str] = []

    def source(name: str) -> Iterator[str]:
        try:
            while True:
                yield name
        finally:
            closed.append(name)

    csv, page = view_of("/large.csv"), view_of("/timeline")
    assert csv is not None
    assert page is not None
    joining = RunningStream(parse_knobs(csv, {"rows_per_yield": "3"}), csv)
    buffering = RunningStream(parse_knobs(page, {"template_buffer": "3"}), page)
    for buffer in (Joined(source("joined"), joining), TemplateBuffered(source("template"), buffering)):
        assert next(buffer) in ("joined" * 3, "template" * 3)
        buffer.close()
        buffer.close()
    assert closed == ["joined", "template"]


@pytest.mark.parametrize("buffer", ["", "&template_buffer=5"])
def test_that_a_left_template_stream_leaves_no_request_context_behind(buffer: str) -> None:
    """A bare TemplateStream around a stream with context would leave it: it has no close()."""
    contexts: list[bool] = []
    looked = threading.Event()

    with serving() as served:
        inner_app: Any = served.app.wsgi_app

        def outermost(environ: Any, start_response: Any) -> Iterable[bytes]:
            body = inner_app(environ, start_response)

            def watched() -> Iterator[bytes]:
                try:
                    yield from body
                finally:
                    body.close()
                    contexts.append(bool(request))
                    looked.set()

            return watched()

        served.app.wsgi_app = outermost  # type: ignore[method-assign]
        with served.get(f"/timeline?rows=0&delay_ms=1{buffer}") as wire:
            assert wire.chunk()
        assert looked.wait(DEADLINE_S)
    assert contexts == [False]
