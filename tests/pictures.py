"""Make the pictures of the README again, each from the real window: ``python -m tests.pictures [NAME ...]``.

Offscreen, with settings and a data home of their own. Look at each before it is committed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt
from PySide6.QtWidgets import QApplication, QWidget

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.startup.application import end_application, make_application
from inspector.gui.startup.headless import fresh_window, run_to_end
from inspector.gui.style.theme import ThemeChoice
from inspector.stories.story_library import built_in_stories
from tests.fresh_python import ROOT
from tests.gui.window_driver import compare_page, find, stop, sweep_page, trigger, turn

FOLDER = ROOT / "assets" / "screenshots"
SIZE = (1280, 800)
PRESENTED_SIZE = (1280, 720)
LONGEST_MS = 60_000
PAGE = "/my-large-page.html?rows=40&delay_ms=30"


def _wait(fact: Callable[[], bool]) -> None:
    deadline = QDeadlineTimer(LONGEST_MS)
    while not fact():
        if deadline.hasExpired():
            raise TimeoutError("the window did not get there")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    QApplication.processEvents()


def _whole_run(window: MainWindow) -> None:
    run_to_end(window)


def _turned(window: MainWindow) -> None:
    _wait(lambda: len(window.document.snapshot.tracks["yield"]) >= 100)
    turn(window, "template_buffer", "10")
    _wait(lambda: len(window.document.snapshot.tracks["yield"]) >= 160)
    stop(window)
    run_to_end(window)


def _compared(window: MainWindow) -> None:
    run_to_end(window)
    page = compare_page(window)
    page.comparing.b.picker.set_target_text(f"{PAGE}&template_buffer=50")
    page.run_both()
    _wait(lambda: "Parts wait " in page.caption.text() and not page.caption.text().startswith("So far"))


def _swept(window: MainWindow) -> None:
    run_to_end(window)
    page = sweep_page(window)
    page.refresh()
    page.controls.values.setText("0,2,5,10,50,100,500")
    page.controls.repeat.setValue(3)
    ended: list[bool] = []
    page.ended.connect(lambda *_: ended.append(True))
    page.run()
    _wait(lambda: bool(ended))


def _welcomed(window: MainWindow) -> None:
    run_to_end(window)
    trigger(window, "action_start_page")
    _wait(find(window, QWidget, "start_page").isVisible)


def _presented(window: MainWindow) -> None:
    run_to_end(window)
    story = next(each for each in built_in_stories() if each.id == "jinja-buffer")
    window.stories.begin(story)
    _wait(lambda: len(window.document.snapshot.tracks["yield"]) >= 10)
    window.stories.next()
    trigger(window, "action_present")
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.resize(*PRESENTED_SIZE)
    _wait(lambda: "measuring" not in window.stories.caption and len(window.document.snapshot.tracks["yield"]) >= 22)


#: Name of the picture, what is streamed first, and what is done then.
PICTURES: dict[str, tuple[str, Callable[[MainWindow], None]]] = {
    "my-large-page-light": (PAGE, _whole_run),
    "gzip-light": ("/large.csv?rows=30&delay_ms=40&middleware=gzip", _whole_run),
    "live-light": ("/my-large-page.html?rows=0&delay_ms=30&template_buffer=0", _turned),
    "compare-light": (f"{PAGE}&template_buffer=0", _compared),
    "sweep-light": ("/timeline?rows=40&delay_ms=3", _swept),
    "my-large-page-dark": (PAGE, _whole_run),
    "start-light": ("/timeline?rows=10&delay_ms=5", _welcomed),
    "present-dark": ("/timeline?rows=3&delay_ms=5", _presented),
}


def make(name: str) -> Path:
    """Make one picture and return its path. Raises ``TimeoutError`` where the window does not get there."""
    target, work = PICTURES[name]
    app = make_application()
    assert app is not None
    with tempfile.TemporaryDirectory() as home:
        os.environ["STREAMING_INSPECTOR_HOME"] = home
        theme: ThemeChoice = "dark" if name.endswith("-dark") else "light"
        window, folder = fresh_window(target, size=SIZE, theme=theme)
        try:
            work(window)
            path = FOLDER / f"{name}.png"
            if not window.grab().save(str(path)):
                raise OSError(f"{path} could not be written")
        finally:
            window.close()
            folder.remove()
            end_application(app)
    return path


def main(names: list[str]) -> int:
    """Make the pictures of these names, all without any; each in a process of its own, as an application ends once."""
    if len(names) == 1:
        print(make(names[0]).relative_to(ROOT))
        return 0
    import subprocess

    return max(
        subprocess.run([sys.executable, "-m", "tests.pictures", name], check=False).returncode
        for name in names or PICTURES
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
