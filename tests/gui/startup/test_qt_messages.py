"""How Qt gives up: with a text and an exit status, shown on processes in which it really does."""

from __future__ import annotations

import sys

import pytest

from tests.fresh_python import run_python

START = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(name)s %(levelname)s %(message)s")
from inspector.gui.startup import qt_messages
qt_messages.install(lambda: ["the cure"])
from PySide6.QtCore import qCritical, qDebug, qFatal, qInfo, qWarning
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is no xcb elsewhere")
def test_that_a_display_that_does_not_answer_ends_in_a_text_and_no_abort() -> None:
    code = START + "from PySide6.QtWidgets import QApplication; QApplication([])"
    result = run_python(code, QT_QPA_PLATFORM="xcb", DISPLAY=":12345")
    assert result.returncode == 3, result.stderr
    assert result.stderr.startswith("Streaming Inspector cannot open its window. Qt says:\n    ")
    assert "could not connect to display :12345" in result.stderr
    assert "the cure" in result.stderr
    assert "streaming-inspector record" in result.stderr
    assert "Traceback" not in result.stderr
    assert "libxcb-cursor0" not in result.stderr, "nothing is missing here, so nothing is to be blamed"


def test_that_a_platform_that_does_not_exist_is_named() -> None:
    code = START + "from PySide6.QtWidgets import QApplication; QApplication([])"
    result = run_python(code, QT_QPA_PLATFORM="nonsense")
    assert result.returncode == 3
    assert '"nonsense"' in result.stderr


def test_that_a_death_without_a_warning_before_it_tells_its_own_text() -> None:
    result = run_python(START + "qFatal('the end')\nprint('not reached')")
    assert result.returncode == 3
    assert "    the end\n" in result.stderr
    assert "not reached" not in result.stdout


@pytest.mark.parametrize(
    ("call", "line"),
    [
        ("qDebug('one')", "qt DEBUG one"),
        ("qInfo('two')", "qt INFO two"),
        ("qWarning('three')", "qt WARNING three"),
        ("qCritical('four')", "qt ERROR four"),
    ],
)
def test_that_other_messages_go_to_logging(call: str, line: str) -> None:
    result = run_python(START + call)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [line]
    assert result.stderr == ""


def test_that_a_message_of_a_category_keeps_it() -> None:
    code = START + "from PySide6.QtCore import QLoggingCategory, qCWarning\nqCWarning(QLoggingCategory('a.b'), 'text')"
    assert run_python(code).stdout.splitlines() == ["qt WARNING a.b: text"]
