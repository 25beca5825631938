"""A | B in the real window: two runs at the same time on one axis, and what carries over from one to the other."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.models.selection import Selection
from inspector.gui.views.compare.page import ComparePage
from inspector.gui.views.compare.picture import save
from inspector.gui.window import MainWindow
from inspector.recording.meta import read_meta

from .running import DEADLINE_MS

A = "/my-large-page.html?rows=20&delay_ms=10&jitter=0&template_buffer=0"
B = "/my-large-page.html?rows=20&delay_ms=10&jitter=0&template_buffer=50"


def page_of(window: MainWindow) -> ComparePage:
    window.show_view("compare")
    assert window.pages.compare is not None
    return window.pages.compare


def has_ended(document: Document) -> bool:
    return document.meta is not None and document.meta.ending is not None


def stream_both(qtbot: QtBot, window: MainWindow, a: str = A, b: str = B) -> ComparePage:
    page = page_of(window)
    window.toolbar.set_target_text(a)
    page.picker.set_target_text(b)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_R, keys)  # type: ignore[no-untyped-call]
    documents = window.document, page.comparing.document
    qtbot.waitUntil(lambda: all(map(has_ended, documents)), timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: page.caption.text().startswith("Same "), timeout=DEADLINE_MS)
    return page


def test_that_one_key_streams_both_and_one_sentence_compares_them(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    a, b = window.document, page.comparing.document
    assert a.meta is not None
    assert b.meta is not None
    assert abs(a.meta.request.sent_t_ns - b.meta.request.sent_t_ns) < 500_000_000
    assert a.meta.request.url.split("/")[2] != b.meta.request.url.split("/")[2], "each has a server of its own"
    text = page.caption.text()
    assert text.startswith(f"Same {a.content_bytes:,} bytes, ")
    assert "earlier in A" in text
    assert page.comparing.differing_knobs() == ("template_buffer 0", "template_buffer 50")
    assert len(a.tracks["yield"]) > 10 * len(b.tracks["yield"])


def test_that_zoom_selection_and_pause_are_joint(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    a, b = window.document, page.comparing.document
    assert page.ladder_a is not None
    starts = [ladder.canvas.scale().x_of(each.origin_ns) for ladder, each in ((page.ladder_a, a), (page.ladder_b, b))]
    assert starts[0] == pytest.approx(starts[1]), "both requests are sent at the same place of the axis"
    lefts = [
        ladder.canvas.mapTo(window, ladder.canvas.rect().topLeft()).x() for ladder in (page.ladder_a, page.ladder_b)
    ]
    assert lefts[0] == lefts[1]
    window.time_range.zoom(0.5, 100_000_000)
    assert page.ladder_b.canvas.scale().span_ns == page.ladder_a.canvas.scale().span_ns
    b.select(Selection("yield", 1, 2))
    assert b.selected_bytes is not None
    start, stop = b.selected_bytes
    assert a.selection is not None
    assert a.selection.layer == "yield"
    found = a.selected_bytes
    assert found is not None
    assert found[0] <= start
    assert found[1] >= stop
    assert a.selection.stop - a.selection.first > 10
    b.select(None)
    assert a.selection is None
    a.set_paused(True)
    assert b.paused
    b.set_paused(False)
    assert not a.paused


def test_that_a_and_b_change_places_and_knobs_are_copied(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    a, b = window.document, page.comparing.document
    yields = len(a.tracks["yield"]), len(b.tracks["yield"])
    page.swap()
    qtbot.waitUntil(lambda: (len(b.tracks["yield"]), len(a.tracks["yield"])) == yields, timeout=DEADLINE_MS)
    assert (window.knobs.text("template_buffer"), page.comparing.knobs.text("template_buffer")) == ("50", "0")
    qtbot.waitUntil(lambda: "earlier in B" in page.caption.text(), timeout=DEADLINE_MS)
    page.comparing.copy_knobs()
    assert page.comparing.knobs.text("template_buffer") == "50"


def test_that_two_finished_runs_are_compared(qtbot: QtBot, window: MainWindow) -> None:
    page = stream_both(qtbot, window)
    folders = [each.recording.folder for each in (window.document, page.comparing.document) if each.recording]
    window.show_view("ladder")
    assert window.pictures.currentWidget() is window.ladder
    window.controller.show_nothing()
    window.pages.compare_run("a", folders[1])
    window.pages.compare_run("b", folders[0])
    qtbot.waitUntil(lambda: "earlier in B" in page.caption.text(), timeout=DEADLINE_MS)


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_that_both_are_one_picture(qtbot: QtBot, window: MainWindow, tmp_path: Path, suffix: str) -> None:
    page = page_of(window)
    path = tmp_path / f"both{suffix}"
    assert save(page, path)
    assert path.stat().st_size > 2_000
    if suffix == ".png":
        assert QImage(str(path)).width() == 2 * page.width()
    assert not save(page, tmp_path / "no such folder" / path.name)


def test_that_closing_in_mid_stream_keeps_both(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(window)
    window.toolbar.set_target_text("/timeline?rows=0&delay_ms=5")
    page.picker.set_target_text("/large.csv?rows=0&delay_ms=5")
    page.run_both()
    documents = window.document, page.comparing.document
    for document in documents:
        qtbot.waitUntil(lambda document=document: len(document.tracks["read"]) > 3, timeout=DEADLINE_MS)  # type: ignore[misc]
    folders = [each.recording.folder for each in documents if each.recording]
    window.close()
    for folder in folders:
        meta = read_meta(folder)
        assert meta is not None
        assert meta.ending is not None
        assert meta.ending.kind == "stopped"
        assert (folder / "wire.bin").stat().st_size > 0


def test_that_a_target_that_is_none_is_told_and_nothing_starts(qtbot: QtBot, window: MainWindow) -> None:
    page = page_of(window)
    page.picker.set_target_text("/no-such-page")
    page.run_both()
    assert "no-such-page" in window.banner.text
    assert window.controller.run is None
