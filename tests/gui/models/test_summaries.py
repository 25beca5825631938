"""Summaries that are missing are made beside the window, newest first, kept, and not before the last marks are in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from inspector.analysis.runs.run_summary import RunSummary, read_summary, write_summary
from inspector.gui.models.summaries import Summaries
from inspector.recording.meta import read_meta, write_meta
from inspector.session import settling
from inspector.session.run_library import LibraryEntry, RunLibrary
from tests.kept_runs import keep_run, run_id
from tests.sample_recording import SENT_T_NS, write_track

DEADLINE_MS = 15_000


@pytest.fixture
def summaries(qtbot: QtBot) -> Iterator[Summaries]:
    owner = QObject()
    made = Summaries(owner)
    yield made
    made.close()
    owner.deleteLater()


def entries_of(home: Path) -> dict[str, LibraryEntry]:
    return {entry.id: entry for entry in RunLibrary(home).scan()}


def test_that_missing_ones_are_made_newest_first_and_kept(qtbot: QtBot, summaries: Summaries, tmp_path: Path) -> None:
    ids = [keep_run(tmp_path, number) for number in range(4)]
    told: list[str] = []
    summaries.made.connect(told.append)
    entries = entries_of(tmp_path)
    assert [summaries.of(entries[one]) for one in ids] == [None] * 4
    qtbot.waitUntil(lambda: len(told) == 4, timeout=DEADLINE_MS)
    assert told == [ids[0], ids[3], ids[2], ids[1]], "the first one was begun at once"
    for one in ids:
        summary = summaries.of(entries[one])
        assert summary is not None
        assert summary == read_summary(entries[one].folder)
        assert sum(summary.sparkline) == summary.content_bytes > 0


def test_that_one_that_is_kept_is_not_made_again(summaries: Summaries, tmp_path: Path) -> None:
    keep_run(tmp_path, 1)
    (entry,) = entries_of(tmp_path).values()
    write_summary(entry.folder, RunSummary(kind="held"))
    summary = summaries.of(entry)
    assert summary is not None
    assert summary.kind == "held"


def end_now(home: Path) -> None:
    """Let the only run of a home folder have ended at this moment."""
    (path,) = home.glob("recordings/*/meta.json")
    meta = read_meta(path.parent)
    assert meta is not None
    assert meta.ending is not None
    meta.title = "/large.csv"
    meta.ending.t_ns = time.monotonic_ns()
    write_meta(path.parent, meta)


def test_that_the_servers_last_marks_are_waited_for(
    qtbot: QtBot, summaries: Summaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "LAST_MARKS_S", 15.0)
    keep_run(tmp_path, 1)
    end_now(tmp_path)
    (entry,) = entries_of(tmp_path).values()
    writes = (entry.folder / "write.marks").read_bytes()
    (entry.folder / "write.marks").write_bytes(writes[:16])
    assert summaries.of(entry) is None
    with pytest.raises(Exception, match="timed out"):
        qtbot.waitUntil(lambda: read_summary(entry.folder) is not None, timeout=200)
    with (entry.folder / "write.marks").open("ab") as file:
        file.write(writes[16:])
    qtbot.waitUntil(lambda: summaries.of(entry) is not None, timeout=DEADLINE_MS)
    summary = summaries.of(entry)
    assert summary is not None
    assert summary.items["write"] == 4


def test_that_marks_that_never_come_are_not_waited_for_any_longer(
    qtbot: QtBot, summaries: Summaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "LAST_MARKS_S", 0.1)
    keep_run(tmp_path, 1)
    end_now(tmp_path)
    (entry,) = entries_of(tmp_path).values()
    write_track(entry.folder, "write", [(SENT_T_NS, 1)])
    assert summaries.of(entry) is None
    qtbot.waitUntil(lambda: summaries.of(entry) is not None, timeout=DEADLINE_MS)


def test_that_a_run_that_can_not_be_summarised_does_not_stop_the_others(
    qtbot: QtBot, summaries: Summaries, tmp_path: Path
) -> None:
    for number in (1, 2):
        keep_run(tmp_path, number)
    entries = entries_of(tmp_path)
    (entries[run_id(2)].folder / "taps.jsonl").write_text("{\n")
    told: list[str] = []
    summaries.made.connect(told.append)
    for entry in entries.values():
        summaries.of(entry)
    qtbot.waitUntil(lambda: len(told) == 2, timeout=DEADLINE_MS)
    assert summaries.of(entries[run_id(2)]) is None
    assert summaries.of(entries[run_id(1)]) is not None
