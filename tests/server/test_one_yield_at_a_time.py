"""Every documented rule on the wire: each yield arrives while the next one has not been made.

The gate holds the server back before it makes the next row or yield, so what arrives then was sent without it.
"""

from __future__ import annotations

import pytest

from tests.served import serving, serving_gated

CSV_LINES = [
    b"1,Jack O'Neill,Troms\xc3\xb8,79.19,paid\n",
    b"2,Fatima Haddad,Nairobi,158.38,paid\n",
    b"3,Li Wei,Lyon,237.57,open\n",
    b"4,Amara Okafor,Cork,316.76,paid\n",
]
CSV_TYPES = {"/large.csv": "text/csv", "/classic/large.csv": "text/csv; charset=utf-8"}
HTML = "text/html; charset=utf-8"
HELLO_VIEWS = [
    ("/stream", HTML, [b"<p>Hello ", b"&lt;b&gt;Zo\xc3\xab", b"!</p>"]),
    ("/stream-decorated", HTML, [b"<p>Hello ", b"&lt;b&gt;Zo\xc3\xab", b"!</p>"]),
    ("/stream-checked", HTML, [b"<p>Hello ", b"&lt;b&gt;Zo\xc3\xab", b"!</p>"]),
    ("/classic/stream", "text/plain; charset=utf-8", [b"Hello ", b"<b>Zo\xc3\xab", b"!"]),
]
TEMPLATE_ROUTES = ["/timeline", "/timeline-string", "/my-large-page.html"]
COLLECTING_ROUTES = ["/in-memory.csv", "/through-a-file.csv"]


@pytest.mark.parametrize("route", CSV_TYPES)
def test_that_each_row_is_sent_before_the_next_one_is_made(route: str) -> None:
    with serving_gated() as (served, gate), served.get(f"{route}?rows=4") as wire:
        assert (wire.status, wire.headers["content-type"]) == (200, CSV_TYPES[route])
        for number, line in enumerate(CSV_LINES, start=1):
            assert wire.chunk() == line
            if number < len(CSV_LINES):
                gate.wait_for_pause(number)
                assert wire.is_silent()
                gate.open()
        assert wire.chunks() == []
        assert len(gate.pauses_s) == 3


@pytest.mark.parametrize(("route", "content_type", "items"), HELLO_VIEWS)
def test_that_each_yield_with_context_is_sent_before_the_next_one_is_made(
    route: str, content_type: str, items: list[bytes]
) -> None:
    with serving_gated() as (served, gate), served.get(f"{route}?name=<b>Zoë") as wire:
        assert (wire.status, wire.headers["content-type"]) == (200, content_type)
        for number, item in enumerate(items, start=1):
            assert wire.chunk() == item
            gate.wait_for_pause(number)
            assert wire.is_silent()
            gate.open()
        assert wire.chunks() == []


@pytest.mark.parametrize("route", TEMPLATE_ROUTES)
def test_that_the_parts_of_a_row_are_sent_before_the_template_takes_the_next_row(route: str) -> None:
    with serving_gated() as (served, gate), served.get(f"{route}?rows=3&template_buffer=0") as wire:
        assert (wire.status, wire.headers["content-type"]) == (200, HTML)
        so_far = wire.chunk().decode()
        assert so_far.startswith("<!doctype html>")
        for number, name in enumerate(["Jack O&#39;Neill", "Fatima Haddad", "Li Wei"], start=1):
            parts = []
            while not so_far.rstrip().endswith(("</li>", "</tr>")) or name not in so_far:
                parts.append(wire.chunk().decode())
                so_far += parts[-1]
            assert name in parts
            assert len(parts) >= 5
            if number < 3:
                gate.wait_for_pause(number)
                assert wire.is_silent()
                gate.open()
                so_far = ""
        assert b"".join(wire.chunks()).decode().endswith("</html>")


