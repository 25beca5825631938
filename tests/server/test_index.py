"""The index: all views and knobs of the catalogue, with links that work, as a streamed and valid page."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from inspector.catalogue import ENGINES, KNOBS, MIDDLEWARES, PROXIES, VIEWS
from tests.served import serving

VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Checks that tags nest, and collects links and code."""

    def __init__(self) -> None:
        super().__init__()
        self.open_tags: list[str] = []
        self.links: list[str] = []
        self.codes: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open_tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag == "code":
            self.codes.append("")

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open_tags.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if self.open_tags and self.open_tags[-1] == "code":
            self.codes[-1] += data


def parsed(text: str) -> Page:
    """Return a page that was checked."""
    page = Page()
    page.feed(text)
    page.close()
    assert page.open_tags == []
    return page


@pytest.mark.parametrize("route", ["/", "/timeline", "/timeline-string", "/my-large-page.html"])
def test_that_a_page_is_well_formed_html_in_a_language_with_a_title(route: str) -> None:
    with serving() as served, served.get(route if route == "/" else f"{route}?rows=13&delay_ms=0") as wire:
        text = wire.text()
    assert text.startswith('<!doctype html>\n<html lang="en">\n<head>')
    assert '<meta charset="utf-8">' in text
    assert "<title>" in text
    assert "color-scheme: light dark" in text or route == "/timeline-string"
    parsed(text)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_that_every_link_and_every_curl_line_of_the_index_works(host: str) -> None:
    with serving(wait=lambda _: False) as served:
        with served.get("/", host=f"{host}:{served.port}") as wire:
            raw = wire.text()
        page = parsed(raw)
        local = [link for link in page.links if link.startswith("/")]
        assert local == [
            view.example_path for section in dict.fromkeys(each.section for each in sorted_views()) for view in
            sorted_views() if view.section == section
        ]  # fmt: skip
        curls = [code for code in page.codes if code.startswith("curl ")]
        assert curls == [f"curl -N 'http://{host}:{served.port}{link}'" for link in local]
        assert all(curl in raw for curl in curls), "a line copied from what curl shows would not work"
        for link in local:
            with served.get(link) as wire:
                assert wire.status == 200


def sorted_views() -> list:  # type: ignore[type-arg]
    """Return the views in the order of the sections of Flask's page."""
    order = ["Basic Usage", "Streaming from Templates", "Streaming with Context", "Counter-examples"]
    return sorted(VIEWS, key=lambda view: order.index(view.section))


def test_that_the_index_is_streamed_and_tells_the_whole_catalogue() -> None:
    with serving() as served, served.get("/") as wire:
        chunks = wire.chunks()
    text = " ".join(unescape(b"".join(chunks).decode()).split())
    assert len(chunks) > 100
    for view in VIEWS:
        assert view.sentence in text
    for knob in KNOBS:
        assert f"<code>{knob.name}</code>" in text
        assert knob.range_text in text
        assert knob.sentence in text
    told = [(row.usage, row.sentence) for row in MIDDLEWARES]
    told += [(engine.name, engine.sentence) for engine in ENGINES]
    told += [(proxy.name, proxy.sentence) for proxy in PROXIES]
    for name, sentence in told:
        assert f"<code>{name}</code>" in text
        assert sentence in text


def test_that_the_index_has_no_line_too_long_for_a_terminal() -> None:
    with serving() as served, served.get("/") as wire:
        assert max(map(len, wire.text().splitlines())) <= 160
