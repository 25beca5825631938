"""Flags on the time axis: their words never cover each other, and changes are named before all else."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.style.theme import LIGHT
from inspector.gui.views.change_flags import change_flags
from inspector.gui.views.flag_row import Flag, place_words
from inspector.gui.views.paint_context import PaintContext
from inspector.gui.views.time_scale import TimeScale
from inspector.recording.change_log import Change

_Found = tuple[float, tuple[str, ...], bool]
_WORDS = st.sampled_from([("GET sent", "GET"), ("200 OK", "200"), ("complete",)])
_FLAGS = st.lists(st.tuples(st.floats(0, 600), _WORDS, st.booleans()), max_size=8)


@given(found=_FLAGS)
def test_that_words_stay_inside_and_never_cover_each_other(qapp: QApplication, found: list[_Found]) -> None:
    flags = sorted((Flag(x, texts, "#000", is_change) for x, texts, is_change in found), key=lambda flag: flag.x)
    places = [place for place in place_words(flags, QFontMetrics(QFont()), 0, 600) if place is not None]
    areas = sorted((x, x + width) for _, x, width in places)
    assert all(stop <= start for (_, stop), (start, _) in pairwise(areas))
    assert all(start >= 0 and stop <= 605 for start, stop in areas)
    if flags and any(flag.is_change for flag in flags):
        assert places, "the first change has room"


def test_that_the_sending_and_the_head_are_both_named_though_they_are_near(qtbot: QtBot) -> None:
    flags = [
        Flag(10, ("GET sent", "GET"), "#000"),
        Flag(16, ("200 OK", "200"), "#000"),
        Flag(598, ("complete",), "#000"),
    ]
    places = place_words(flags, QFontMetrics(QFont()), 0, 600)
    assert [place and place[0] for place in places] == ["GET sent", "200 OK", "complete"]


def test_that_words_of_a_change_are_never_beyond_another_one(qtbot: QtBot) -> None:
    metrics = QFontMetrics(QFont())
    words = ("buffer 5 → none", "→ none"), ("buffer none → 50", "→ 50")
    for second in range(420, 600, 4):
        flags = [Flag(400, words[0], "#000", is_change=True), Flag(second, words[1], "#000", is_change=True)]
        first_place, second_place = place_words(flags, metrics, 0, 600)
        if first_place is not None:
            assert first_place[1] + first_place[2] <= second
        if second_place is not None:
            assert second_place[1] >= 400
        assert first_place is not None or second_place is not None


def _texts(*changes: tuple[int, str, str, str]) -> list[tuple[str, ...]]:
    image = QImage(10, 10, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        context = PaintContext(painter, TimeScale(0, 0, 1_000, 0.0, 1_000.0), LIGHT)
        made = [
            Change(t_ns=t_ns, side="server", knob=knob, before=before, after=after)
            for t_ns, knob, before, after in changes
        ]
        return [flag.texts for flag in change_flags(made, context)]


def test_that_a_change_has_the_words_of_its_setting(qtbot: QtBot) -> None:
    assert _texts((100, "template_buffer", "10", "100"), (500, "template_buffer", "100", "100000")) == [
        ("buffer 10 → 100", "→ 100"),
        ("buffer 100 → all", "→ all"),
    ]
    assert _texts((100, "template_buffer", "0", "5"))[0][0] == "buffer none → 5"
    assert _texts((100, "of_tomorrow", "a", "b"))[0][0] == "of_tomorrow a → b"


def test_that_a_knob_turned_step_by_step_has_one_flag(qtbot: QtBot) -> None:
    assert _texts(*((100 + at, "template_buffer", str(at), str(at + 1)) for at in range(2, 6)))[0][0] == "buffer 2 → 6"
