"""Editors of knobs: every value of the table can be set and told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.catalogue import ADDRESS, KNOBS, VIEWS, BadKnob, kind_of, knob_of
from inspector.gui.editors.choice_editor import ChoiceEditor
from inspector.gui.editors.knob_editors import KnobEditors
from inspector.gui.editors.middleware_editor import MiddlewareEditor, MiddlewarePopup
from inspector.gui.editors.number_editor import NumberEditor


@pytest.fixture
def knobs(qtbot: QtBot) -> Iterator[KnobEditors]:
    """All editors, for /large.csv."""
    made = KnobEditors()
    made.show_kind(kind_of("/large.csv"))
    yield made
    for editor in made.editors.values():
        editor.deleteLater()


def test_that_every_knob_shows_its_default_and_tells_nothing_of_it(knobs: KnobEditors) -> None:
    for view in VIEWS:
        knobs.show_kind(kind_of(view.route))
        told = {name: text for name, text in knobs.values().items() if name != "name"}
        assert told == {}


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_that_every_preset_of_a_knob_can_be_set_and_is_told_back(knobs: KnobEditors, knob: object) -> None:
    name = knob.name  # type: ignore[attr-defined]
    for preset in knob.presets or knob.choices:  # type: ignore[attr-defined]
        knobs.set_text(name, str(preset))
        assert knob.parse(knobs.text(name)) == knob.parse(str(preset))  # type: ignore[attr-defined]


def test_that_a_value_out_of_range_is_refused(knobs: KnobEditors) -> None:
    with pytest.raises(BadKnob):
        knobs.set_text("rows", "-1")


def test_that_arrows_go_through_the_presets(knobs: KnobEditors) -> None:
    editor = knobs.editors["template_buffer"]
    assert isinstance(editor, NumberEditor)
    seen = []
    for _ in range(4):
        seen.append(int(editor.value()))
        editor.stepBy(1)
    assert seen == [0, 2, 5, 10]
    editor.stepBy(-10)
    assert editor.value() == 0
    assert editor.text() == "none"


def test_that_a_refused_number_becomes_none(knobs: KnobEditors) -> None:
    editor = knobs.editors["template_buffer"]
    assert isinstance(editor, NumberEditor)
    editor.lineEdit().setText("1 items")
    editor.interpretText()
    assert knobs.text("template_buffer") == "0"


def test_that_return_in_an_editor_asks_for_a_run(knobs: KnobEditors, qtbot: QtBot) -> None:
    with qtbot.waitSignal(knobs.run_requested, timeout=1_000):
        QTest.keyClick(knobs.editors["rows"], Qt.Key.Key_Return)


def test_that_a_stack_is_typed_ticked_and_reordered(knobs: KnobEditors, qtbot: QtBot) -> None:
    editor = knobs.editors["middleware"]
    assert isinstance(editor, MiddlewareEditor)
    editor.setText("gzip, rechunk:64")
    assert knobs.values()["middleware"] == "gzip,rechunk:64"
    popup = MiddlewarePopup(knob_of("middleware"), editor.names(), editor)
    qtbot.addWidget(popup)
    told: list[list[str]] = []
    popup.changed.connect(told.append)
    popup.list.setCurrentRow(1)
    popup._move(-1)
    assert told[-1] == ["rechunk:64", "gzip"]
    popup._clear()
    assert told[-1] == []


def test_that_a_choice_names_what_is_not_installed(knobs: KnobEditors) -> None:
    editor = knobs.editors["engine"]
    assert isinstance(editor, ChoiceEditor)
    assert editor.count() >= 5
    assert all(editor.itemData(at, Qt.ItemDataRole.ToolTipRole) for at in range(editor.count()))


def test_that_a_url_leaves_only_the_clients_knobs_on(knobs: KnobEditors) -> None:
    knobs.show_kind(ADDRESS)
    on = {name for name, editor in knobs.editors.items() if editor.isEnabled()}
    assert on == {"client_buffer", "receive_buffer", "read_size", "read_rate"}


@pytest.mark.parametrize(
    ("chooser", "value", "others"),
    [
        ("engine", "waitress", {"send_bytes"}),
        ("proxy", "nginx", {"proxy_buffering", "proxy_buffer_size", "proxy_http_version", "proxy_gzip"}),
    ],
)
def test_that_the_knobs_of_an_engine_or_a_proxy_are_on_with_it_alone(
    knobs: KnobEditors, chooser: str, value: str, others: set[str]
) -> None:
    def on() -> set[str]:
        return {name for name, editor in knobs.editors.items() if editor.isEnabled()}

    for name in others:
        knobs.set_text(name, str(next(each for each in knob_of(name).presets if each != knob_of(name).default)))
    assert not on() & others
    assert not set(knobs.values()) & others
    knobs.change(chooser, value)
    assert others <= on()
    assert others <= set(knobs.values())
    knobs.set_text(chooser, {"engine": "werkzeug", "proxy": "none"}[chooser])
    assert not on() & others


@pytest.mark.parametrize(("value", "text"), [("1", "1 row"), ("2", "2 rows"), ("1000", "1,000 rows")])
def test_that_one_of_a_thing_is_not_called_many(knobs: KnobEditors, value: str, text: str) -> None:
    knobs.set_text("rows_per_yield", value)
    editor = knobs.editors["rows_per_yield"]
    assert isinstance(editor, NumberEditor)
    assert editor.text() == text


def test_that_all_knobs_of_another_day_are_told_as_one_change(knobs: KnobEditors) -> None:
    told: list[str] = []
    knobs.shown_changed.connect(lambda: told.append(knobs.text("rows")))
    knobs.restore({"rows": "7", "delay_ms": "3", "engine": "no such engine", "a knob of another version": "1"})
    assert (told, knobs.text("delay_ms")) == (["7"], "3")
    knobs.set_all({"rows": "9"})
    assert told == ["7", "9"]
    knobs.set_text("rows", "10")
    assert told == ["7", "9", "10"]
