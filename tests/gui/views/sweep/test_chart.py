"""One chart: what it draws where, what the pointer and the keys do, and what it says to those who don't see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.analysis.sweep.sweep_results import Point
from inspector.gui.models.sweep_model import SweepModel
from inspector.gui.style.theme import DARK, LIGHT
from inspector.gui.views.sweep.chart import SweepChart
from tests.gui.views.sweep.sweeps import point, shown_by_hand
from tests.needs import needs
from tests.sweep_metrics import METRIC_BY_ID

TTFB = METRIC_BY_ID["ttfb_ms"]
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier


def buffer_points() -> list[Point]:
    """A template buffer whose first byte comes later and whose framing falls until 50 items."""
    points = []
    for repetition in (1, 2, 3):
        for value, ttfb_ms in (("0", 10), ("5", 20), ("50", 110), ("500", 810)):
            figure, overhead = ttfb_ms * (1 + repetition / 50), 1 + 0.6 / max(1, int(value))
            points.append(point(value, repetition, ttfb_ms=figure, total_ms=2000.0, framing_overhead=overhead))
    return [*points, point("5", 4, "The response was cut short.", ttfb_ms=1.0)]


@pytest.fixture
def model(tmp_path: Path, qtbot: QtBot) -> SweepModel:
    return shown_by_hand(tmp_path, buffer_points())


@pytest.fixture
def chart(model: SweepModel, qtbot: QtBot) -> SweepChart:
    chart = SweepChart(model, TTFB, LIGHT)
    qtbot.addWidget(chart)
    chart.resize(420, 260)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


def middle_of(chart: SweepChart, value: str) -> QPointF:
    plot = chart.plot()
    return QPointF(plot.x(value), plot.y(plot.medians[value].median))


def has_colour(image: QImage, colour: str, left: int, top: int, right: int, bottom: int) -> bool:
    wanted = QColor(colour).rgb()
    return any(image.pixel(x, y) == wanted for x in range(left, right) for y in range(top, bottom))


def test_that_values_go_right_and_figures_up(chart: SweepChart) -> None:
    plot = chart.plot()
    places = [middle_of(chart, value) for value in ("0", "5", "50", "500")]
    assert [place.x() for place in places] == sorted(place.x() for place in places)
    assert [place.y() for place in places] == sorted((place.y() for place in places), reverse=True)
    assert all(plot.area.contains(place) for place in places)
    assert plot.break_x is not None
    assert places[0].x() < plot.break_x < places[1].x()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_medians_the_best_trade_off_and_runs_that_failed_are_drawn(chart: SweepChart, theme: object) -> None:
    chart.set_theme(theme)  # type: ignore[arg-type]
    image = chart.grab().toImage()
    plot = chart.plot()
    colours = LIGHT if theme is LIGHT else DARK
    for value in plot.medians:
        at = middle_of(chart, value).toPoint()
        assert has_colour(image, colours.client, at.x() - 2, at.y() - 2, at.x() + 3, at.y() + 3), value
    knee_x = round(plot.x("50"))
    top = round(plot.area.top())
    assert has_colour(image, colours.warning, knee_x, top, knee_x + 2, top + 20)
    (_, cross), *others = plot.crosses()
    assert others == []
    assert cross.x() == plot.x("5")
    assert plot.area.bottom() < cross.y() < plot.labels_top, "it has no figure, so it stands below the axis"
    at = cross.toPoint()
    assert has_colour(image, colours.error, at.x() - 3, at.y() - 3, at.x() + 4, at.y() + 4)


def test_that_the_pointer_looks_at_a_value_in_all_charts(chart: SweepChart, model: SweepModel, qtbot: QtBot) -> None:
    QTest.mouseMove(chart, middle_of(chart, "50").toPoint())
    qtbot.waitUntil(lambda: model.current == "50")
    model.choose("5")
    QTest.mouseMove(chart, QPoint(2, 2))
    qtbot.waitUntil(lambda: model.current == "5")


def test_that_a_click_on_a_median_opens_the_median_run(chart: SweepChart, model: SweepModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chart.open_requested) as opened:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=middle_of(chart, "500").toPoint())
    assert opened.args == [Path("/500/2")]
    assert model.current == "500"


def test_that_a_click_on_a_cross_opens_the_run_that_failed(chart: SweepChart, qtbot: QtBot) -> None:
    (_, cross) = chart.plot().crosses()[0]
    with qtbot.waitSignal(chart.open_requested) as opened:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=cross.toPoint())
    assert opened.args == [Path("/5/4")]


def test_that_a_click_beside_the_points_opens_nothing(chart: SweepChart, model: SweepModel, qtbot: QtBot) -> None:
    plot = chart.plot()
    with qtbot.assertNotEmitted(chart.open_requested):
        for at in (QPoint(round(plot.x("50")), round(plot.area.bottom() - 4)), QPoint(3, 3)):
            QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert model.current is None, "a click outside of the plot looks at nothing"


def test_that_keys_step_through_the_values_and_open(chart: SweepChart, model: SweepModel, qtbot: QtBot) -> None:
    seen = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        QTest.keyClick(chart, key)
        seen.append(model.current)
    assert seen == ["0", "5", "500", "500", "50", "0"]
    with qtbot.waitSignal(chart.open_requested) as opened:
        QTest.keyClick(chart, Qt.Key.Key_Return)
    assert opened.args == [Path("/0/2")]
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert model.current is None
    with qtbot.assertNotEmitted(chart.open_requested):
        QTest.keyClick(chart, Qt.Key.Key_Return)
        QTest.keyClick(chart, Qt.Key.Key_Right, ALT)
    assert model.current is None


def test_that_a_chart_describes_itself(chart: SweepChart) -> None:
    assert chart.accessibleName() == "First byte against the values of the sweep"
    assert chart.accessibleDescription() == (
        "First byte. 0 items: 10 ms; 5 items: 21 ms; 50 items: 114 ms; 500 items: 842 ms. The best trade-off is at "
        "50 items. 1 run failed."
    )


def test_that_a_metric_that_is_not_known_says_so(model: SweepModel, qtbot: QtBot) -> None:
    chart = SweepChart(model, METRIC_BY_ID["server_cpu_ms"], LIGHT)
    qtbot.addWidget(chart)
    assert chart.accessibleDescription().startswith("Server CPU. Nothing known.")
    assert chart.plot().medians == {}
    chart.grab()


@needs("waitress", "gunicorn-gthread")
def test_that_words_are_not_joined_and_all_are_written(tmp_path: Path, qtbot: QtBot) -> None:
    engines = ("werkzeug", "waitress", "gunicorn-gthread")
    points = [point(name, 1, ttfb_ms=10.0 * at) for at, name in enumerate(engines, 1)]
    chart = SweepChart(shown_by_hand(tmp_path, points, knob="engine"), TTFB, LIGHT)
    qtbot.addWidget(chart)
    chart.resize(240, 200)
    plot, image = chart.plot(), chart.grab().toImage()
    labels = plot.value_labels(QFontMetricsF(chart.font()), ())
    assert set(labels) == set(engines)
    assert labels["gunicorn-gthread"][0].endswith("…")
    between = (middle_of(chart, "werkzeug") + middle_of(chart, "waitress")) / 2
    at = between.toPoint()
    assert not has_colour(image, LIGHT.client, at.x() - 3, at.y() - 8, at.x() + 3, at.y() + 8)


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (120, 60), (2000, 1400)])
def test_that_a_chart_of_any_size_is_painted(chart: SweepChart, model: SweepModel, size: tuple[int, int]) -> None:
    chart.resize(*size)
    model.choose("50")
    assert not chart.grab().isNull()
    chart.plot().value_at(QPointF(size[0] / 2, size[1] / 2))
