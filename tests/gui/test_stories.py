"""Every story is played to its end in the real window, and its sentences are held against what was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from inspector.catalogue import available, proxy_of
from inspector.gui.models.run_controller import RunController
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.detail.source_view import SourceView
from inspector.gui.views.ladder.lane_layout import Gap
from inspector.recording.snapshot import Snapshot
from inspector.recording.track import Int64Array
from inspector.stories.placeholders import NOT_YET, PLACEHOLDERS, names_in
from inspector.stories.story import Step, Story
from inspector.stories.story_library import built_in_stories

from .running import DEADLINE_MS, has_ended, stream, wait_for_items
from .window_driver import (
    canvas,
    find,
    folder_of,
    ladder,
    picture_of,
    press,
    run_controller,
    set_setting,
    setting_of,
    settings,
    target_line,
    target_of,
    trigger,
    turn,
    type_target,
)

STORIES = {story.id: story for story in built_in_stories()}
#: What the verdict of run A has to be, step by step: what the sentences say of culprits.
KINDS: Mapping[str, tuple[str, ...]] = {
    "jinja-buffer": ("coalesced", "coalesced", "streams", "coalesced", "coalesced"),
    "one-row": ("streams", "streams", "streams"),
    "gzip": ("streams", "held", "held", "streams", "streams"),
    "join": ("held", "held", "held", "held"),
    "behind-nginx": ("streams", "coalesced", "streams", "streams"),
    "slow-reader": ("back_pressure", "back_pressure", "back_pressure", "back_pressure"),
    "memory": ("held", "held", "streams"),
    "forgotten-context": ("cut_short", "cut_short", "cut_short", "streams"),
}
CULPRITS = {
    "jinja-buffer": "Jinja2's buffer",
    "gzip": "the gzip middleware",
    "join": "the middleware that joins everything",
    "behind-nginx": "nginx",
    "slow-reader": "the slow reader",
    "forgotten-context": "the view",
}
MS, S, KB, MB = 1e-3, 1.0, 1e3, 1e6
UNITS = {"µs": 1e-6, "ms": MS, "s": S, "min": 60.0, "B": 1.0, "KB": KB, "MB": MB, "B/s": 1.0, "KB/s": KB, "MB/s": MB}
#: What a figure may be off besides its rounding: medians are kept in classes, and the last marks come late.
TOLERANCE = 0.03
#: What layers bound each gap that a story points at; what a compressor holds is known when it is decoded.
ORDER = {"template": ("part", "yield"), "middleware.1": ("yield", "piece"), "server": ("write", "read")}


def quick(story: Story) -> Story:
    """Return a story whose rows come faster and are fewer."""
    faster = {"delay_ms": "10", "rows": "20000"}

    def hurried(knobs: Mapping[str, str]) -> dict[str, str]:
        hurry = {name: text for name, text in faster.items() if float(knobs.get(name, "40")) > float(text)}
        return {**knobs, **hurry}

    steps = [
        replace(
            step,
            knobs=hurried(step.knobs),
            beside=step.beside and replace(step.beside, knobs=hurried(step.beside.knobs)),
        )
        for step in story.steps
    ]
    return replace(story, steps=tuple(steps))


Float64Array = np.ndarray[tuple[int], np.dtype[np.float64]]

# What was recorded, without the code that fills captions


def ends(snapshot: Snapshot, layer: str) -> tuple[Int64Array, Int64Array]:
    """Return times and ends in bytes of content, or of the body where there is nothing else."""
    track = snapshot.tracks[layer]
    return track.t_ns, track.column({"read": "body_end"}.get(layer, "end"))


def waits_s(snapshot: Snapshot, earlier: str, later: str) -> Float64Array:
    """Return how long each item waited that was carried on, empty ones left out."""
    (t_in, ends_in), (t_out, ends_out) = ends(snapshot, earlier), ends(snapshot, later)
    full = np.diff(ends_in, prepend=0) > 0
    t_in, ends_in = t_in[full], ends_in[full]
    carried = ends_in <= (ends_out[-1] if len(ends_out) else 0)
    return np.asarray((t_out[np.searchsorted(ends_out, ends_in[carried])] - t_in[carried]) / 1e9, np.float64)


def longest_s(snapshot: Snapshot, earlier: str, later: str) -> float:
    """Return the longest wait, also of what still waits when the run is over."""
    t_in, ends_in = ends(snapshot, earlier)
    passed = int(ends(snapshot, later)[1][-1]) if len(snapshot.tracks[later]) else 0
    still = t_in[ends_in > passed]
    waited = (snapshot.last_ns - int(still[0])) / 1e9 if len(still) else 0.0
    return max(waited, *waits_s(snapshot, earlier, later).tolist(), 0.0)


def most_held(snapshot: Snapshot, earlier: str, later: str) -> float:
    """Return the most bytes that waited when an item came in."""
    (t_in, ends_in), (t_out, ends_out) = ends(snapshot, earlier), ends(snapshot, later)
    passed = np.searchsorted(t_out, t_in, side="right")
    out = np.concatenate(([0], ends_out))[passed]
    return float((ends_in - out).max())


def since_sent_s(snapshot: Snapshot, t_ns: int) -> float:
    assert snapshot.meta is not None
    return (t_ns - snapshot.meta.request.sent_t_ns) / 1e9


def per_second(snapshot: Snapshot) -> float:
    track = snapshot.tracks["chunk"]
    return (len(track) - 1) * 1e9 / int(track.t_ns[-1] - track.t_ns[0])


def taken_per_second(snapshot: Snapshot) -> float:
    reads = snapshot.tracks["read"]
    taken = reads.column("user_t_ns")
    return float(reads.total_bytes * 1e9 / int(taken[-1] - taken[0]))


def status(snapshot: Snapshot) -> float:
    assert snapshot.meta is not None
    assert snapshot.meta.response is not None
    return snapshot.meta.response.status


def first_body_t_ns(snapshot: Snapshot) -> int:
    reads = snapshot.tracks["read"]
    return int(reads.t_ns[np.flatnonzero(reads.column("body_end"))[0]])


#: By placeholder: its figure, or those that it is the median of.
TRUTHS: Mapping[str, Callable[[Snapshot, str], Float64Array | float]] = {
    "wait": lambda run, _point: waits_s(run, "part", "piece"),
    "median": lambda run, point: waits_s(run, *ORDER[point]),
    "longest": lambda run, point: longest_s(run, *ORDER[point]),
    "held": lambda run, point: most_held(run, *ORDER[point]),
    "ttfb": lambda run, _point: since_sent_s(run, first_body_t_ns(run)),
    "pace": lambda run, _point: np.diff(run.tracks["part"].t_ns) / 1e9,
    "status": lambda run, _point: status(run),
    "yields": lambda run, _point: len(run.tracks["yield"]),
    "chunks_per_s": lambda run, _point: per_second(run),
    "bytes": lambda run, _point: run.tracks["piece"].total_bytes,
    "body_bytes": lambda run, _point: int(run.tracks["read"].column("body_end")[-1]),
    "rate": lambda run, _point: taken_per_second(run),
    "rss": lambda run, _point: float(run.samples.rss_rise_bytes()),
}


class Figure(NamedTuple):
    """A number as a caption has it, in seconds or bytes, and half of its last digit."""

    value: float
    rounding: float


def figures_in(template: str, filled: str) -> dict[str, Figure]:
    """Return the numbers that stand in place of placeholders."""
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[\\d.,]+(?: ?[µmKM]?[a-zA-Z]+(?:/s)?)?)", re.escape(template))
    found = re.fullmatch(pattern, filled)
    assert found is not None, f"{filled!r} is not {template!r} with figures"
    values = {}
    for name, text in found.groupdict().items():
        number, _, unit = text.partition(" ")
        scale, decimals = UNITS.get(unit, 1.0), len(number.partition(".")[2])
        values[name] = Figure(float(number.replace(",", "")) * scale, 0.5 * 10**-decimals * scale)
    return values


def run_b(window: MainWindow) -> RunController:
    return find(window, RunController, "run_controller_b")


def end_runs(window: MainWindow, qtbot: QtBot) -> None:
    """Stop what streams, and wait until nothing more is expected of it."""
    controllers = [run_controller(window)]
    if picture_of(window) == "compare_page":
        controllers.append(run_b(window))
    for controller in controllers:
        controller.stop()
    qtbot.waitUntil(lambda: all(controller.is_settled for controller in controllers), timeout=DEADLINE_MS)


def check_figures(window: MainWindow) -> None:
    """Hold each number of the step's words against the recording; fails until they are about all of it."""
    window.stories.look()
    step = window.stories.step
    assert step is not None
    for template, filled in ((step.caption, window.stories.caption), (step.question, window.stories.question)):
        for name, figure in figures_in(template, filled).items():
            base = name.removesuffix("_b")
            snapshot = window.document.whole if base == name else run_b(window).document.whole
            truth = TRUTHS[base](snapshot, step.point)
            # The median of a few items may be any of those in the middle.
            low, high = np.quantile(truth, 0.4, method="lower"), np.quantile(truth, 0.6, method="higher")
            assert low * (1 - TOLERANCE) <= figure.value + figure.rounding, f"{filled}: {name} is {low} to {high}"
            assert high * (1 + TOLERANCE) >= figure.value - figure.rounding, f"{filled}: {name} is {low} to {high}"


