"""The page of sweeps with a real session: what it asks, runs, shows, opens and saves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFont, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import DARK, LIGHT
from inspector.gui.views.sweep.chart import SweepChart
from inspector.gui.views.sweep.sweep_page import SweepPage
from inspector.recording.annotations import read_annotations
from inspector.recording.meta import read_meta
from inspector.session import Session
from inspector.session.sweep_runner import Progress
from tests.gui.views.sweep.sweeps import DEADLINE_MS, begin, run
from tests.sessions import driven

NAMES = (
    "sweep_knob", "sweep_values", "sweep_repeat", "sweep_limit", "sweep_run", "sweep_progress", "sweep_message",
    "sweep_copy", "sweep_save", "sweep_caption", "sweep_charts", "sweep_ttfb_ms", "sweep_held_bytes_max",
)  # fmt: skip


class Wanted:
    """What the window would stream."""

    text = "/timeline?rows=5&delay_ms=1"
    lasted_s: float | None = None
    knobs: dict[str, str] = {}  # noqa: RUF012 - replaced by the tests, never changed

    def __call__(self) -> tuple[str, dict[str, str]]:
        return self.text, self.knobs


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One session for all tests."""
    with driven(tmp_path_factory.mktemp("home")) as driver:
        driver.until_ready()
        yield driver.session


@pytest.fixture
def wanted() -> Wanted:
    return Wanted()


@pytest.fixture
def page(session: Session, wanted: Wanted, qtbot: QtBot) -> Iterator[SweepPage]:
    made = SweepPage(wanted, lambda: wanted.lasted_s, session, LIGHT)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.cancel()


def chart_of(page: SweepPage, metric: str) -> SweepChart:
    return next(chart for chart in page.charts.charts if chart.shown_metric.id == metric)


def place_of(chart: SweepChart, value: str) -> QPoint:
    plot = chart.plot()
    return QPoint(round(plot.x(value)), round(plot.y(plot.medians[value].median)))


def test_that_a_sweep_of_three_values_opens_its_points(page: SweepPage, qtbot: QtBot) -> None:
    heard: list[str] = []
    page.about_to_run.connect(lambda: heard.append(f"about to run, {len(page.model.points)} points"))
    page.ended.connect(lambda: heard.append("ended"))
    run(qtbot, page, knob="template_buffer", values="0, 5, 100", repeat=2)
    assert heard == ["about to run, 0 points", "ended"]
    assert [(point.value, point.repetition) for point in page.model.points] == [
        ("0", 1), ("5", 1), ("100", 1), ("0", 2), ("5", 2), ("100", 2),
    ]  # fmt: skip
    assert page.caption.text() == page.model.trade_off.sentence != ""
    chart = chart_of(page, "chunks")
    for value in ("5", "100"):
        with qtbot.waitSignal(page.open_requested) as opened:
            QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=place_of(chart, value))
        meta = read_meta(opened.args[0])
        assert meta is not None
        assert meta.request.knobs["template_buffer"] == value
        assert read_annotations(opened.args[0]).name.startswith(f"{value} items · ")


def test_that_nine_presets_run_by_enter_and_keys_walk_and_open_them(
    page: SweepPage, wanted: Wanted, qtbot: QtBot
) -> None:
    wanted.text = "/timeline?rows=40&delay_ms=1"
    page.refresh()
    assert page.controls.request.knob == "template_buffer"
    assert page.controls.values.text() == "0, 2, 5, 10, 50, 100, 500, 1000, 100000"
    page.controls.repeat.setValue(1)
    QTest.keyClick(page.controls.values, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.is_running)
    assert page.controls.run.text() == "Cancel"
    assert not page.controls.values.isEnabled()
    qtbot.waitUntil(lambda: not page.model.is_running, timeout=DEADLINE_MS)
    assert "58 %" in page.caption.text(), "what the framing takes without a buffer"
    page.unchanged.button.setChecked(True)
    chart = chart_of(page, "ttfb_ms")
    assert chart.accessibleDescription().count("items:") == 9
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_End)
    with qtbot.waitSignal(page.open_requested) as opened:
        QTest.keyClick(chart, Qt.Key.Key_Return)
    meta = read_meta(opened.args[0])
    assert meta is not None
    assert meta.request.knobs["template_buffer"] == "100000"
    QTest.keyClick(chart, Qt.Key.Key_Down)
    below = page.charts.charts[page.charts.columns]
    qtbot.waitUntil(below.hasFocus)
    assert page.model.current == "100000", "the value that is looked at is that of all charts"


