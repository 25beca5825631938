"""Work beside the window: its results come back in the GUI thread, it can be given up, and no thread is left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.models.background_work import BackgroundTask, Progress, Work
from inspector.recording.archive import Cancelled

DEADLINE_MS = 15_000

Made = Callable[[Work], BackgroundTask]
Told = list[tuple[str, object, bool]]


@pytest.fixture
def task_of(qtbot: QtBot) -> Iterator[Made]:
    made: list[BackgroundTask] = []

    def task(work: Work) -> BackgroundTask:
        made.append(BackgroundTask(work))
        return made[-1]

    yield task
    for each in made:
        each.end()


def heard(task: BackgroundTask) -> Told:
    """Note what a task tells: the signal, what it carries, and whether it came in this thread."""
    found: Told = []
    here = threading.get_ident()

    def note(name: str, value: object = None) -> None:
        found.append((name, value, threading.get_ident() == here))

    task.progressed.connect(lambda done, total: note("progressed", (done, total)))
    task.succeeded.connect(lambda value: note("succeeded", value))
    task.failed.connect(lambda error: note("failed", str(error)))
    task.cancelled.connect(lambda: note("cancelled"))
    return found


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "background"]


def test_that_a_result_comes_back_in_the_gui_thread_when_the_other_one_is_gone(qtbot: QtBot, task_of: Made) -> None:
    worker: list[int] = []
    alive: list[str] = []

    def work(progress: Progress) -> int:
        worker.append(threading.get_ident())
        progress(5, 2**40)
        return 2**41

    task = task_of(work)
    told = heard(task)
    task.succeeded.connect(lambda _: alive.extend(threads()))
    task.start()
    qtbot.waitUntil(lambda: len(told) == 2, timeout=DEADLINE_MS)
    assert told == [("progressed", (5, 2**40), True), ("succeeded", 2**41, True)]
    assert worker != [threading.get_ident()]
    assert alive == []


def test_that_a_failure_is_told_with_its_exception(qtbot: QtBot, task_of: Made) -> None:
    def work(_progress: Progress) -> None:
        raise ValueError("no")

    told = heard(task := task_of(work))
    task.start()
    qtbot.waitUntil(lambda: bool(told), timeout=DEADLINE_MS)
    assert told == [("failed", "no", True)]


def test_that_it_is_given_up_at_its_next_progress_and_can_clean_up(qtbot: QtBot, task_of: Made) -> None:
    began, go_on, cleaned = threading.Event(), threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        began.set()
        assert go_on.wait(10)
        try:
            progress(1, 2)
        except Cancelled:
            cleaned.set()
            raise

    told = heard(task := task_of(work))
    task.start()
    assert began.wait(10)
    task.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: bool(told), timeout=DEADLINE_MS)
    assert told == [("cancelled", None, True)]
    assert cleaned.is_set()


def test_that_progress_does_not_pile_up_while_the_window_is_busy(qtbot: QtBot, task_of: Made) -> None:
    done = threading.Event()

    def work(progress: Progress) -> None:
        for step in range(10_000):
            progress(step, 10_000)
        done.set()

    told = heard(task := task_of(work))
    task.start()
    assert done.wait(10)
    qtbot.waitUntil(lambda: bool(told) and told[-1][0] == "succeeded", timeout=DEADLINE_MS)
    assert [each[1] for each in told] == [(9_999, 10_000), None]


def test_that_ending_it_leaves_no_thread_and_tells_nothing_more(qtbot: QtBot, task_of: Made) -> None:
    began = threading.Event()

    def endless(progress: Progress) -> None:
        began.set()
        while True:
            progress(0, 1)

    told = heard(task := task_of(endless))
    task.start()
    assert began.wait(10)
    task.end()
    assert threads() == []
    qtbot.wait(1)
    assert told == []
    task.end()
    task_of(endless).end()
