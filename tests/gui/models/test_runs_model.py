"""Rows of the list of runs: they come, go and change one by one, whatever is selected, filtered and checked."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QObject, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from typing_extensions import override

from inspector.analysis.runs.run_summary import RunSummary
from inspector.gui.models.runs_model import ROW_ROLE, Row, RunsModel
from inspector.gui.models.summaries import Summaries
from inspector.recording.annotations import Annotations
from inspector.recording.meta import Ending, Meta, RequestMeta
from inspector.session.run_library import LibraryEntry
from tests.kept_runs import run_id

CHECK = Qt.ItemDataRole.CheckStateRole


class NoSummaries(Summaries):
    """Knows a summary when a test gives it one."""

    given: dict[str, RunSummary]

    @override
    def of(self, entry: LibraryEntry) -> RunSummary | None:
        return self.given.get(entry.id)


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[RunsModel]:
    owner = QObject()
    summaries = NoSummaries(owner)
    summaries.given = {}
    yield RunsModel(summaries, owner)
    owner.deleteLater()


def entry(number: int, name: str = "", *, size_bytes: int = 1) -> LibraryEntry:
    meta = Meta(
        id=run_id(number),
        title=f"/{number}",
        started_at="",
        request=RequestMeta(),
        ending=Ending(kind="complete", text="", t_ns=1),
    )
    return LibraryEntry(meta.id, Path(meta.id), meta, Annotations(name=name), size_bytes, False)


def titles(model: RunsModel) -> list[str]:
    return [str(model.index(at).data()) for at in range(model.rowCount())]


def test_that_the_rows_keep_the_rules_of_models(model: RunsModel, qtmodeltester: ModelTester) -> None:
    model.set_entries([entry(number) for number in (3, 2, 1)])
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_entries([entry(number) for number in (5, 4, 2, 0)])
    model.set_filter("/4")
    model.set_filter("")
    assert titles(model) == ["/5", "/4", "/2", "/0"]


def test_that_any_change_of_runs_and_filter_ends_in_the_right_rows_and_moves_no_index(
    model: RunsModel, qtmodeltester: ModelTester
) -> None:
    chance = random.Random(4)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    persistent: dict[str, QPersistentModelIndex] = {}
    for _ in range(150):
        numbers = sorted(chance.sample(range(30), chance.randrange(12)), reverse=True)
        entries = [entry(number, chance.choice(["", "", f"name {number}"])) for number in numbers]
        model.set_entries(entries)
        word = chance.choice(["", "1", "name", "/2", "nothing"])
        model.set_filter(word)
        expected = [one for one in entries if word in f"{one.title} /{int(one.id[9:15])}"]
        assert titles(model) == [one.title for one in expected]
        for index in persistent.values():
            assert not index.isValid() or index.data() in titles(model)
        shown = {str(model.index(at).data()): model.index(at) for at in range(model.rowCount())}
        for title, index in persistent.items():
            if title in shown and index.isValid() and index.data() == title:
                assert index == shown[title]
        persistent = {title: QPersistentModelIndex(index) for title, index in shown.items()}


def test_that_a_new_run_comes_first_and_takes_nothing_away(model: RunsModel) -> None:
    model.set_entries([entry(2), entry(1)])
    selection = QItemSelectionModel(model)
    selection.select(model.index(1), QItemSelectionModel.SelectionFlag.Select)
    model.set_entries([entry(3), entry(2), entry(1)])
    assert titles(model) == ["/3", "/2", "/1"]
    assert [index.data() for index in selection.selectedIndexes()] == ["/1"]


def test_that_only_what_changed_is_told(model: RunsModel) -> None:
    same = entry(1)
    model.set_entries([entry(2), same])
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    model.rowsInserted.connect(lambda *_: told.append((-1, -1)))
    model.modelReset.connect(lambda: told.append((-2, -2)))
    model.set_entries([entry(2, size_bytes=99), same])
    assert told == [], "a size is not seen"
    model.set_entries([entry(2, "named"), same])
    assert told == [(0, 0)]


def test_that_checks_stay_through_filters_and_go_with_their_run(model: RunsModel) -> None:
    told: list[list[str]] = []
    model.checked_changed.connect(lambda entries: told.append([one.title for one in entries]))
    model.set_entries([entry(2), entry(1)])
    model.setData(model.index(1), Qt.CheckState.Checked, CHECK)
    model.set_filter("/2")
    model.setData(model.index(0), Qt.CheckState.Checked, CHECK)
    model.set_filter("")
    assert [model.index(at).data(CHECK) for at in (0, 1)] == [Qt.CheckState.Checked] * 2
    model.set_entries([entry(1)])
    assert told == [["/1"], ["/2", "/1"], ["/1"]]


def test_that_a_summary_that_was_made_is_shown_and_searched(model: RunsModel) -> None:
    summaries = model._summaries
    assert isinstance(summaries, NoSummaries)
    model.set_entries([entry(2), entry(1)])
    model.set_filter("buffered")
    assert titles(model) == []
    summaries.given[run_id(1)] = RunSummary(kind="coalesced", figure="5 to 1: it waits", sparkline=[1, 2])
    summaries.made.emit(run_id(1))
    assert titles(model) == ["/1"]
    row = model.index(0).data(ROW_ROLE)
    assert isinstance(row, Row)
    assert row.card.sparkline == (1, 2)


def test_that_the_run_on_screen_is_marked_in_words_too(model: RunsModel) -> None:
    model.set_entries([entry(2), entry(1)])
    model.set_current(run_id(1))
    words = [model.index(at).data(Qt.ItemDataRole.AccessibleTextRole) for at in (0, 1)]
    assert words == ["/2, …", "/1, …, on screen"]
    model.set_current("")
    assert "on screen" not in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_that_tomorrow_a_run_of_today_has_a_date(qtbot: QtBot) -> None:
    now = [datetime.datetime(2026, 11, 20, 23, 59, tzinfo=datetime.UTC)]
    owner = QObject()
    summaries = NoSummaries(owner)
    summaries.given = {}
    model = RunsModel(summaries, owner, now=lambda: now[0])
    one = entry(1)
    assert one.meta is not None
    one.meta.started_at = "2026-11-20T23:15:04Z"
    model.set_entries([one])
    assert "23:15:04" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    now[0] += datetime.timedelta(minutes=2)
    model.set_entries([one])
    assert "20 Nov 23:15" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    owner.deleteLater()


def of_sweep(number: int, value: str) -> LibraryEntry:
    plain = entry(number, f"{value} items")
    assert plain.meta is not None
    plain.meta.request.knobs["template_buffer"] = value
    label = Annotations(name=f"{value} items", sweep=f"template_buffer {run_id(1)}")
    return LibraryEntry(plain.id, plain.folder, plain.meta, label, 1, False)


SWEPT = [of_sweep(6, "50"), of_sweep(5, "5"), of_sweep(4, "0"), of_sweep(3, "50"), of_sweep(2, "5"), of_sweep(1, "0")]


def test_that_a_sweep_is_one_row_that_unfolds_to_its_runs_by_their_values(
    model: RunsModel, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_entries([entry(7), *SWEPT, entry(0)])
    assert titles(model) == ["/7", "template buffer", "/0"]
    head = model.index(1)
    row = head.data(ROW_ROLE)
    assert isinstance(row, Row)
    assert (row.card.verdict, row.card.figure) == ("Sweep: 3 values, 6 runs", "0 to 50 items")
    assert str(head.data(Qt.ItemDataRole.AccessibleTextRole)).endswith(", folded")
    assert len(model.entries(head)) == 6
    assert model.matching == 8
    model.unfold(head, unfolded=True)
    inside = ["0 items", "0 items", "5 items", "5 items", "50 items", "50 items"]
    assert titles(model) == ["/7", "template buffer", *inside, "/0"]
    assert model.head_of(model.index(4)).row() == 1
    assert not model.head_of(model.index(0)).isValid()
    model.unfold(model.index(1), unfolded=False)
    assert model.rowCount() == 3


def test_that_a_filter_finds_runs_of_a_folded_sweep(model: RunsModel) -> None:
    model.set_entries([entry(7), *SWEPT])
    model.set_filter("50 items")
    assert titles(model) == ["template buffer", "50 items", "50 items"]
    model.set_filter("")
    assert titles(model) == ["/7", "template buffer"]


def test_that_a_sweep_grows_while_it_runs_and_one_run_is_no_sweep(model: RunsModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_entries(SWEPT[-1:])
    assert titles(model) == ["0 items"]
    model.set_entries(SWEPT[-2:])
    assert titles(model) == ["template buffer"]
    model.unfold(model.index(0), unfolded=True)
    model.set_entries(SWEPT)
    assert model.rowCount() == 7
    model.set_entries([])
    assert model.rowCount() == 0


def test_that_the_sweep_of_the_run_on_screen_is_marked_while_it_is_folded(model: RunsModel) -> None:
    model.set_entries(SWEPT)
    model.set_current(SWEPT[2].id)
    head = model.index(0)
    assert head.data(ROW_ROLE).is_current
    assert not model.setData(head, Qt.CheckState.Checked, CHECK), "a sweep is not drawn over a run"
    model.unfold(head, unfolded=True)
    assert not model.index(0).data(ROW_ROLE).is_current
    assert model.index_of(SWEPT[2].id).data(ROW_ROLE).is_current