def test_that_a_row_of_the_list_is_one_part() -> None:
    with serving() as served, served.get("/my-large-list.html?rows=3&delay_ms=0&template_buffer=0") as wire:
        head, *rows, foot = [chunk.decode() for chunk in wire.chunks()]
    assert head.startswith("<!doctype html>")
    assert [row[:9] + row[-6:] for row in rows] == ["  <li><b></li>\n"] * 3
    assert foot.endswith("</html>")


def test_that_the_recipe_buffers_five_items_unless_told() -> None:
    with serving() as served:
        with served.get("/my-large-page.html?rows=9&delay_ms=0&template_buffer=0") as wire:
            items = wire.chunks()
        with served.get("/my-large-page.html?rows=9&delay_ms=0") as wire:
            assert wire.chunks() == [b"".join(items[at : at + 5]) for at in range(0, len(items), 5)]


@pytest.mark.parametrize("route", COLLECTING_ROUTES)
def test_that_a_counter_example_sends_nothing_before_the_last_row_is_made(route: str) -> None:
    with serving_gated() as (served, gate), served.get(f"{route}?rows=4") as wire:
        for number in range(1, 4):
            gate.wait_for_pause(number)
            assert wire.is_silent()
            gate.open()
        body = b"".join(CSV_LINES)
        assert wire.body() == body
        assert wire.headers["content-length"] == str(len(body))
        assert wire.headers["content-type"].startswith("text/csv")


def test_that_a_file_comes_in_blocks_of_its_own_size() -> None:
    with serving() as served, served.get("/through-a-file.csv?rows=100&row_bytes=1000&delay_ms=0") as wire:
        body = wire.body()
        assert len(body) == 100_000
        assert {len(line) for line in body.splitlines(keepends=True)} == {1000}


def test_that_reading_the_request_without_its_context_cuts_the_body_after_status_200(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with serving_gated() as (served, gate), served.get("/stream-without-context?name=Jo") as wire:
        assert wire.status == 200
        assert wire.chunk() == b"<p>Hello "
        gate.wait_for_pause(1)
        gate.open()
        assert wire.chunks_until_cut() == []
        served.wait_for_closed_response()
    errors = capfd.readouterr().err
    assert errors.count("RuntimeError: Working outside of request context.") == 1
    assert errors.count("Traceback (most recent call last):") == 1
    assert "in generate" in errors
    assert "site-packages/flask" not in errors


@pytest.mark.parametrize("route", ["/stream", "/stream-decorated", "/classic/stream"])
def test_that_a_missing_name_is_status_200_and_a_cut_body_where_the_generator_reads_it(
    route: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with serving() as served, served.get(f"{route}?delay_ms=0") as wire:
        assert wire.status == 200
        assert wire.chunks_until_cut() in ([b"<p>Hello "], [b"Hello "])
        served.wait_for_closed_response()
    assert capfd.readouterr().err.count("BadRequestKeyError") == 1


def test_that_a_missing_name_is_a_real_400_where_the_view_reads_it(capfd: pytest.CaptureFixture[str]) -> None:
    with serving() as served, served.get("/stream-checked") as wire:
        assert wire.status == 400
        assert "name" in wire.text()
    assert capfd.readouterr().err == ""


def test_that_a_name_is_escaped_in_html_and_unescaped_only_as_plain_text() -> None:
    with serving() as served:
        with served.get("/stream?delay_ms=0&name=%3Cscript%3E") as wire:
            assert wire.text() == "<p>Hello &lt;script&gt;!</p>"
        with served.get("/classic/stream?delay_ms=0&name=%3Cscript%3E") as wire:
            assert wire.text() == "Hello <script>!"
            assert wire.headers["content-type"].startswith("text/plain")
            assert wire.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("route", TEMPLATE_ROUTES)
def test_that_values_in_templates_are_escaped(route: str) -> None:
    with serving() as served, served.get(f"{route}?rows=13&delay_ms=0") as wire:
        text = wire.text()
        assert "Łukasz &amp; Synowie" in text
        assert "Łukasz & Synowie" not in text
        assert text.count("O&#39;Neill") == 1
