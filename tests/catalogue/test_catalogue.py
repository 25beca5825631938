"""The catalogue: one table that agrees with the app, and that needs nothing but the standard library."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from inspector.catalogue import (
    ENGINES,
    EVERYWHERE,
    KNOBS,
    MIDDLEWARES,
    PROXIES,
    VIEWS,
    BadKnob,
    EngineRow,
    Middleware,
    ProxyRow,
    View,
    acting_knobs,
    available,
    knob_of,
    missing_text,
    parse_knobs,
    parse_stack,
    program_path,
    proxy_of,
    query_of,
    sections,
    stack_text,
    view_of,
)
from server.app import create_app
from tests.served import serving

ISSUE_ROUTES = {
    "/large.csv", "/classic/large.csv", "/timeline", "/timeline-string", "/my-large-page.html", "/my-large-list.html",
    "/stream", "/stream-decorated", "/classic/stream", "/stream-without-context", "/stream-checked", "/in-memory.csv",
    "/through-a-file.csv", "/",
}  # fmt: skip


def large_csv() -> View:
    """Return the view of /large.csv."""
    view = view_of("/large.csv")
    assert view is not None
    return view


def test_that_the_table_has_the_routes_and_endpoints_of_the_app() -> None:
    rules = {rule.rule: rule.endpoint for rule in create_app().url_map.iter_rules()}
    assert rules == {view.route: view.endpoint for view in VIEWS}
    assert set(rules) == ISSUE_ROUTES


def test_that_importing_the_catalogue_imports_nothing_but_the_standard_library() -> None:
    code = "import sys, inspector.catalogue; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    run = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, '.'); {code}"],
                         capture_output=True, text=True, check=True)  # fmt: skip
    foreign = {name for name in run.stdout.split() if name not in sys.stdlib_module_names and not name.startswith("_")}
    assert foreign <= {"inspector", "sitecustomize", "usercustomize"}


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_that_defaults_presets_and_bounds_of_a_knob_are_values_it_takes(knob) -> None:  # type: ignore[no-untyped-def]
    assert knob.default in knob.presets
    bounds = (knob.minimum, knob.maximum) if knob.kind in ("int", "float") else knob.choices
    for value in {knob.default, *knob.presets, *bounds}:
        assert knob.parse(str(value)) == value
    assert knob.sentence.endswith(".")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.route)
def test_that_the_example_of_a_view_sets_its_own_knobs_and_streams(view: View) -> None:
    pairs = dict(pair.split("=") for pair in view.example.split("&")) if view.example else {}
    assert set(pairs) <= set(view.knobs)
    parse_knobs(view, pairs)
    assert all(knob_of(name) for name in view.knobs)
    assert view.sentence.endswith(".")
    with serving(wait=lambda _: False) as served, served.get(view.example_path) as wire:
        assert wire.status == 200


def test_that_what_nobody_sets_is_the_default_of_the_view() -> None:
    recipe = view_of("/my-large-page.html")
    assert recipe is not None
    assert parse_knobs(recipe, {})["template_buffer"] == 5
    values = parse_knobs(large_csv(), {})
    assert all(values[knob.name] == knob.default for knob in KNOBS if not knob.is_optional)
    assert "name" not in values
    assert large_csv().default("rows") == 40


@pytest.mark.parametrize("view", VIEWS, ids=[view.route for view in VIEWS])
def test_that_a_view_takes_each_knob_that_acts_and_refuses_each_other_one(view: View) -> None:
    chosen = {"engine": "waitress", "proxy": "nginx"}
    acting = acting_knobs(view, chosen)
    assert set(acting) == set(view.knobs)
    for knob in KNOBS:
        texts = {**chosen, knob.name: chosen.get(knob.name, str(view.default(knob.name)))}
        if knob.name in acting:
            parse_knobs(view, texts)
            continue
        with pytest.raises(BadKnob, match=f"^{knob.name} does nothing on {view.route}. Its settings are ") as caught:
            parse_knobs(view, texts)
        assert all(name in str(caught.value) for name in acting)


@pytest.mark.parametrize(("chooser", "rows"), [("engine", ENGINES), ("proxy", PROXIES)])
def test_that_what_one_engine_or_proxy_takes_is_refused_with_the_others(
    chooser: str, rows: Sequence[EngineRow | ProxyRow]
) -> None:
    for name, (_, having) in [(knob.name, knob.only_with) for knob in KNOBS if knob.only_with[0] == chooser]:
        for row in rows:
            texts = {chooser: row.name, name: str(knob_of(name).default)}
            if row.name in having:
                assert name in acting_knobs(large_csv(), texts)
                parse_knobs(large_csv(), texts)
                continue
            assert name not in acting_knobs(large_csv(), texts)
            with pytest.raises(BadKnob, match=f"^{name} does nothing with {chooser}={row.name}. It acts with "):
                parse_knobs(large_csv(), texts)


def test_that_values_are_of_their_kind() -> None:
    values = parse_knobs(large_csv(), {"rows": "0", "delay_ms": "2.5", "jitter": "1"})
    assert (values.whole("rows"), values.number("delay_ms"), values.number("jitter")) == (0, 2.5, 1.0)
    stream = view_of("/stream")
    assert stream is not None
    assert parse_knobs(stream, {"name": "Zoë"}).text("name") == "Zoë"
    assert isinstance(values["jitter"], float)


def test_that_a_bad_knob_says_name_value_and_range() -> None:
    for texts, sentence in (
        ({"rows": "-1"}, "rows=-1 is refused: rows takes a whole number, 0 to 10000000 rows."),
        ({"jitter": "2"}, "jitter=2 is refused: jitter takes a number, 0 to 1."),
        ({"template_buffer": "1"},
         "template_buffer=1 is refused: template_buffer takes a whole number, 0, or 2 to 100000 items."),
    ):  # fmt: skip
        with pytest.raises(BadKnob) as caught:
            parse_knobs(large_csv(), texts)
        assert str(caught.value) == sentence


def test_that_sections_hold_each_view_once_in_the_order_of_the_page() -> None:
    found = sections()
    assert list(found) == ["Basic Usage", "Streaming from Templates", "Streaming with Context", "Counter-examples"]
    assert sorted(view.route for views in found.values() for view in views) == sorted(ISSUE_ROUTES)


def test_that_a_query_is_escaped() -> None:
    assert query_of({"name": "Zoë & Co", "rows": "1"}) == "name=Zo%C3%AB+%26+Co&rows=1"


@pytest.mark.parametrize("row", [*MIDDLEWARES, *ENGINES, *PROXIES], ids=lambda row: row.name)
def test_that_a_row_says_what_it_is_and_how_it_is_installed(row: Middleware | EngineRow | ProxyRow) -> None:
    assert row.sentence.endswith(".")
    assert bool(row.needs or row.program) is bool(row.install)
    if isinstance(row, Middleware):
        assert bool(row.cure) or not row.holds
        assert [asked.row for asked in parse_stack(row.example)] == [row]
    else:
        assert row.label


def test_that_choices_are_the_rows_of_the_tables() -> None:
    assert knob_of("engine").choices == tuple(row.name for row in ENGINES)
    assert knob_of("proxy").choices == tuple(row.name for row in PROXIES)
    assert all(row.usage in knob_of("middleware").range_text for row in MIDDLEWARES)


def test_that_a_stack_is_read_and_written_without_spaces() -> None:
    assert knob_of("middleware").parse(" gzip , rechunk:0064 ") == "gzip,rechunk:64"
    assert knob_of("middleware").parse("") == knob_of("middleware").parse("  ") == ""
    assert [asked.argument for asked in parse_stack("rechunk:7,join")] == [7, 0]
    assert stack_text(parse_stack("lint,lint")) == "lint,lint"


def test_that_knobs_that_act_behind_every_view_are_taken_by_every_view() -> None:
    assert {knob_of(name).layer for name in EVERYWHERE} == {"view", "middleware", "server", "proxy", "client"}
    for view in VIEWS:
        assert set(EVERYWHERE) <= set(view.knobs)
        assert not set(EVERYWHERE) & set(view.own_knobs)
        assert parse_knobs(view, {"engine": "waitress", "proxy": "nginx", "read_rate": "100"})["read_rate"] == 100


def test_that_a_program_is_found_where_path_leaves_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "a-program-of-this-test"
    program.touch(mode=0o755)
    assert program_path(program.name) is None
    monkeypatch.setattr("inspector.catalogue.availability._SYSTEM_FOLDERS", (str(tmp_path),))
    if sys.platform != "win32":
        assert program_path(program.name) == str(program)
    nginx = proxy_of("nginx")
    monkeypatch.setattr("inspector.catalogue.availability._SYSTEM_FOLDERS", ())
    monkeypatch.setenv("PATH", "")
    assert not available(nginx)
    assert missing_text(nginx) == f"not installed: {nginx.install}"
    assert available(proxy_of("none"))
