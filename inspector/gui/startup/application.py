"""Makes the ``QApplication`` and the main window, runs the event loop, and ends Qt in a fixed order.

Start-up takes three steps: start server and recorder, which get ready meanwhile; load Qt and paint the window with its
toolbar; import and build all that is below it. So nothing slow stands before the first paint.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from inspector.process import end_loading

from .platform_check import NO_DISPLAY, check, choose_platform, display_available, font_problems

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication, QMainWindow

    from inspector.gui.models.preferences import Preferences
    from inspector.gui.shell.main_window import MainWindow
    from inspector.session.session import Session
    from inspector.stories.story import Story

_CANNOT_OPEN = 3
_TERMINATED = 143
_INTERRUPTED = 130


def make_application() -> QApplication | None:
    """Make the ``QApplication``, or say on standard error what the system lacks for it and return None."""
    platform = choose_platform()
    problems = check(platform)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return None
    if platform:
        os.environ["QT_QPA_PLATFORM"] = platform
    from PySide6.QtWidgets import QApplication

    _skip_search_for_features()
    from inspector.gui.style.icons import app_icon

    from . import qt_messages

    qt_messages.install(lambda: check(platform))
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Streaming Inspector")
    app.setDesktopFileName("streaming-inspector")  # as `inspector.cli.desktop_command` calls it
    app.setWindowIcon(app_icon())
    for problem in font_problems():
        print(problem, file=sys.stderr)
    return app


def _skip_search_for_features() -> None:
    """Keep PySide6 from reading the source of each module that is imported after it.

    It looks there for the use of its optional features (``from __feature__ import ...``), which nothing here uses, and
    that takes a tenth of the start. Where it does so in another way, nothing changes.
    """
    search = sys.modules.get("shibokensupport.feature")
    if search is not None and hasattr(search, "_mod_uses_pyside"):
        vars(search)["_mod_uses_pyside"] = lambda _module: True  # its ordinary features, as before


def begin_session() -> Session:
    """Start server and recorder, which get ready while Qt is imported and the window is built.

    What trouble there is, the window tells when it starts them again.
    """
    from inspector.session.data_folder import DiskTrouble
    from inspector.session.session import Session

    session = Session()
    with suppress(DiskTrouble):
        session.start()
    return session


def create_window(
    target: str | None = None,
    *,
    run: bool | None = None,
    preferences: Preferences | None = None,
    opened: Path | None = None,
    session: Session | None = None,
    show_early: Callable[[QMainWindow], object] | None = None,
    welcomes: bool = False,
    story: Story | None = None,
) -> MainWindow:
    """Build and connect the window in a ``QApplication`` that exists; its child processes start with it.

    It streams once it is shown: ``target``, or what was streamed last. ``run`` False keeps it still, None leaves the
    choice to the preferences; a target that is given is run in any case but False. ``opened`` is a saved recording to
    show instead. ``session`` is one that was begun before, `show_early` as in `MainWindow`. ``welcomes`` shows the
    start page where nothing is to stream, and at a first start, when its first story begins by itself. ``story`` is one
    to play in place of all that.
    """
    from inspector.session.data_folder import home_folder

    session = session or begin_session()
    from inspector.gui.models.preferences import Preferences, user_settings
    from inspector.gui.shell.main_window import MainWindow

    kept = preferences or Preferences(user_settings(home_folder()))
    wanted = kept.runs_at_start or target is not None if run is None else run
    is_first = run is None and target is None and wanted and kept.is_first_start
    has_page = welcomes and target is None and (is_first or not wanted)
    # Only a window that is on screen by then is not held up by what it is to show.
    streams = wanted and not has_page and opened is None and story is None and show_early is not None
    window = MainWindow(kept, session, show_early, target=target, streams=streams)
    if opened is not None:
        window.files.open(opened)
        return window
    if story is not None:
        window.act_when_shown(partial(window.stories.begin, story))
        return window
    if has_page:
        window.start.show(counts_down=is_first)
    elif wanted:
        window.run_when_shown(target)
    elif target is not None:
        window.toolbar.set_target_text(target)
    return window


def end_application(app: QApplication) -> None:
    """End Qt in a fixed order, so that the interpreter finds nothing of it to take down at exit.

    Windows are closed and deleted, what they posted is delivered, then the application itself goes. Left to the
    interpreter, the order is that of its dictionaries, and Qt can crash in it.
    """
    from PySide6.QtCore import QCoreApplication, QEvent, qInstallMessageHandler

    for window in app.topLevelWidgets():
        window.close()
    for window in app.topLevelWidgets():
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()
    qInstallMessageHandler(None)
    app.shutdown()


def run_app(target: str | None, *, run: bool = True, opened: Path | None = None, story: Story | None = None) -> int:
    """Open the window, with a saved recording or a story perhaps, and stay until it is closed; return the exit status.

    On Linux without a display the window runs offscreen, streams, and leaves a picture, a recording and a table.
    """
    unseen = not display_available() and not os.environ.get("QT_QPA_PLATFORM")
    if unseen:
        print(NO_DISPLAY, file=sys.stderr)
        return _run_unseen(target or (story.steps[0].target if story is not None else None), opened)
    session = begin_session()
    app = make_application()
    if app is None:
        session.close()
        return _CANNOT_OPEN
    from PySide6.QtCore import QTimer

    from .error_reports import ErrorReports
    from .first_paint import show_and_wait
    from .unix_signals import UnixSignals
    from .window_placement import WindowPlacement

    def show_early(window: QMainWindow) -> None:
        WindowPlacement(window)
        show_and_wait(window)

    bridge, reports = UnixSignals(), ErrorReports()
    reports.begin()
    status = 0
    try:
        chosen = None if run else False
        window = create_window(
            target, run=chosen, opened=opened, session=session, show_early=show_early, welcomes=True, story=story
        )
        end_loading()
        reports.said.connect(window.banner.say)
        bridge.received.connect(lambda _number: window.close())
        if bridge.last_signal:  # while it was built
            QTimer.singleShot(0, window, window.close)
        app.setQuitOnLastWindowClosed(True)
        status = app.exec()  # not 0 where the screen went away
    finally:
        reports.end()
        bridge.close()
        end_application(app)
    return {2: _INTERRUPTED, 15: _TERMINATED}.get(bridge.last_signal or 0, status)


def _run_unseen(target: str | None, opened: Path | None) -> int:
    app = make_application()
    end_loading()
    if app is None:
        return _CANNOT_OPEN
    from .headless import run_unseen

    try:
        return run_unseen(target, opened)
    finally:
        end_application(app)
