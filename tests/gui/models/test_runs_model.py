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