def test_that_progress_is_shown_and_cancel_keeps_what_was_recorded(
    page: SweepPage, wanted: Wanted, qtbot: QtBot
) -> None:
    wanted.text = "/large.csv?delay_ms=5"
    page.refresh()
    begin(page, knob="rows", values="2, 5000, 7")
    qtbot.waitUntil(lambda: len(page.model.points) == 1, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: "5,000 rows" in page.controls.progress.text(), timeout=DEADLINE_MS)
    assert page.controls.progress.text().startswith("1 of 3 runs, ")
    assert page.controls.progress.isVisible()
    page.controls.run.click()
    assert not page.model.is_running
    assert page.controls.run.text() == "Run sweep"
    assert page.controls.state.text() == "Ended after 1 of 3 runs"
    assert page.caption.text().startswith("Only 2 rows ran")
    assert page.controls.copy.isEnabled()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("0, 1", "template_buffer=1 is refused: template_buffer takes a whole number, 0, or 2 to 100000 items."),
        ("0..", "0.. is no range"),
        ("", "No values"),
        ("many", "template_buffer=many is refused"),
    ],
)
def test_that_what_can_not_run_is_told_in_place(page: SweepPage, values: str, message: str) -> None:
    page.controls.values.setText(values)
    assert message in page.controls.message.text()
    assert page.controls.message.isVisible()
    assert not page.controls.run.isEnabled()
    page.run()
    assert not page.model.is_running
    page.controls.values.setText("0, 50")
    assert page.controls.message.text() == ""
    assert not page.controls.message.isVisible()
    assert page.controls.run.isEnabled()


def test_that_an_endless_stream_needs_a_limit(page: SweepPage, wanted: Wanted, qtbot: QtBot) -> None:
    wanted.text = "/large.csv?delay_ms=5&rows=0"
    page.refresh()
    page.controls.knob.setCurrentIndex(page.controls.knob.findData("rows_per_yield"))
    page.controls.values.setText("1, 5")
    assert "rows=0 streams for ever: " in page.controls.message.text()
    page.controls.limit.setValue(0.1)
    assert page.controls.run.isEnabled()
    run(qtbot, page, knob="rows_per_yield", values="1, 5")
    assert [point.is_good for point in page.model.points] == [True, True]


def test_that_the_plan_says_how_long_it_takes_where_that_is_known(page: SweepPage, wanted: Wanted) -> None:
    page.controls.values.setText("0, 5, 50")
    page.controls.repeat.setValue(2)
    assert page.controls.state.text() == "6 runs"
    page.controls.repeat.setValue(3)
    wanted.lasted_s = 1.9
    page.refresh()
    assert page.controls.state.text() == "9 runs, about 18 s"
    page.controls.limit.setValue(0.4)
    assert page.controls.state.text() == "9 runs, about 4.5 s"


def test_that_charts_of_what_does_not_change_give_way_to_a_line(page: SweepPage, qtbot: QtBot) -> None:
    run(qtbot, page, knob="template_buffer", values="0, 2, 50", repeat=2)
    shown = {chart.shown_metric.id for chart in page.charts.charts if chart.isVisible()}
    assert {"chunks", "framing_overhead"} <= shown
    assert "server_cpu_ms" not in shown
    assert "server CPU (" in page.unchanged.text
    assert "ticks of 10 ms" in page.unchanged.text
    page.unchanged.button.click()
    assert all(chart.isVisible() for chart in page.charts.charts)
    cpu = chart_of(page, "server_cpu_ms")
    assert not cpu.plot().has_line
    assert "The difference is no more than chance." in cpu.accessibleDescription()


def test_that_a_setting_is_put_into_the_form_from_outside(page: SweepPage, wanted: Wanted) -> None:
    assert page.choose("delay_ms")
    assert page.controls.request.knob == "delay_ms"
    assert not page.choose("rows_per_yield"), "it does not act on this view"
    assert page.controls.request.knob == "delay_ms"


