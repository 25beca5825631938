"""What people type, and what is asked of which server for it."""

from __future__ import annotations

import sys
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.catalogue import ADDRESS, VIEWS, View
from inspector.session import BadKnob, BadTarget, Target
from inspector.session.server_spec import ProxySpec, ServerSpec
from tests.needs import needs

BASE_URL = "http://127.0.0.1:5000"


@pytest.mark.parametrize("view", VIEWS, ids=[view.route for view in VIEWS])
def test_that_every_route_of_the_catalogue_is_a_target_with_its_example(view: View) -> None:
    target = Target.parse(view.example_path)
    assert target.kind.route == view.route
    assert target.url(BASE_URL) == BASE_URL + view.example_path
    assert target.title == view.example_path
    assert target.client["client_buffer"] == 0


@pytest.mark.parametrize("text", ["large.csv", "/large.csv", "  /large.csv ", "/large.csv#top", "/large%2Ecsv"])
def test_that_a_route_is_found_however_it_is_typed(text: str) -> None:
    assert Target.parse(text).url(BASE_URL) == f"{BASE_URL}/large.csv"


def test_that_only_the_knobs_given_are_sent() -> None:
    target = Target.parse("/stream")
    assert target.knobs == {}
    assert target.url(BASE_URL) == f"{BASE_URL}/stream"


def test_that_knobs_given_apart_win_over_the_query_and_join_it() -> None:
    target = Target.parse("/large.csv?rows=5&delay_ms=2", {"rows": "7", "seed": "3"})
    assert target.knobs == {"rows": "7", "delay_ms": "2", "seed": "3"}
    assert target.url(BASE_URL) == f"{BASE_URL}/large.csv?rows=7&delay_ms=2&seed=3"


def test_that_the_first_of_two_values_counts_as_it_does_for_flask() -> None:
    assert Target.parse("/large.csv?rows=5&rows=6").knobs == {"rows": "5"}


def test_that_text_knobs_survive_the_way_into_the_url() -> None:
    target = Target.parse("/stream", {"name": "Zoë & <b>Jo</b>"})
    assert Target.parse(target.url("")).knobs == {"name": "Zoë & <b>Jo</b>"}


@pytest.mark.parametrize(
    ("text", "knobs"), [("/large.csv?client_buffer=64&rows=5", {}), ("/large.csv?rows=5", {"client_buffer": "64"})]
)
def test_that_the_client_buffer_acts_here_and_is_not_sent(text: str, knobs: dict[str, str]) -> None:
    target = Target.parse(text, knobs)
    assert target.client["client_buffer"] == 64
    assert target.knobs == {"rows": "5", "client_buffer": "64"}
    assert target.url(BASE_URL) == f"{BASE_URL}/large.csv?rows=5"


@needs("waitress", "nginx")
def test_that_knobs_that_choose_a_server_and_a_proxy_are_noted_and_not_sent() -> None:
    knobs = {"engine": "waitress", "send_bytes": "18000", "send_buffer": "4096", "proxy": "nginx"}
    target = Target.parse("/large.csv?rows=5&middleware=gzip&x_accel=no", knobs)
    assert target.knobs == {"rows": "5", "middleware": "gzip", "x_accel": "no", **knobs}
    assert target.url(BASE_URL) == f"{BASE_URL}/large.csv?rows=5&middleware=gzip&x_accel=no"
    assert target.title == f"/large.csv?{urlencode(target.knobs)}"
    assert target.server == ServerSpec(
        frozenset({("engine", "waitress"), ("send_bytes", "18000"), ("send_buffer", "4096")})
    )
    assert target.proxy == ProxySpec(target.server, frozenset({("proxy", "nginx")}))


def test_that_setups_are_equal_where_they_differ_in_nothing_that_acts() -> None:
    plain = Target.parse("/large.csv")
    assert (plain.server, plain.proxy) == (ServerSpec(), None)
    assert Target.parse("/stream?read_rate=1").server == plain.server
    assert Target.parse("/stream?proxy=none").proxy is None
    assert Target.parse("/stream?send_buffer=4096").server == ServerSpec(frozenset({("send_buffer", "4096")}))


def test_that_the_readers_knobs_reach_a_route_and_a_url_alike() -> None:
    knobs = {"client_buffer": "1", "receive_buffer": "4096", "read_size": "3", "read_rate": "4"}
    for text in ("/large.csv", "http://example.org/"):
        target = Target.parse(text, knobs)
        assert (target.client, target.knobs) == ({name: int(text) for name, text in knobs.items()}, knobs)
    assert Target.parse("http://example.org/").client == {
        "client_buffer": 0, "receive_buffer": 0, "read_size": 262_144, "read_rate": 0,
    }  # fmt: skip


@needs("nginx")
def test_that_a_client_of_nginx_with_gzip_says_that_it_takes_gzip() -> None:
    assert Target.parse("/large.csv?proxy=nginx&proxy_gzip=on").headers == [("Accept-Encoding", "gzip")]
    assert Target.parse("/large.csv").headers == []


