"""Editors of knobs: every value of the table can be set and told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
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
        editor.step(1)
    assert seen == [0, 2, 5, 10]
    editor.step(-10)
    assert editor.value() == 0
    assert editor.text() == "none"


def type_into(knobs: KnobEditors, name: str, text: str) -> NumberEditor:
    """Type over what an editor shows, as after Tab."""
    editor = knobs.editors[name]
    assert isinstance(editor, NumberEditor)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    return editor


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("rows", "-5", "Rows takes a whole number, 0 to 10,000,000 rows."),
        ("rows", "1e3", "Rows takes a whole number, 0 to 10,000,000 rows."),
        ("rows", "3.5", "Rows takes a whole number, 0 to 10,000,000 rows."),
        ("rows", "99999999999", "Rows takes a whole number, 0 to 10,000,000 rows."),
        ("rows", "abc", "Rows takes a whole number, 0 to 10,000,000 rows."),
        ("rows", "", "Rows takes a whole number, 0 to 10,000,000 rows."),
        ("rows_per_yield", "0", "Rows per yield takes a whole number, 1 to 100,000 rows."),
        ("send_buffer", "1", "Send buffer takes a whole number, 0, or 2,048 to 16,777,216 bytes."),
        ("jitter", "2", "Random ± takes a number, 0 to 1."),
    ],
)
def test_that_what_was_typed_stays_and_is_told_what_is_wrong(
    knobs: KnobEditors, name: str, text: str, wrong: str
) -> None:
    before, shown = knobs.text(name), knobs.shown(name)
    editor = type_into(knobs, name, text)
    if not text:
        QTest.keyClick(editor, Qt.Key.Key_Delete)
    asked: list[str] = []
    knobs.run_requested.connect(lambda: asked.append("run"))
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert (editor.text(), knobs.problem(name)) == (text, wrong)
    assert (asked, knobs.text(name)) == ([], before), "nothing is streamed with another value than the one in sight"
    assert knobs.values()[name] == text
    with pytest.raises(BadKnob):
        kind_of("/large.csv").parse(knobs.values())
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert (editor.text(), knobs.problem(name)) == (shown, "")
    assert name not in knobs.values()
    type_into(knobs, name, "x")
    knobs.reset([name])
    assert (editor.text(), knobs.problem(name)) == (shown, "")


@pytest.mark.parametrize(
    ("name", "text", "value", "shown"),
    [
        ("rows", "1,000", "1000", "1,000 rows"),
        ("rows", "endless", "0", "endless"),
        ("rows", "7 rows", "7", "7 rows"),
        ("rows", "1 row", "1", "1 row"),
        ("delay_ms", "2.5", "2.5", "2.5 ms"),
        ("client_buffer", "512 B", "512", "512 B"),
        ("client_buffer", "all", "16777216", "all"),
        ("rows_per_yield", "100000", "100000", "all"),
        ("jitter", ".5", "0.5", "0.5"),
    ],
)
def test_that_a_number_may_be_typed_as_it_is_shown(
    knobs: KnobEditors, name: str, text: str, value: str, shown: str
) -> None:
    editor = type_into(knobs, name, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert (knobs.text(name), editor.text(), knobs.problem(name)) == (value, shown, "")


def test_that_escape_closes_nothing_while_it_gives_a_text_back(knobs: KnobEditors) -> None:
    editor = type_into(knobs, "rows", "8")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.text() == "40 rows"
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert editor.text() == "200 rows"


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
    told_of = popup.findChild(QLabel, "middleware_help")
    assert told_of is not None
    assert told_of.text().startswith("Cuts the body anew")
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