def test_that_every_figure_of_a_story_can_be_checked() -> None:
    texts = [text for story in STORIES.values() for step in story.steps for text in (step.caption, step.question)]
    used = {name.removesuffix("_b") for text in texts for name in names_in(text)}
    assert used <= TRUTHS.keys()
    assert TRUTHS.keys() <= PLACEHOLDERS.keys()
    assert STORIES.keys() == KINDS.keys()


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_that_a_story_plays_to_its_end_and_every_sentence_is_true(
    window: MainWindow, qtbot: QtBot, story: Story
) -> None:
    if story.id == "behind-nginx" and not available(proxy_of("nginx")):
        pytest.skip("nginx is not installed")
    stories = window.stories
    stories.begin(quick(story))
    for index, kind in enumerate(KINDS[story.id]):
        assert stories.step_index == index

        def is_told(kind: str = kind) -> bool:
            verdict = window.analysis.verdict
            return stories.is_measured and verdict is not None and verdict.kind == kind

        qtbot.waitUntil(is_told, timeout=DEADLINE_MS)
        assert NOT_YET not in stories.caption + stories.question
        verdict = window.analysis.verdict
        assert verdict is not None
        if kind != "streams" and story.id in CULPRITS:
            assert CULPRITS[story.id] in verdict.culprit
        step = stories.step
        assert step is not None
        assert step.beside is None or picture_of(window) == "compare_page"
        end_runs(window, qtbot)
        qtbot.waitUntil(lambda: check_figures(window), timeout=DEADLINE_MS)
        stories.next()
    assert stories.story is None
    assert stories.caption == ""


