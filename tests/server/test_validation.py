"""What the server refuses: foreign hosts, bad knobs, unknown routes; each in a sentence, before any stream starts."""

from __future__ import annotations

import pytest

from inspector.catalogue import KNOBS, VIEWS, Knob
from server.validation import is_own_host
from tests.served import serving


def bad_texts(knob: Knob) -> list[str]:
    """Return values that a knob must refuse."""
    if knob.kind == "text":
        return ["x" * (int(knob.maximum) + 1)]
    if knob.kind == "choice":
        return ["", f"{knob.choices[0]}x", "x" * 5000]
    if knob.kind == "stack":
        return [",", "gzip,", "GZIP", "gzip:1", "nothing", "rechunk2"]
    too_far = [str(knob.minimum - 1), str(knob.maximum + 1)]
    no_number = ["", "abc", "nan", "inf", "-inf", "1_0", " 1", "0x10", "१", "9" * 5000]
    return (
        too_far
        + no_number
        + [str(each) for each in [*knob.refused[:2], *knob.refused[-1:]]]
        + (["1.5"] if knob.kind == "int" else [])
    )


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_that_a_bad_value_of_a_knob_is_a_400_that_names_the_knob_and_its_range(knob: Knob) -> None:
    with serving() as served:
        for text in bad_texts(knob):
            with served.get(f"/large.csv?{knob.name}={text}") as wire:
                sentence = wire.text()
                assert wire.status == 400, text
                assert wire.headers["content-type"] == "text/plain; charset=utf-8"
                assert sentence.startswith(f"{knob.name}=")
                assert f"{knob.name} takes" in sentence
                assert knob.range_text in sentence
                assert len(sentence) < 250


@pytest.mark.parametrize("route", [view.route for view in VIEWS])
def test_that_an_unknown_parameter_is_a_400_that_lists_the_knobs(route: str) -> None:
    with serving() as served, served.get(f"{route}?row=1") as wire:
        sentence = wire.text()
        assert wire.status == 400
        assert "'row' is not a setting" in sentence
        assert all(knob.name in sentence for knob in KNOBS)


def test_that_a_knob_given_twice_is_a_400() -> None:
    with serving() as served, served.get("/large.csv?rows=1&rows=2") as wire:
        assert wire.status == 400
        assert wire.text() == "rows is given 2 times; give it once.\n"


def test_that_a_knob_of_another_view_is_a_400_and_one_of_the_client_is_taken() -> None:
    with serving() as served:
        for name, text in (("template_buffer", "5"), ("name", "Jo"), ("template", "plain")):
            with served.get(f"/large.csv?rows=2&{name}={text}") as wire:
                assert wire.status == 400
                assert wire.text().startswith(f"{name} does nothing on /large.csv. Its settings are rows, ")
        with served.get("/large.csv?rows=2&delay_ms=0&client_buffer=64") as wire:
            assert len(wire.chunks()) == 2


@pytest.mark.parametrize("route", ["/in-memory.csv", "/through-a-file.csv"])
@pytest.mark.parametrize("query", ["rows=0", "rows=10000000&row_bytes=1048576"])
def test_that_a_view_that_collects_refuses_what_it_could_never_hold(route: str, query: str) -> None:
    with serving() as served, served.get(f"{route}?{query}") as wire:
        assert wire.status == 400
        assert "here rows takes a whole number, 1 to " in wire.text()


def test_that_an_unknown_route_is_a_404_that_lists_the_routes() -> None:
    with serving() as served, served.get("/large.tsv") as wire:
        assert wire.status == 404
        text = wire.text()
        assert text.startswith("There is no /large.tsv here.")
        assert all(f"  {view.route} " in text for view in VIEWS)


def test_that_other_methods_are_a_405_that_says_which_are_allowed() -> None:
    with serving() as served:
        for method in ("POST", "PUT", "DELETE"):
            with served.get("/large.csv", method=method) as wire:
                assert wire.status == 405
                assert set(wire.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "[::1]:{port}",
     "127.0.0.1:{port}@evil.example", "127.0.0.1:{port}, evil.example"],
)  # fmt: skip
def test_that_a_foreign_host_is_refused_with_a_sentence(host: str) -> None:
    with serving() as served:
        for path in ("/", "/large.csv", "/nowhere", "/large.csv?rows=x"):
            with served.get(path, host=host.format(port=served.port)) as wire:
                assert wire.status == 421
                assert wire.text() == (
                    f"This server answers only requests to http://127.0.0.1:{served.port} "
                    f"or http://localhost:{served.port}.\n"
                )


def test_that_a_host_in_the_request_line_does_not_hide_a_foreign_one() -> None:
    with serving() as served, served.get("http://evil.example/large.csv") as wire:
        assert wire.status == 421


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LocalHost:{port}"])
def test_that_its_own_hosts_are_served(host: str) -> None:
    with serving() as served, served.get("/large.csv?rows=1", host=host.format(port=served.port)) as wire:
        assert wire.status == 200


def test_that_a_host_without_a_port_means_port_80() -> None:
    assert is_own_host("127.0.0.1", "80")
    assert is_own_host("localhost:80", "80")
    assert not is_own_host("localhost", "8080")
    assert not is_own_host("", "80")