def test_that_only_knobs_that_act_are_offered_with_their_presets(page: SweepPage, wanted: Wanted) -> None:
    knob = page.controls.knob
    assert knob.findData("template") >= 0
    assert knob.findData("rows_per_yield") == -1
    wanted.text = "/large.csv"
    page.refresh()
    assert page.controls.request.knob == "rows_per_yield", "the buffer of this view"
    assert page.controls.values.text().startswith("1, 2, 5, 10, 50")
    assert "1 to 100000 rows" in page.controls.values.toolTip()
    knob.setCurrentIndex(knob.findData("delay_ms"))
    page.controls.values.setText("0, 3")
    wanted.text = "/timeline"
    page.refresh()
    assert (page.controls.request.knob, page.controls.values.text()) == ("delay_ms", "0, 3"), "what still acts stays"
    wanted.text = "http://127.0.0.1:9/x"
    page.refresh()
    assert [knob.itemData(at) for at in range(knob.count())] == [
        "client_buffer", "receive_buffer", "read_size", "read_rate",
    ]  # fmt: skip
    wanted.text = "/timelime"
    page.refresh()
    assert "Did you mean /timeline" in page.controls.message.text()
    assert not page.controls.run.isEnabled()


def test_that_the_windows_own_knobs_stay_as_they_are(page: SweepPage, wanted: Wanted, qtbot: QtBot) -> None:
    wanted.text, wanted.knobs = "/large.csv", {"rows": "3", "delay_ms": "0", "rows_per_yield": "7"}
    page.refresh()
    run(qtbot, page, knob="rows_per_yield", values="1, 2")
    metas = [read_meta(point.folder) for point in page.model.points]
    assert [meta.request.knobs for meta in metas if meta] == [
        {"rows": "3", "delay_ms": "0", "rows_per_yield": value} for value in ("1", "2")
    ]


def test_that_a_sweep_is_copied_and_saved(page: SweepPage, tmp_path: Path, qtbot: QtBot) -> None:
    assert not page.save_to(tmp_path / "nothing.csv"), "there is nothing to save yet"
    assert not page.controls.save.isEnabled()
    run(qtbot, page, knob="template_buffer", values="0, 5")
    page.controls.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("template_buffer (items)  First byte (ms)")
    assert page.model.trade_off.sentence in copied
    assert page.save_to(tmp_path / "one.csv")
    assert (tmp_path / "one.csv").read_text(encoding="utf-8").startswith("template_buffer,repetition,ttfb_ms,")
    assert page.save_to(tmp_path / "one.json")
    assert json.loads((tmp_path / "one.json").read_bytes())["knob"] == "template_buffer"
    with qtbot.waitSignal(page.said) as said:
        assert not page.save_to(tmp_path / "absent" / "one.csv")
    assert said.args[0] == "error"
    assert "Choose another folder" in said.args[1]


def test_that_every_part_has_its_name_and_says_what_it_is(page: SweepPage, qtbot: QtBot) -> None:
    for name in NAMES:
        assert page.findChild(QWidget, name) is not None, name
    run(qtbot, page, knob="template_buffer", values="0, 5")
    silent = []
    for widget in page.findChildren(QWidget):
        parent = widget.parentWidget()
        inner = isinstance(parent, QAbstractScrollArea) or widget.focusProxy() or widget.objectName().startswith("qt_")
        if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or inner or not widget.isVisible():
            continue
        name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        tip = widget.toolTip() or (parent.toolTip() if parent else "")
        if not name or not tip:
            silent.append(f"{type(widget).__name__} {widget.objectName()}: {name!r}, {tip!r}")
    assert silent == []


@pytest.fixture
def type_size() -> Iterator[QFont]:
    before = QApplication.font()
    yield QFont(before)
    QApplication.setFont(before)


@pytest.mark.parametrize(("points", "columns"), [(9.0, 3), (20.0, 2)])
def test_that_it_fits_a_small_window_at_all_sizes_of_type(
    page: SweepPage, qtbot: QtBot, type_size: QFont, points: float, columns: int
) -> None:
    run(qtbot, page, knob="template_buffer", values="0, 5")
    page.unchanged.button.setChecked(True)
    type_size.setPointSizeF(points)
    QApplication.setFont(type_size)
    page.set_theme(DARK)
    page.resize(1024, 640)
    qtbot.waitUntil(lambda: page.width() == 1024 and page.charts.columns == columns)
    for running in (True, False):
        page.controls.show_running(running, can_export=True)
        page.controls.show_progress(Progress(12, 27, 130.0), "100,000 items")
        assert page.minimumSizeHint().width() <= 1024
    qtbot.waitUntil(lambda: page.charts.horizontalScrollBar().maximum() == 0)
    heights = {chart.height() for chart in page.charts.charts}
    assert min(heights) >= page.charts.charts[0].minimumSizeHint().height()
    assert page.caption.height() >= page.caption.heightForWidth(page.caption.width())
    page.resize(1600, 900)
    qtbot.waitUntil(lambda: page.charts.columns == 3)
