"""The presets of a buffer on the number keys, and the steps of plus and minus."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.catalogue import ADDRESS, KNOBS, VIEWS, kind_of, knob_of
from inspector.gui.editors.buffer_presets import nudged, preset_of, presets_of, short_word

TEMPLATE, ROWS, CLIENT = knob_of("template_buffer"), knob_of("rows_per_yield"), knob_of("client_buffer")
NUMBERS = [knob for knob in KNOBS if knob.kind in ("int", "float")]


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("/timeline", "template_buffer"),
        ("/my-large-page.html", "template_buffer"),
        ("/large.csv", "rows_per_yield"),
        ("/stream", "client_buffer"),
    ],
)
def test_that_the_keys_turn_the_apps_own_buffer_where_it_has_one(route: str, name: str) -> None:
    assert kind_of(route).buffer.name == name


def test_that_the_keys_turn_the_clients_buffer_of_a_url() -> None:
    assert ADDRESS.buffer.name == "client_buffer"


def test_that_the_nine_keys_go_from_unbuffered_to_all() -> None:
    assert [preset_of(TEMPLATE, key) for key in range(1, 10)] == [0, 2, 5, 10, 50, 100, 500, 1000, TEMPLATE.maximum]
    assert preset_of(ROWS, 1) == 1, "one row is the least that can be yielded"
    words = [preset.label for preset in presets_of(TEMPLATE)]
    assert words == ["none", "2", "5", "10", "50", "100", "500", "1,000", "all"]


def test_that_a_buffer_of_bytes_has_steps_worth_having() -> None:
    sizes = [preset_of(CLIENT, key) for key in range(1, 10)]
    assert sizes == sorted(set(sizes))
    assert sizes[1] >= 64
    assert sizes[-1] == CLIENT.maximum
    assert [short_word(CLIENT, size) for size in sizes[-4:]] == ["4K", "16K", "64K", "all"]


@pytest.mark.parametrize("title", [*(view.route for view in VIEWS), "http://127.0.0.1/"])
def test_that_every_preset_is_a_value_that_its_knob_takes(title: str) -> None:
    knob = kind_of(title).buffer
    assert [knob.parse(f"{preset_of(knob, key):.0f}") for key in range(1, 10)]


def test_that_a_nudge_is_a_quarter_and_one_step_at_least() -> None:
    assert nudged(TEMPLATE, 100, 1) == 125
    assert nudged(TEMPLATE, 100, -1) == 75
    assert nudged(TEMPLATE, 0, 1) == 2, "1 is refused"
    assert nudged(TEMPLATE, 2, -1) == 0


@given(knob=st.sampled_from(NUMBERS), share=st.floats(0, 1), direction=st.sampled_from([1, -1]))
def test_that_a_nudge_never_leaves_the_range(knob: object, share: float, direction: int) -> None:
    least, most = float(knob.minimum), float(knob.maximum)  # type: ignore[attr-defined]
    value = least + round((most - least) * share)
    if value in knob.refused:  # type: ignore[attr-defined]
        value = least
    after = nudged(knob, value, direction)  # type: ignore[arg-type]
    assert least <= after <= most
    assert after not in knob.refused  # type: ignore[attr-defined]
    assert (after - value) * direction >= 0
    at_end = value == (most if direction > 0 else least)
    assert after != value or at_end