def test_that_a_recordings_target_leaves_out_what_does_nothing_there() -> None:
    knobs = {"rows": "5", "template": "async", "send_bytes": "9", "engine": "werkzeug", "proxy_gzip": "on"}
    target = Target.recorded(f"/large.csv?{urlencode(knobs)}", knobs)
    assert (target.text, target.knobs) == ("/large.csv", {"rows": "5", "engine": "werkzeug"})
    url = "http://127.0.0.1:9/x?template=async"
    recorded = Target.recorded(url, {"client_buffer": "9", "template": "async"})
    assert (recorded.url(), recorded.knobs) == (url, {"client_buffer": "9"})


@pytest.mark.parametrize(
    ("query", "package", "sentence"),
    [
        pytest.param(
            "engine=cheroot",
            "cheroot",
            "engine=cheroot can't be used here: not installed: pip install cheroot.",
            marks=needs("cheroot"),
        ),
        pytest.param(
            "middleware=lint,compress",
            "flask_compress",
            "middleware=compress can't be used here: not installed: pip install flask-compress.",
            marks=needs("compress"),
        ),
    ],
)
def test_that_what_is_not_installed_is_told_with_the_command_that_installs_it(
    query: str, package: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Target.parse(f"/large.csv?{query}").kind.is_served_here
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(BadTarget) as caught:
        Target.parse(f"/large.csv?{query}")
    assert str(caught.value) == sentence


def test_that_a_missing_nginx_is_told_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(BadTarget, match=r"^proxy=nginx can't be used here: not installed: apt install nginx-light\.$"):
        Target.parse("/large.csv?proxy=nginx")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://example.org/a?x=%20y&z", "http://example.org/a?x=%20y&z"),
        ("HTTPS://example.org", "https://example.org"),
        ("localhost:5000/x", "http://localhost:5000/x"),
        ("localhost/x", "http://localhost/x"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:5000/x?a=1", "http://[::1]:5000/x?a=1"),
        (":5000/x", "http://127.0.0.1:5000/x"),
        ("http://example.org/a#part", "http://example.org/a"),
    ],
)
def test_that_a_url_is_one_with_or_without_its_scheme(text: str, url: str) -> None:
    target = Target.parse(text)
    assert (target.kind, target.url(), target.text) == (ADDRESS, url, url)


def test_that_a_url_keeps_its_own_query_letter_for_letter_but_for_the_client_buffer() -> None:
    target = Target.parse("http://example.org/a?x=%7e&client_buffer=512&&rows=5+5")
    assert target.url() == "http://example.org/a?x=%7e&&rows=5+5"
    assert target.client["client_buffer"] == 512
    assert target.knobs == {"client_buffer": "512"}


def test_that_the_client_buffer_given_apart_wins_over_a_urls_own() -> None:
    assert Target.parse("http://example.org/?client_buffer=5", {"client_buffer": "9"}).client["client_buffer"] == 9


@pytest.mark.parametrize("text", ["http://example.org/?client_buffer=much", "/large.csv?client_buffer=-1"])
def test_that_a_bad_client_buffer_names_its_range(text: str) -> None:
    with pytest.raises(BadKnob, match=r"client_buffer.*0 to 16777216 bytes"):
        Target.parse(text)


def test_that_a_url_takes_no_other_knob() -> None:
    takes = r"client_buffer, receive_buffer, read_size, read_rate"
    with pytest.raises(BadKnob, match=f"A URL takes only {takes}, not rows, seed"):
        Target.parse("http://example.org/", {"seed": "1", "rows": "5", "client_buffer": "1"})


@pytest.mark.parametrize(
    ("text", "close"),
    [("/larg.csv", "/large.csv"), ("/timelin", "/timeline"), ("csv", "/in-memory.csv"), ("/LARGE.CSV/", "/large.csv")],
)
def test_that_an_unknown_route_lists_close_matches(text: str, close: str) -> None:
    with pytest.raises(BadTarget) as caught:
        Target.parse(text.lower())
    assert close in str(caught.value)


def test_that_a_route_like_nothing_lists_all_routes() -> None:
    with pytest.raises(BadTarget) as caught:
        Target.parse("/zzzz")
    assert all(view.route in str(caught.value) for view in VIEWS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "#x",
        "ftp://example.org/",
        "http://",
        "http:///x",
        "http://a:99999/",
        "http://[::1/",
        "/a\nb",
        "http://a b/",
    ],
)
def test_that_what_can_not_be_streamed_is_a_bad_target(text: str) -> None:
    with pytest.raises(BadTarget):
        Target.parse(text)


@pytest.mark.parametrize(
    ("knobs", "words"), [({"rows": "-1"}, "rows"), ({"rowz": "1"}, "rowz"), ({"jitter": "2"}, "jitter")]
)
def test_that_a_bad_knob_is_named(knobs: dict[str, str], words: str) -> None:
    with pytest.raises(BadKnob, match=words):
        Target.parse("/large.csv", knobs)


def test_that_a_route_without_a_server_has_no_url() -> None:
    with pytest.raises(ValueError, match="/timeline"):
        Target.parse("/timeline").url(None)


@given(st.text(max_size=40))
def test_that_no_text_raises_anything_else(text: str) -> None:
    try:
        target = Target.parse(text)
    except (BadTarget, BadKnob):
        return
    assert target.url(BASE_URL).startswith("http")