# The user's own


def test_that_a_story_gives_target_and_settings_back_and_shows_its_run_as_recorded(
    window: MainWindow, qtbot: QtBot
) -> None:
    type_target(window, "/timeline")
    set_setting(window, "rows", "77")
    window.stories.begin(quick(STORIES["jinja-buffer"]))
    assert (target_of(window), setting_of(window, "rows")) == ("/my-large-list.html", "0")
    assert ladder(window).pointed == "template"
    wait_for_items(qtbot, window, "part", 10)
    trigger(window, "action_story_end")
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert window.stories.story is None
    assert ladder(window).pointed == ""
    # The picture is of the story's run, so what stands beside it is what made it; typing brings one's own back.
    assert settings(window).is_recorded
    assert target_of(window) == "/my-large-list.html"
    press(target_line(window), "/")
    assert not settings(window).is_recorded
    assert setting_of(window, "rows") == "77"


def test_that_typing_ends_a_story_and_keeps_what_was_typed(window: MainWindow, qtbot: QtBot) -> None:
    set_setting(window, "rows", "77")
    window.stories.begin(quick(STORIES["one-row"]))
    wait_for_items(qtbot, window, "part", 3)
    target_line(window).clear()
    press(target_line(window), "/stream")
    assert window.stories.story is None
    assert target_of(window) == "/stream"
    assert setting_of(window, "rows") == "77"
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_closing_the_window_within_a_story_remembers_the_settings_of_the_user(
    window: MainWindow, qtbot: QtBot
) -> None:
    type_target(window, "/timeline")
    set_setting(window, "rows", "77")
    before = window.preferences.target
    window.stories.begin(quick(STORIES["one-row"]))
    wait_for_items(qtbot, window, "part", 3)
    window.run()  # again, by hand
    wait_for_items(qtbot, window, "part", 3)
    window.close()
    assert window.preferences.knobs()["rows"] == "77"
    assert window.preferences.target == before


def test_that_the_keys_of_a_story_act_only_while_it_is_on(window: MainWindow, qtbot: QtBot) -> None:
    keys = [find(window, QAction, f"action_story_{name}") for name in ("next", "back", "end")]
    assert not any(key.isEnabled() for key in keys)
    window.stories.begin(quick(STORIES["one-row"]))
    assert all(key.isEnabled() for key in keys)
    wait_for_items(qtbot, window, "part", 3)
    with qtbot.waitActive(window):
        window.activateWindow()
    canvas(window).setFocus()
    QTest.keyClick(canvas(window), Qt.Key.Key_PageDown)
    assert window.stories.step_index == 1
    QTest.keyClick(canvas(window), Qt.Key.Key_PageUp)
    assert window.stories.step_index == 0
    QTest.keyClick(canvas(window), Qt.Key.Key_Escape)
    assert window.stories.story is None
    assert not any(key.isEnabled() for key in keys)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_a_step_goes_on_from_what_a_hand_has_turned(window: MainWindow, qtbot: QtBot) -> None:
    window.stories.begin(quick(STORIES["jinja-buffer"]))
    run = run_controller(window).run
    wait_for_items(qtbot, window, "part", 3)
    turn(window, "template_buffer", "10")
    window.stories.next()
    assert window.stories.story is not None
    assert setting_of(window, "template_buffer") == "5"
    assert run_controller(window).run is run
    window.stories.end()
    assert window.replay.speed == 1.0
    qtbot.waitUntil(lambda: len(window.document.snapshot.changes) == 2, timeout=DEADLINE_MS)
    assert [change.after for change in window.document.snapshot.changes] == ["10", "5"]


