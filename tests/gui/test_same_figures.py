"""The same run has the same figures wherever they are printed: verdict, gap lines, statistics and table."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from inspector.analysis.formatting import time_text
from inspector.gui.models.marks_model import COLUMNS
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.ladder.figures_label import FiguresLabel
from inspector.gui.views.verdict_line import EvidencePopup
from tests.analysis.test_formatting import value_of
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items
from tests.gui.window_driver import click, find, headers, marks_table, show_tab, statistics, stop, turn, verdict

_SLOW = "rows=14&delay_ms=20&jitter=0"
_TIME = r"[0-9.,]+ (?:µs|ms|s|min)"
RUNS = (
    f"/large.csv?{_SLOW}",
    f"/my-large-page.html?{_SLOW}&template_buffer=5",
    f"/my-large-page.html?{_SLOW}&template_buffer=50",
    f"/large.csv?{_SLOW}&middleware=join",
    f"/large.csv?{_SLOW}&client_buffer=200",
    f"/large.csv?{_SLOW}&rows_per_yield=4",
    "/large.csv?rows=40&delay_ms=30&jitter=0&read_rate=600",
)


def gap_lines(window: MainWindow) -> dict[str, str]:
    """Return the lines of the gaps, by the ids of the gaps, with their diamonds."""
    return {gap_id: header.figures_text for gap_id, header in headers(window).gaps.items() if header.figures_text}


def statistics_of(window: MainWindow) -> dict[str, dict[str, str]]:
    """Return the table of gaps of the statistics tab: cells by their headings, by ``part → yield``."""
    show_tab(window, statistics(window))
    lines = statistics(window).toPlainText().partition("Gaps\n")[2].splitlines()
    start = lines.index("what sits there") + 1
    headings = lines[:start]
    rows = [lines[at : at + start] for at in range(start, len(lines) - start + 1, start)]
    return {row[0]: dict(zip(headings, row, strict=True)) for row in rows}


def figures_in(line: str) -> tuple[str, str]:
    """Return the wait and the longest wait of a gap's line."""
    found = re.search(
        rf"(?:waits|some wait|waiting) (?:up to |≤ |≥ )?({_TIME})(?:, at most ([0-9.,]+)( [µmsin]+)?)?", line
    )
    assert found, line
    unit = found[3] or f" {found[1].split()[1]}"
    return found[1], f"{found[2]}{unit}" if found[2] else found[1]


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait for the verdict on the whole run, and for lines that are of the same moment."""
    analysis = window.analysis
    qtbot.waitUntil(
        lambda: analysis.verdict is not None and analysis.is_current and not analysis.whole_run.is_running,
        timeout=DEADLINE_MS,
    )


@pytest.mark.parametrize("target", RUNS)
def test_that_a_run_has_the_same_figures_everywhere(qtbot: QtBot, window: MainWindow, target: str) -> None:
    stream(qtbot, window, target)
    settle(qtbot, window)
    lines, table = gap_lines(window), statistics_of(window)
    by_gap = {f"{gap.earlier} → {gap.later}": gap.id for gap in window.analysis.gaps}
    waits = {}
    for name, row in table.items():
        if name not in by_gap:  # the whole road, and what a slow reader leaves waiting
            continue
        line = lines[by_gap[name]]
        wait, longest = figures_in(line)
        assert (wait, longest) == (row["wait"], row["longest"]), line
        assert f"{row['in']} in, {row['out']} out" in line
        held = row["held at most"]
        assert ("held up to" not in line and held == "0 B") or f"held up to {held}" in line
        assert " 0 B" not in line, "all of it has left: what it held at most is what tells something"
        waits[by_gap[name]] = value_of(wait)
    assert waits
    marked = [gap_id for gap_id, line in lines.items() if line.startswith("◆")]
    longest_wait = max(waits.values())
    assert len(marked) == (longest_wait >= 1), "a wait of a millisecond and more has the diamond"
    assert all(waits[gap_id] == longest_wait for gap_id in marked)
    found = window.analysis.verdict
    assert found is not None
    if found.kind == "back_pressure":
        reader = table["write → reader"]
        assert reader["median of all"] in verdict(window).sentence
        assert reader["held at most"] in verdict(window).sentence
    if found.kind == "coalesced":
        assert marked == [found.layer]
        assert time_text(waits[found.layer]) in verdict(window).sentence
        assert found.evidence.numbers["wait_ms"] == pytest.approx(waits[found.layer], rel=0.06)


def test_that_the_table_writes_waits_as_the_ladder_does(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"/my-large-page.html?{_SLOW}&template_buffer=50")
    settle(qtbot, window)
    find(window, QComboBox, "layer_picker").setCurrentText("yield")
    at = [column.name for column in COLUMNS].index("waited")
    model = marks_table(window).model()
    waited = [str(model.index(row, at).data()) for row in range(model.rowCount())]
    _, longest = figures_in(gap_lines(window)["template"])
    assert max(waited, key=value_of) == longest


@pytest.mark.parametrize(
    ("target", "knob", "value", "gap_id", "culprit"),
    [
        ("/timeline?rows=0&delay_ms=10&jitter=0&template_buffer=0", "template_buffer", "40", "template", "40 items"),
        ("/large.csv?rows=0&delay_ms=10&jitter=0&client_buffer=0", "client_buffer", "700", "client", "700"),
    ],
)
def test_that_verdict_and_figures_count_from_the_same_flag(
    qtbot: QtBot, window: MainWindow, target: str, knob: str, value: str, gap_id: str, culprit: str
) -> None:
    begin(window, target)
    wait_for_items(qtbot, window, "read", 20)
    turn(window, knob, value)
    qtbot.waitUntil(
        lambda: bool(window.analysis.since) and window.analysis.accused_gap_id == gap_id, timeout=DEADLINE_MS
    )
    stop(window)
    settle(qtbot, window)
    line = gap_lines(window)[gap_id]
    assert line.startswith("◆")
    assert "since the flag" in line
    tail = window.analysis.whole_run.tail
    assert tail is not None
    since = tail.analysis.gap(gap_id)
    whole = window.analysis.whole_run.gap(gap_id)
    assert since is not None
    assert whole is not None
    assert culprit in since.gap.culprit, "what is in force now is named, not what was at the start"
    assert f"{since.items_in:,} in, {since.items_out:,} out" in line
    assert since.items_in < whole.items_in
    wait, longest = figures_in(line)
    assert (wait, longest) == (time_text(since.wait.ms), time_text(since.longest_ms))
    assert time_text(since.wait.ms) in verdict(window).sentence
    row = statistics_of(window)[f"{since.gap.earlier} → {since.gap.later}"]
    assert (row["wait"], row["longest"]) == (wait, longest)
    assert culprit in row["what sits there"]
    assert f"Since {knob}={value}" in statistics(window).toPlainText()


def test_that_the_reasons_of_a_verdict_have_its_figures(qtbot: QtBot, window: MainWindow) -> None:
    stream(qtbot, window, f"/my-large-page.html?{_SLOW}&template_buffer=50")
    settle(qtbot, window)
    wait, _ = figures_in(gap_lines(window)["template"])
    click(window, "why_button")
    popup = window.findChild(EvidencePopup)
    assert popup is not None
    assert re.findall(r"waits ([^()]*) \(median\)", popup.text.text()) == [wait]
    popup.close()


def test_that_a_narrow_line_keeps_what_tells_most(qtbot: QtBot) -> None:
    label = FiguresLabel()
    qtbot.addWidget(label)
    label.set_bold(True)
    label.set_text(
        "446 in, 90 out · some wait 49 ms, at most 60 · held up to 679 B",
        "some wait 49 ms, at most 60 · held up to 679 B",
    )
    for kept in (
        "446 in, 90 out · some wait 49 ms, at most 60 · held up to 679 B",
        "some wait 49 ms, at most 60 · held up to 679 B",
        "some wait 49 ms, at most 60 …",
    ):
        label.resize(label.fontMetrics().horizontalAdvance(kept), label.fontMetrics().height())
        assert label.lines() == [kept]
