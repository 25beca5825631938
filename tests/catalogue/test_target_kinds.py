"""What a target is known to have before anything is streamed from it."""

from __future__ import annotations

import pytest

from inspector.catalogue import ADDRESS, KNOBS, VIEWS, kind_of, knobs_told_to


@pytest.mark.parametrize("route", [view.route for view in VIEWS])
def test_that_a_route_has_the_facts_of_its_view(route: str) -> None:
    kind = kind_of(f"{route}?delay_ms=5")
    view = next(view for view in VIEWS if view.route == route)
    assert (kind.route, kind.noun, kind.code, kind.collects) == (route, route, view.code, view.collects)
    assert (kind.knobs, kind.own_knobs) == (view.knobs, view.own_knobs)
    assert kind.is_served_here
    assert kind.has_taps
    assert kind.is_app_known
    assert not kind.keeps_query
    assert all(kind.default(name) == view.default(name) for name in kind.knobs)


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000/large.csv?rows=5", "https://example.org"])
def test_that_an_address_has_the_recorders_knobs_alone(url: str) -> None:
    kind = kind_of(url)
    assert kind is ADDRESS
    assert kind.keeps_query
    assert not (kind.is_served_here)
    assert not (kind.has_taps)
    assert not (kind.is_app_known)
    assert kind.knobs == kind.acting({}) == knobs_told_to("recorder")
    assert kind.idle_text("rows", {}) == f"rows does nothing on a URL. Its settings are {', '.join(kind.knobs)}."
    assert [kind.idle_text(name, {}) for name in kind.knobs] == [""] * len(kind.knobs)


def test_that_a_route_of_another_version_had_taps_and_has_no_knobs_of_its_own() -> None:
    kind = kind_of("/gone.csv?rows=5")
    assert kind.is_served_here
    assert kind.has_taps
    assert not kind.is_app_known
    assert (kind.route, kind.own_knobs, kind.knobs) == ("", (), ADDRESS.knobs)


def test_that_only_what_has_rows_can_be_endless() -> None:
    assert kind_of("/large.csv").is_endless({"rows": "0"})
    assert not kind_of("/large.csv").is_endless({"rows": "1"})
    assert not kind_of("/large.csv").is_endless({})
    assert not kind_of("/stream").is_endless({"rows": "0"})
    assert not ADDRESS.is_endless({"rows": "0"})


def test_that_the_shortest_settings_are_those_that_the_target_has() -> None:
    assert kind_of("/large.csv").shortest() == {"rows": "1", "delay_ms": "0", "row_bytes": "0"}
    assert kind_of("/stream").shortest() == {"delay_ms": "0"}
    for knob in KNOBS:
        for text in filter(None, (knob.shortest, knob.endless, knob.off)):
            assert str(knob.parse(text)) in {text, f"{text}.0"}
