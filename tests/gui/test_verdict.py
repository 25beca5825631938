"""The verdict in the real window: named, marked, explained and cured."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.verdict_line import EvidencePopup
from tests.gui.running import DEADLINE_MS, begin, stream
from tests.gui.window_driver import (
    click,
    find,
    headers,
    set_setting,
    show_tab,
    statistics,
    stop,
    verdict,
)

_SLOW_ROWS = "rows=12&delay_ms=25&jitter=0"


def _stream_to_verdict(qtbot: QtBot, window: MainWindow, target: str) -> None:
    stream(qtbot, window, target)
    qtbot.waitUntil(
        lambda: window.analysis.verdict is not None and not window.analysis.verdict.so_far, timeout=DEADLINE_MS
    )


def test_that_a_stream_without_buffers_is_not_accused(qtbot: QtBot, window: MainWindow) -> None:
    _stream_to_verdict(qtbot, window, f"/large.csv?{_SLOW_ROWS}")
    assert window.analysis.verdict is not None
    assert window.analysis.verdict.kind == "streams"
    assert verdict(window).sentence.startswith("Streams")
    assert not find(window, QPushButton, "cure_button").isVisible()


def test_that_a_holding_middleware_is_named_and_its_gap_marked(qtbot: QtBot, window: MainWindow) -> None:
    _stream_to_verdict(qtbot, window, f"/large.csv?{_SLOW_ROWS}&middleware=gzip-flush,join")
    assert window.analysis.verdict is not None
    assert window.analysis.verdict.layer == "middleware.2"
    assert "join" in verdict(window).sentence
    figures = {gap_id: header.figures_text for gap_id, header in headers(window).gaps.items()}
    assert figures["middleware.2"].startswith("◆")
    assert [gap_id for gap_id, text in figures.items() if text.startswith("◆")] == ["middleware.2"]
    assert "write.1" in headers(window).lanes


def test_that_a_body_which_the_view_collects_is_told_while_nothing_has_arrived(
    qtbot: QtBot, window: MainWindow
) -> None:
    begin(window, "/in-memory.csv?rows=1000&delay_ms=20&jitter=0")
    start = "Held so far by the view, which joins all rows first. "
    qtbot.waitUntil(lambda: verdict(window).sentence.startswith(start), timeout=DEADLINE_MS)
    assert window.document.snapshot.meta is not None
    assert window.document.snapshot.meta.response is None
    stop(window)


def test_that_a_view_that_failed_lets_no_gap_be_marked(qtbot: QtBot, window: MainWindow) -> None:
    _stream_to_verdict(qtbot, window, "/stream-without-context?name=Jo&delay_ms=20")
    assert window.analysis.verdict is not None
    assert (window.analysis.verdict.kind, window.analysis.accused_gap_id) == ("cut_short", "")


def test_that_why_shows_the_rule_and_selects_the_bytes(qtbot: QtBot, window: MainWindow) -> None:
    _stream_to_verdict(qtbot, window, f"/in-memory.csv?{_SLOW_ROWS}")
    click(window, "why_button")
    popup = window.findChild(EvidencePopup)
    assert popup is not None
    shown = popup.text.text()
    assert all(f"{word}:" in shown for word in ("Rule", "In this run", "Bytes", "What would change it"))
    assert window.document.selection is not None
    popup.close()


def test_that_the_middlewares_of_another_run_are_forgotten(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=1&middleware=gzip-flush,rechunk:64")
    assert headers(window).lanes["write.1"].isVisible()
    set_setting(window, "middleware", "")
    stream(qtbot, window, "/large.csv?rows=3&delay_ms=1")
    assert not headers(window).lanes["write.1"].isVisible()
    names = [
        find(window, QComboBox, "layer_picker").itemText(at)
        for at in range(find(window, QComboBox, "layer_picker").count())
    ]
    assert names == ["part", "yield", "write", "read", "chunk", "piece"]


def test_that_statistics_have_a_row_for_every_layer(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, "/large.csv?rows=5&delay_ms=1")
    show_tab(window, statistics(window))
    view = window.findChild(QWidget, "statistics_view")
    assert view is window.statistics
    qtbot.waitUntil(lambda: "piece" in statistics(window).toPlainText(), timeout=DEADLINE_MS)
    for layer in ("part", "yield", "write", "read", "chunk"):
        qtbot.waitUntil(lambda layer=layer: layer in statistics(window).toPlainText(), timeout=DEADLINE_MS)  # type: ignore[misc]
