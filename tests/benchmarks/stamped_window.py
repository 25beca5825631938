"""A window that tells when what was on screen: the process that `bench_start` starts again and again.

``python -m tests.benchmarks.stamped_window STARTED_NS WHAT [WORDS ...]`` prints one JSON object of stamps: milliseconds
since ``STARTED_NS`` (monotonic clock, taken before the process was started), or as their names say. ``WHAT`` is
``bare`` for a window of PySide6 with nothing in it; ``complete`` (painted with all its panes) or ``first chunk`` (on
screen) for ours, started as its command is with these words, until that stamp is there; and ``views`` for ours until
every view was shown and the window was idle. "painted" is the first paint, of the window with its toolbar.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QWidget

    from inspector.gui.shell.main_window import MainWindow

#: As large as ours is at first.
_SIZE_PX = (1280, 800)
_VIEWS = ("staircase", "ladder", "compare", "sweep", "ladder", "staircase", "compare", "sweep", "ladder")
_IDLE_S = 3.0
#: A start that takes longer than this has failed.
_LONGEST_MS = 20_000


class Stamps:
    """Stamps by their names, and what waits for the next one."""

    def __init__(self, started_ns: int) -> None:
        self._started_ns = started_ns
        self.taken: dict[str, float] = {}
        self._waiting: dict[str, Callable[[], None]] = {}

    def take(self, name: str) -> None:
        """Stamp a fact, the first time."""
        if name not in self.taken:
            self.taken[name] = (time.monotonic_ns() - self._started_ns) / 1e6
            self.taken[f"{name}, CPU"] = time.process_time() * 1e3
            if name in self._waiting:
                self._waiting.pop(name)()

    def when(self, name: str, then: Callable[[], None]) -> None:
        """Do something once the fact is stamped."""
        self._waiting[name] = then


def stamp_paint(stamps: Stamps, name: str, widget: QWidget, is_there: Callable[[], object]) -> object:
    """Stamp the first paint of a widget for which ``is_there`` is true, when it has gone out to the screen."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watch(QObject):
        # Without a mark of our own: what marks overrides would be imported in the bare window, too.
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # type: ignore[explicit-override]
            if event.type() is QEvent.Type.Paint and name not in stamps.taken and is_there():
                QTimer.singleShot(0, self, lambda: stamps.take(name))
            return False

    watch = Watch(widget)
    widget.installEventFilter(watch)
    return watch


def show_bare(stamps: Stamps) -> None:
    """Show a window with nothing in it until it is painted."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(*_SIZE_PX)
    kept = stamp_paint(stamps, "painted", window, lambda: True)
    stamps.when("painted", app.quit)
    window.show()
    QTimer.singleShot(_LONGEST_MS, app.quit)
    app.exec()
    del kept, window
    app.shutdown()


def show_ours(stamps: Stamps, what: str, words: list[str]) -> None:
    """Start our window as its command does, until what is wanted is stamped."""
    # Nothing of Qt may be imported before the command does it: so the window is met where it is made.
    from inspector.cli import main
    from inspector.gui.startup import application as startup

    create_window: Callable[..., MainWindow] = startup.create_window
    kept: list[object] = []

    def create_stamped_window(*given: Any, show_early: Callable[[QMainWindow], object], **named: Any) -> MainWindow:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QWidget

        def show_stamped(window: QMainWindow) -> None:
            kept.append(stamp_paint(stamps, "painted", window, lambda: True))
            show_early(window)

        window = create_window(*given, show_early=show_stamped, **named)
        # Found without the driver of the tests: it imports every pane, which is what is measured here.
        canvas = window.findChild(QWidget, "ladder_canvas")
        assert canvas is not None
        # A window that streams nothing shows the start page in the place of the ladder.
        shown = window.findChild(QWidget, "start_body") or canvas
        kept.append(stamp_paint(stamps, "complete", shown, lambda: True))
        has_chunks = lambda: len(window.document.snapshot.tracks["chunk"])  # noqa: E731
        kept.append(stamp_paint(stamps, "first chunk", canvas, has_chunks))
        if what == "views":
            stamps.when("first chunk", lambda: QTimer.singleShot(0, window, lambda: go_through_views(stamps, window)))
        else:
            stamps.when(what, lambda: QTimer.singleShot(0, window, window.close))
        QTimer.singleShot(_LONGEST_MS, window, window.close)
        return window

    startup.create_window = create_stamped_window  # type: ignore[assignment]  # called with what is measured alone
    status = main(words)
    if status:
        raise SystemExit(status)


def go_through_views(stamps: Stamps, window: MainWindow) -> None:
    """Show each view, first and again, then leave the window alone for some seconds."""
    from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QTimer

    from tests.gui.window_driver import run_controller

    while not run_controller(window).is_settled:
        QCoreApplication.processEvents()
    for name in _VIEWS:
        before, before_cpu_s = time.perf_counter(), time.process_time()
        window.show_view(name)
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        shown = f"show {name} again" if f"show {name}" in stamps.taken else f"show {name}"
        stamps.taken[shown] = (time.perf_counter() - before) * 1e3
        stamps.taken[f"{shown}, CPU"] = (time.process_time() - before_cpu_s) * 1e3
    loop = QEventLoop()
    QTimer.singleShot(500, loop, loop.quit)
    loop.exec()
    before_s, deadline = time.process_time(), QDeadlineTimer(round(_IDLE_S * 1e3))
    QTimer.singleShot(deadline.remainingTime(), loop, loop.quit)
    loop.exec()
    stamps.taken["idle, % CPU"] = (time.process_time() - before_s) / _IDLE_S * 100
    window.close()


def main(started_ns: int, what: str, words: list[str]) -> int:
    """Show one window and print its stamps."""
    stamps = Stamps(started_ns)
    if what == "bare":
        show_bare(stamps)
    else:
        show_ours(stamps, what, words)
    print(json.dumps(stamps.taken))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
