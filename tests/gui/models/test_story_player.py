"""The player of stories on a stage of its own: which step is on, what it asks for, and what its words say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from typing_extensions import override

from inspector.analysis.diagnosis.run_analysis import RunAnalysis
from inspector.analysis.metrics.measurements import LayerMetrics
from inspector.catalogue import availability
from inspector.gui.models.story_player import Stage, StoryPlayer
from inspector.recording.meta import Ending, Meta, RequestMeta
from inspector.stories.placeholders import NOT_YET
from inspector.stories.story import Beside, Step, Story

STORY = Story(
    "mine",
    "Mine",
    "A story.",
    "",
    (
        Step("One.", target="/large.csv", knobs={"rows": "5"}, act="stream", point="yield"),
        Step("First byte: {ttfb}.", "B: {ttfb_b}?", "/large.csv", {"rows": "5"}, act="change"),
        Step("Again.", target="/large.csv", knobs={"rows": "5"}, act="replay", speed=0.25),
        Step("Both.", target="/large.csv", beside=Beside("/in-memory.csv"), act="stream"),
    ),
)


class Noted(Stage):
    """Notes what a story asks for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.a = RunAnalysis()
        self.b: RunAnalysis | None = None

    @override
    def enter(self) -> Callable[[bool], None]:
        self.asked.append("enter")
        return lambda by_hand: self.asked.append(f"give back {by_hand}")

    @override
    def stream(self, target: str, knobs: Mapping[str, str]) -> None:
        self.asked.append(f"stream {target} {dict(knobs)}")

    @override
    def change(self, target: str, knobs: Mapping[str, str]) -> None:
        self.asked.append(f"change {target} {dict(knobs)}")

    @override
    def stream_beside(self, target: str, knobs: Mapping[str, str], beside: Beside) -> None:
        self.asked.append(f"beside {target} {beside.target}")

    @override
    def replay(self, speed: float) -> None:
        self.asked.append(f"replay {speed}")

    @override
    def show(self, step: Step) -> None:
        self.asked.append(f"point {step.point}")

    @override
    def figures(self) -> tuple[RunAnalysis, RunAnalysis | None]:
        return self.a, self.b

    def take(self) -> list[str]:
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
def stage() -> Noted:
    return Noted()


@pytest.fixture
def player(stage: Noted, qtbot: QtBot) -> Iterator[StoryPlayer]:
    owner = QObject()
    yield StoryPlayer(stage, owner)
    owner.deleteLater()


def test_that_each_step_asks_for_what_it_says(stage: Noted, player: StoryPlayer) -> None:
    player.begin(STORY)
    assert (player.step, player.step_index, player.caption) == (STORY.steps[0], 0, "One.")
    assert stage.take() == ["enter", "stream /large.csv {'rows': '5'}", "point yield"]
    player.next()
    assert stage.take() == ["change /large.csv {'rows': '5'}", "point "]
    player.next()
    assert stage.take() == ["change /large.csv {'rows': '5'}", "replay 0.25", "point "]
    player.next()
    assert stage.take() == ["beside /large.csv /in-memory.csv", "point "]
    player.back()
    assert player.step_index == 2
    stage.take()
    player.next()
    player.next()
    assert player.story is None
    assert player.step is None
    assert stage.take() == ["beside /large.csv /in-memory.csv", "point ", "give back False"]


def test_that_there_is_nothing_before_the_first_step_and_nothing_without_a_story(
    stage: Noted, player: StoryPlayer
) -> None:
    player.next()
    player.back()
    player.end()
    assert stage.take() == []
    player.begin(STORY)
    stage.take()
    player.back()
    assert (stage.take(), player.step_index) == ([], 0)


def test_that_another_story_begins_without_giving_back_in_between(stage: Noted, player: StoryPlayer) -> None:
    player.begin(STORY)
    player.begin(replace(STORY, id="other"))
    player.end(by_hand=True)
    assert [each for each in stage.take() if each.startswith(("enter", "give"))] == ["enter", "give back True"]


def test_that_words_wait_for_their_figures_and_never_say_a_number_that_is_not_there(
    stage: Noted, player: StoryPlayer, qtbot: QtBot
) -> None:
    player.begin(STORY)
    player.next()
    assert (player.caption, player.question) == (f"First byte: {NOT_YET}.", f"B: {NOT_YET}?")
    assert not player.is_measured
    stage.a = RunAnalysis(layers={"read": LayerMetrics("read", count=1, ttfb_ms=6.2)})
    with qtbot.waitSignal(player.changed, timeout=1_000):
        player.look()
    assert (player.caption, player.question) == ("First byte: 6.2 ms.", f"B: {NOT_YET}?")
    assert not player.is_measured
    with qtbot.assertNotEmitted(player.changed):
        player.look()
    stage.b = stage.a
    player.look()
    assert player.question == "B: 6.2 ms?"
    assert player.is_measured


def test_that_a_step_says_what_to_install_where_its_program_is_absent(
    stage: Noted, player: StoryPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(availability, "program_path", lambda _program: None)
    behind = Step("It waits {wait}.", "Why?", "/large.csv", {"proxy": "nginx"}, act="stream")
    player.begin(replace(STORY, steps=(behind,)))
    assert player.caption == "nginx is not installed: apt install nginx-light."
    assert player.question == ""
    assert stage.take() == ["enter", "point "]


def test_that_figures_of_a_run_that_goes_on_change_slowly_enough_to_be_read(
    stage: Noted, player: StoryPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ns = [5_000_000_000]
    monkeypatch.setattr("inspector.gui.models.story_player.time.monotonic_ns", lambda: now_ns[0])

    def see(ttfb_ms: float, meta: Meta | None = None) -> str:
        stage.a = RunAnalysis(meta=meta, layers={"read": LayerMetrics("read", count=1, ttfb_ms=ttfb_ms)})
        player.look()
        return player.caption

    player.begin(replace(STORY, steps=(replace(STORY.steps[1], question=""),)))
    assert see(6.2) == "First byte: 6.2 ms.", "the first figure is shown at once"
    assert see(7.3) == "First byte: 6.2 ms."
    now_ns[0] += 1_000_000_000
    assert see(7.3) == "First byte: 7.3 ms."
    ended = Meta(id="a", started_at="", request=RequestMeta(), ending=Ending(kind="complete", text="", t_ns=9))
    assert see(8.4, ended) == "First byte: 8.4 ms.", "the last figure is shown at once"
