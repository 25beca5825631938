"""Sends Qt's log messages to ``logging``, and turns a fatal one into a readable text and an exit status.

Installed before the ``QApplication``, whose making is where Qt gives up.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

#: Exit status of a process that Qt gave up in.
EXIT_STATUS = 3
#: Qt names this library whatever kept its xcb plugin from starting; `platform_check` knows whether it is true.
_BLAMED_FOR_EVERYTHING = "libxcb-cursor0"

_log = logging.getLogger("qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
}
_TEXT = """\
Streaming Inspector cannot open its window. Qt says:
{said}
{advice}"""
_ADVICE = """\
`streaming-inspector record` works without a window; with QT_QPA_PLATFORM=offscreen the window runs unseen.
"""


def install(problems: Callable[[], list[str]] = list) -> None:
    """Take over Qt's messages for the rest of the process.

    ``problems`` is asked when Qt gives up, for texts that say what is missing. Handlers are called in any thread.
    """
    # The warnings before a fatal message tell the cause; the message itself only suggests to reinstall.
    warnings: deque[str] = deque(maxlen=3)

    def handle(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            _give_up(list(warnings) or [text], problems())
        if kind in {QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg} and _BLAMED_FOR_EVERYTHING not in text:
            warnings.append(text)
        category = context.category
        _log.log(_LEVELS[kind], "%s%s", f"{category}: " if category not in {None, "default"} else "", text)

    qInstallMessageHandler(handle)


def _give_up(said: list[str], problems: list[str]) -> None:
    """Write the text and end the process at once; what was recorded is already on disk."""
    lines = "\n".join(f"    {line}" for text in said for line in text.strip().splitlines())
    sys.stderr.write(_TEXT.format(said=lines, advice="\n".join([*problems, _ADVICE])))
    sys.stderr.flush()
    os._exit(EXIT_STATUS)
