"""The list of runs with real recordings: what keys, clicks and the menu do, and what stays when runs come and go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import DARK, LIGHT
from inspector.gui.views.runs.run_delegate import tone_of_sign
from inspector.gui.views.runs.runs_pane import RunsPane
from inspector.recording.annotations import Annotations, write_annotations
from inspector.session.data_folder import make_session_folder
from inspector.session.run_library import LibraryEntry, RunLibrary
from tests.kept_runs import keep_run, run_id

DEADLINE_MS = 15_000
Key = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def pane(qtbot: QtBot, home: Path) -> Iterator[RunsPane]:
    """A pane over three runs, the newest chosen."""
    for number, title in ((1, "/large.csv?rows=4"), (2, "/timeline?rows=4"), (3, "/stream?name=World")):
        keep_run(home, number, title=title)
    made = RunsPane(RunLibrary(home), LIGHT)
    made.resize(300, 600)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    made.refresh()
    choose(made, 3)
    made.list.setFocus()
    qtbot.waitUntil(lambda: all(made.summaries.of(entry) for entry in made.model.all_entries), timeout=DEADLINE_MS)
    yield made
    made.close_work()
    made.close()
    made.deleteLater()


def choose(pane: RunsPane, number: int) -> None:
    # Not by the list: it would ask which keys are held down, and those of the test before may be.
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
    pane.list.selectionModel().setCurrentIndex(pane.model.index_of(run_id(number)), flags)


def shown(pane: RunsPane) -> list[str]:
    return [pane.model.entry(pane.model.index(at)).id for at in range(pane.model.rowCount())]


def press(qtbot: QtBot, widget: QWidget, key: Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    widget.window().activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is widget and widget.isActiveWindow(), timeout=DEADLINE_MS)
    QTest.keyClick(widget, key, modifiers)


def label_of(pane: RunsPane, number: int) -> tuple[str, bool, str]:
    label = next(
        entry for entry in RunLibrary(pane._library.spool.parent).scan() if entry.id == run_id(number)
    ).annotations
    return label.name, label.pinned, label.note


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Key.Key_Return, PLAIN, "open_requested"),
        (Key.Key_Return, CTRL, "again_requested"),
        (Key.Key_C, CTRL, "curl_requested"),
    ],
)
def test_that_keys_ask_for_the_run_that_has_the_focus(
    qtbot: QtBot, pane: RunsPane, key: Key, modifiers: Qt.KeyboardModifier, signal: str
) -> None:
    choose(pane, 2)
    told: list[LibraryEntry] = []
    getattr(pane, signal).connect(told.append)
    press(qtbot, pane.list, key, modifiers)
    assert [entry.id for entry in told] == [run_id(2)]


def test_that_a_double_click_opens_and_the_menu_compares_and_saves(qtbot: QtBot, pane: RunsPane) -> None:
    opened: list[LibraryEntry] = []
    compared: list[tuple[str, str]] = []
    saved: list[LibraryEntry] = []
    pane.open_requested.connect(opened.append)
    pane.compare_requested.connect(lambda entry, side: compared.append((entry.id, side)))
    pane.save_requested.connect(saved.append)
    area = pane.list.visualRect(pane.model.index_of(run_id(1)))
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, PLAIN, area.center())
    QTest.mouseDClick(pane.list.viewport(), Qt.MouseButton.LeftButton, PLAIN, area.center())
    for name in ("compare_a", "compare_b", "save"):
        pane.acts[name].trigger()
    assert [entry.id for entry in (*opened, *saved)] == [run_id(1)] * 2
    assert compared == [(run_id(1), "a"), (run_id(1), "b")]


def test_that_a_run_is_renamed_in_its_place_and_escape_keeps_the_old_name(qtbot: QtBot, pane: RunsPane) -> None:
    for text, key, name in (("before", Key.Key_Return, "before"), ("other", Key.Key_Escape, "before")):
        press(qtbot, pane.list, Key.Key_F2)
        editor = pane.list.findChild(QLineEdit, "runs_name")
        assert editor is not None
        editor.selectAll()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, key)
        qtbot.waitUntil(lambda: pane.list.findChild(QLineEdit, "runs_name") is None, timeout=DEADLINE_MS)
        assert label_of(pane, 3) == (name, False, "")
    assert pane.list.currentIndex().data() == "before"


def test_that_pins_and_notes_are_kept(qtbot: QtBot, pane: RunsPane, home: Path) -> None:
    pane.list.selectAll()
    press(qtbot, pane.list, Key.Key_P)
    press(qtbot, pane.list, Key.Key_N)
    assert pane.note.hasFocus()
    QTest.keyClicks(pane.note, "gzip on")
    keep_run(home, 4)
    pane.refresh()
    assert pane.note.text() == "gzip on", "a new run takes nothing that is being typed"
    QTest.keyClick(pane.note, Key.Key_Return)
    assert [label_of(pane, number)[1:] for number in (1, 2, 3)] == [(True, ""), (True, ""), (True, "gzip on")]
    choose(pane, 2)
    assert pane.note.text() == ""
    assert "note: gzip on" in pane.model.index_of(run_id(3)).data(Qt.ItemDataRole.AccessibleTextRole)


def test_that_several_runs_are_deleted_together_and_come_back(qtbot: QtBot, pane: RunsPane) -> None:
    told: list[list[str]] = []
    pane.deleting.connect(told.append)
    pane.list.selectAll()
    press(qtbot, pane.list, Key.Key_Delete)
    assert shown(pane) == []
    assert told == [[run_id(3), run_id(2), run_id(1)]]
    assert pane.undo_bar.isVisible()
    pane.undo_bar.undo_requested.emit()
    assert shown(pane) == [run_id(3), run_id(2), run_id(1)]
    assert not pane.undo_bar.isVisible()


def test_that_deleting_can_be_undone_step_by_step_also_when_the_bar_has_gone(qtbot: QtBot, pane: RunsPane) -> None:
    for number in (3, 1):
        choose(pane, number)
        press(qtbot, pane.list, Key.Key_Delete)
    pane.undo_bar.hide()
    assert shown(pane) == [run_id(2)]
    pane.undo()
    assert shown(pane) == [run_id(2), run_id(1)]
    pane.undo()
    pane.undo()
    assert len(shown(pane)) == 3


def test_that_a_run_that_is_still_recorded_is_live_and_stays(qtbot: QtBot, pane: RunsPane, home: Path) -> None:
    live = keep_run(home, 9, ending=None)
    (make_session_folder(home)[0] / "runs").write_text(live)
    pane.refresh()
    said: list[str] = []
    pane.said.connect(lambda _severity, text: said.append(text))
    choose(pane, 9)
    press(qtbot, pane.list, Key.Key_Delete)
    assert (shown(pane)[0], len(said)) == (live, 1)
    pane.list.selectAll()
    press(qtbot, pane.list, Key.Key_Delete)
    assert (shown(pane), len(said)) == ([live], 2)
    pane.undo()
    assert "Live" in pane.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    keep_run_ended(home, live)
    pane.refresh()
    index = pane.model.index(0)
    qtbot.waitUntil(lambda: "Streams" in index.data(Qt.ItemDataRole.AccessibleTextRole), timeout=DEADLINE_MS)


def keep_run_ended(home: Path, recording_id: str) -> None:
    """Give a run its ending, as its recorder does."""
    folder = home / "recordings" / recording_id
    text = (home / "recordings" / run_id(1) / "meta.json").read_text()
    (folder / "meta.json").write_text(text.replace(run_id(1), recording_id))


def test_that_check_marks_are_set_by_click_and_key_and_told(qtbot: QtBot, pane: RunsPane) -> None:
    told: list[list[str]] = []
    pane.overlay_changed.connect(lambda entries: told.append([entry.id for entry in entries]))
    area = pane.list.visualRect(pane.model.index_of(run_id(1)))
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, PLAIN, area.topLeft() + QPoint(12, 14))
    choose(pane, 3)
    press(qtbot, pane.list, Key.Key_Space)
    press(qtbot, pane.list, Key.Key_Space)
    assert told == [[run_id(1)], [run_id(3), run_id(1)], [run_id(1)]]


def test_that_the_filter_finds_words_in_any_order_and_says_when_nothing_has_them(qtbot: QtBot, pane: RunsPane) -> None:
    QTest.keyClicks(pane.filter, "STREAMS time")
    assert shown(pane) == [run_id(2)]
    assert pane.room.text.startswith("1 of 3 runs, ")
    pane.filter.setText("nothing such")
    assert shown(pane) == []
    assert pane.list.accessibleDescription() == "No run has all these words."
    pane.filter.clear()
    assert len(shown(pane)) == 3


def test_that_the_limit_is_changed_in_its_place_and_tells_what_would_go(
    pane: RunsPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pane.room.text.endswith(" of 4.0 GB")
    QTest.mouseClick(pane.room.button, Qt.MouseButton.LeftButton)
    assert pane.room.hint == "Below the limit: nothing will be deleted."
    monkeypatch.setattr(pane._library, "would_go", lambda limit: [run_id(1)] if limit < 10**9 else [])
    pane.room.field.setValue(0.5)
    assert pane.room.hint.startswith("1 run will be deleted at the next start")
    QTest.keyClick(pane.room.field, Key.Key_Return)
    assert pane._library.limit_bytes == 500_000_000
    assert not pane.room.field.isVisible()
    assert pane.room.text.endswith("of 500 MB; 1 will be deleted at the next start")
    QTest.mouseClick(pane.room.button, Qt.MouseButton.LeftButton)
    QTest.keyClick(pane.room.field, Key.Key_Escape)
    assert not pane.room.field.isVisible()
    assert pane._library.limit_bytes == 500_000_000


def test_that_trouble_on_the_disk_is_told(qtbot: QtBot, pane: RunsPane, home: Path) -> None:
    said: list[tuple[str, str]] = []
    pane.said.connect(lambda severity, text: said.append((severity, text)))
    (home / "deleted").write_text("in the way")
    press(qtbot, pane.list, Key.Key_Delete)
    assert [severity for severity, _ in said] == ["error"]
    assert len(shown(pane)) == 3


def test_that_new_runs_move_nothing_that_is_read(qtbot: QtBot, pane: RunsPane, home: Path) -> None:
    for number in range(10, 60):
        keep_run(home, number)
    pane.refresh()
    choose(pane, 30)
    pane.list.scrollTo(pane.model.index_of(run_id(30)))
    before = pane.list.visualRect(pane.model.index_of(run_id(30)))
    keep_run(home, 70)
    keep_run(home, 71)
    pane.refresh()
    assert pane.list.visualRect(pane.model.index_of(run_id(30))) == before
    assert [entry.id for entry in pane.chosen] == [run_id(30)]
    RunLibrary(home).delete([run_id(number) for number in range(50, 60)])
    pane.refresh()
    assert pane.list.visualRect(pane.model.index_of(run_id(30))) == before
    pane.list.scrollToTop()
    keep_run(home, 72)
    pane.refresh()
    assert pane.list.indexAt(QPoint(50, 5)).row() == 0


@pytest.mark.parametrize(("width", "points"), [(240, 9.0), (300, 10.0), (420, 20.0)])
def test_that_every_size_and_theme_is_painted_without_trouble(
    qtbot: QtBot, pane: RunsPane, width: int, points: float
) -> None:
    font = pane.font()
    font.setPointSizeF(points)
    pane.setFont(font)
    pane.resize(width, 500)
    pane.show_current(run_id(2))
    pictures = []
    for theme in (LIGHT, DARK):
        pane.set_theme(theme)
        pictures.append(pane.grab().toImage())
    assert pane.minimumSizeHint().width() <= width
    assert pictures[0].size() == pictures[1].size()
    assert colour_at(pictures[0], pane) != colour_at(pictures[1], pane)


def colour_at(picture: QImage, pane: RunsPane) -> str:
    bar = pane.list.mapTo(pane, pane.list.visualRect(pane.model.index_of(run_id(2))).topLeft() + QPoint(2, 8))
    colour = picture.pixelColor(bar).name()
    assert colour in (LIGHT.selection, DARK.selection), "the run on screen has a bar"
    return colour


def test_that_everything_focusable_has_a_name_and_a_tip(pane: RunsPane) -> None:
    pane.room.button.setChecked(True)
    pane.undo_bar.offer(1)
    for widget in (pane.filter, pane.list, pane.note, pane.room.button, pane.room.field, pane.room.set_button):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        assert widget.toolTip()


def test_that_five_hundred_runs_slow_nothing_down(qtbot: QtBot, pane: RunsPane, home: Path) -> None:
    """Counts processor time, which a busy machine does not change, with room for a slow one."""
    folder = home / "recordings" / run_id(1)
    for number in range(1_000, 1_500):
        copy = home / "recordings" / run_id(number)
        copy.mkdir()
        for name in ("meta.json", "summary.json"):
            (copy / name).write_bytes((folder / name).read_bytes().replace(run_id(1).encode(), run_id(number).encode()))
    pane.refresh()
    assert len(shown(pane)) == 503
    steps: dict[str, Callable[[], object]] = {
        "looking again": pane.refresh,
        "typing": lambda: pane.filter.setText("timel" if pane.filter.text() == "time" else "time"),
        "scrolling": lambda: pane.list.verticalScrollBar().setValue(pane.list.verticalScrollBar().value() + 300),
        "painting": lambda: pane.list.viewport().repaint(),
    }
    for name, step in steps.items():
        began_s = time.process_time()
        for _ in range(5):
            step()
            QApplication.processEvents()
        taken_ms = (time.process_time() - began_s) / 5 * 1e3
        assert taken_ms < 100, name
        pane.filter.clear()


def sweep_of(home: Path, pane: RunsPane) -> None:
    for number, value in ((11, "0"), (12, "5"), (13, "50")):
        kept = keep_run(home, number, title="/timeline", knobs={"template_buffer": value})
        label = Annotations(name=f"{value} items", sweep=f"template_buffer {run_id(11)}")
        write_annotations(home / "recordings" / kept, label)
    pane.refresh()


def head_of(pane: RunsPane) -> QModelIndex:
    return next(index for at in range(pane.model.rowCount()) if pane.model.is_head(index := pane.model.index(at)))


def test_that_keys_and_clicks_unfold_a_sweep_and_fold_it(pane: RunsPane, home: Path) -> None:
    sweep_of(home, pane)
    assert pane.model.rowCount() == 4
    pane.list.setCurrentIndex(head_of(pane))
    QTest.keyClick(pane.list, Key.Key_Right)
    assert pane.model.rowCount() == 7
    pane.list.setCurrentIndex(pane.model.index(head_of(pane).row() + 2))
    QTest.keyClick(pane.list, Key.Key_Left)
    assert pane.model.rowCount() == 4
    assert pane.list.currentIndex().row() == head_of(pane).row()
    QTest.keyClick(pane.list, Key.Key_Return)
    assert pane.model.rowCount() == 7
    area = pane.list.visualRect(head_of(pane))
    QTest.mouseClick(pane.list.viewport(), Qt.MouseButton.LeftButton, pos=area.topLeft() + QPoint(14, 16))
    assert pane.model.rowCount() == 4
    assert not pane.note.isEnabled()


def test_that_a_folded_sweep_is_deleted_and_comes_back_whole(pane: RunsPane, home: Path, qtbot: QtBot) -> None:
    sweep_of(home, pane)
    choose_row(pane, head_of(pane))
    with qtbot.waitSignal(pane.said) as said:
        pane.acts["rename"].trigger()
    assert "unfold it" in said.args[1]
    pane.acts["delete"].trigger()
    assert len(pane.model.all_entries) == 3
    pane.undo()
    assert len(pane.model.all_entries) == 6


def choose_row(pane: RunsPane, index: QModelIndex) -> None:
    pane.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def test_that_not_a_stream_has_the_same_tone_in_list_and_verdict() -> None:
    assert tone_of_sign("not_a_stream", LIGHT) == LIGHT.warning
    assert tone_of_sign("cut_short", LIGHT) == LIGHT.error
