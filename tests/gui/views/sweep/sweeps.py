"""Models that show a sweep made by hand, and sweeps of a real session driven to their end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pytestqt.qtbot import QtBot

from inspector.analysis.runs.run_summary import RunSummary
from inspector.analysis.sweep.sweep_results import Point
from inspector.gui.models.sweep_model import SweepModel
from inspector.gui.views.sweep.sweep_page import SweepPage
from inspector.session import Session

DEADLINE_MS = 15_000


def point(value: str, repetition: int, failure: str = "", **figures: float) -> Point:
    """Return a run with these figures."""
    items = {"chunk": int(figures.pop("chunks", 40))}
    summary = RunSummary(ending="complete", items=items, **figures)  # type: ignore[arg-type]
    return Point(value, repetition, f"{value}-{repetition}", Path(f"/{value}/{repetition}"), summary, failure)


def shown_by_hand(
    home: Path, points: Sequence[Point], *, knob: str = "template_buffer", knobs: Mapping[str, str] | None = None
) -> SweepModel:
    """Return a model that shows these points; its session is never started."""
    model = SweepModel(Session(home))
    values = list(dict.fromkeys(each.value for each in points))
    sweep = model.sweep_for("/timeline", knobs or {}, knob, values)
    sweep.points += points
    model.start(sweep, {})
    model.cancel()
    return model


def run(qtbot: QtBot, page: SweepPage, *, knob: str, values: str, repeat: int = 1) -> None:
    """Fill in the page and run it to its end."""
    begin(page, knob=knob, values=values, repeat=repeat)
    qtbot.waitUntil(lambda: not page.model.is_running, timeout=DEADLINE_MS)


def begin(page: SweepPage, *, knob: str, values: str, repeat: int = 1) -> None:
    """Fill in the page and press Run."""
    page.controls.knob.setCurrentIndex(page.controls.knob.findData(knob))
    page.controls.values.setText(values)
    page.controls.repeat.setValue(repeat)
    page.controls.run.click()
    assert page.model.is_running