def test_that_a_step_brings_the_line_that_made_the_items_into_sight(window: MainWindow, qtbot: QtBot) -> None:
    story = STORIES["join"]
    window.stories.begin(quick(replace(story, steps=(replace(story.steps[0], pane="source"),))))
    code = find(window, SourceView, "source_view").code

    def is_in_sight() -> bool:
        first = code.firstVisibleBlock().blockNumber() + 1
        lines = code.viewport().height() // code.fontMetrics().lineSpacing()
        return bool(code.counts) and first <= min(code.counts) < first + lines

    qtbot.waitUntil(is_in_sight, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    assert is_in_sight()


def test_that_the_frame_stays_around_its_gap_in_a_presentation_and_nothing_is_left_of_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.stories.begin(quick(STORIES["jinja-buffer"]))
    wait_for_items(qtbot, window, "part", 3)
    frame = find(window, QWidget, "pointed_frame")

    def is_around_the_gap() -> bool:
        view = ladder(window)
        band = next(band for band in canvas(window).bands if isinstance(band.row, Gap) and band.row.id == "template")
        return frame.isVisible() and frame.geometry() == QRect(0, band.top, view.columns.width(), band.height)

    assert is_around_the_gap()
    assert ladder(window).columns.count() == 2
    trigger(window, "action_present")
    qtbot.waitUntil(is_around_the_gap, timeout=DEADLINE_MS)
    window.stories.next()
    assert is_around_the_gap()
    trigger(window, "action_present")
    qtbot.waitUntil(is_around_the_gap, timeout=DEADLINE_MS)
    window.stories.end()
    assert not frame.isVisible()
    qtbot.waitUntil(lambda: has_ended(window) and settings(window).is_recorded, timeout=DEADLINE_MS)


def test_that_the_strip_is_as_high_as_the_words_of_each_step(window: MainWindow, qtbot: QtBot) -> None:
    words = "A caption that is much longer than the line that it stands in, and so goes on in the next. "
    first = Step("Short.", target="/large.csv", knobs={"rows": "1"}, act="stream")
    long = replace(first, caption=words * 4, question=words, act="stay")
    window.stories.begin(Story("mine", "Mine", "", "", (first, long, first)))
    label, strip = find(window, QLabel, "story_words"), find(window, QWidget, "story_strip")
    qtbot.waitUntil(strip.isVisible, timeout=DEADLINE_MS)
    low = strip.height()
    window.stories.next()
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > low, timeout=DEADLINE_MS)
    window.stories.next()
    qtbot.waitUntil(lambda: strip.height() == low, timeout=DEADLINE_MS)
    window.stories.end()
    assert not strip.isVisible()
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)


def test_that_a_step_replays_the_run_and_the_next_one_shows_all_of_it_again(window: MainWindow, qtbot: QtBot) -> None:
    first = Step("Rows.", target="/large.csv", knobs={"rows": "5", "delay_ms": "10"}, act="stream")
    slow = replace(first, caption="Again.", act="replay", speed=0.05)
    window.stories.begin(Story("mine", "Mine", "", "", (first, slow, replace(first, act="stay"))))
    qtbot.waitUntil(lambda: has_ended(window), timeout=DEADLINE_MS)
    run, count = run_controller(window).run, len(window.document.snapshot.tracks["part"])
    window.stories.next()
    assert (window.replay.is_playing, window.replay.speed) == (True, 0.05)
    assert len(window.document.snapshot.tracks["part"]) < count
    window.stories.next()
    assert not window.replay.is_playing
    assert len(window.document.snapshot.tracks["part"]) == count
    assert run_controller(window).run is run
    window.stories.end()
    assert window.replay.speed == 1.0


def test_that_one_s_own_target_outlives_stories_and_a_recording_opened_within_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    stream(qtbot, window, "/large.csv?rows=2&delay_ms=1")
    folder = folder_of(window)
    assert folder is not None
    type_target(window, "/timeline")
    for _ in range(2):  # the second one begins beside the run of the first
        window.stories.begin(quick(STORIES["jinja-buffer"]))
        wait_for_items(qtbot, window, "part", 3)
        window.stories.end()
        qtbot.waitUntil(lambda: settings(window).is_recorded, timeout=DEADLINE_MS)
    window.stories.begin(quick(STORIES["jinja-buffer"]))
    wait_for_items(qtbot, window, "part", 3)
    window.show_recording(folder)
    assert window.stories.story is None
    qtbot.waitUntil(lambda: target_of(window) == "/large.csv", timeout=DEADLINE_MS)
    run_controller(window).show_nothing()
    assert target_of(window) == "/timeline"
