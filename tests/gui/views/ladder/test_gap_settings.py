"""Settings in the ladder: what is changed is seen in its gap, popups explain, and a reset can be undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from inspector.gui.editors.buffer_buttons import BufferButtons
from inspector.gui.shell.main_window import MainWindow
from inspector.gui.views.ladder.folded_line import FoldedLine
from inspector.gui.views.ladder.more_knobs import MoreKnobs
from tests.gui.window_driver import (
    canvas,
    compare_page,
    editor,
    find,
    headers,
    hint_of,
    press,
    set_setting,
    setting_of,
    trigger,
    turn,
    type_target,
)


def value_of(window: MainWindow, gap: str) -> str:
    return find(headers(window), FoldedLine, f"fold_{gap}").texts()[1]


def open_popup(qtbot: QtBot, window: MainWindow, gap: str) -> MoreKnobs:
    line = find(headers(window), FoldedLine, f"fold_{gap}")
    QTest.mouseClick(line, Qt.MouseButton.LeftButton)
    popup = next(each for each in headers(window).findChildren(MoreKnobs) if each.isVisible())
    qtbot.waitUntil(popup.isVisible)
    return popup


@pytest.mark.parametrize(
    ("gap", "settings", "said"),
    [
        ("server", {"proxy": "nginx"}, "werkzeug → nginx"),
        ("server", {"engine": "waitress", "send_bytes": "100"}, "waitress, send bytes 100 B"),
        ("server", {"send_bytes": "100"}, "werkzeug"),
        ("middleware.1", {"middleware": "gzip,join"}, "gzip → join"),
        ("client", {"client_buffer": "512", "read_rate": "1000"}, "512 B, read rate 1,000 B/s"),
        ("source", {"rows": "7", "jitter": "0", "seed": "2"}, "7 rows, every 50 ms, seed 2"),
    ],
)
def test_that_what_is_changed_is_seen_in_its_gap(
    window: MainWindow, gap: str, settings: dict[str, str], said: str
) -> None:
    window.resize(1600, 900)
    type_target(window, "/large.csv")
    assert not headers(window).gaps[gap].content.has_changes
    for name, text in settings.items():
        set_setting(window, name, text)
    assert headers(window).gaps[gap].content.values[0] == said
    assert headers(window).gaps[gap].content.has_changes == (said != "werkzeug")
    described = find(headers(window), FoldedLine, f"fold_{gap}").accessibleDescription()
    assert described.startswith("Changed: ") == (said != "werkzeug")


def test_that_a_short_line_keeps_what_is_changed_before_what_is_not(window: MainWindow) -> None:
    window.resize(1280, 800)
    type_target(window, "/large.csv")
    set_setting(window, "seed", "5")
    assert value_of(window, "source") == "40 rows, every 50 ms, seed 5"
    set_setting(window, "client_buffer", "512")
    set_setting(window, "read_rate", "100000")
    window.resize(1024, 700)
    QApplication.processEvents()
    cut = value_of(window, "client")
    assert cut.startswith("512 B, read")
    assert cut.endswith("…")


def test_that_every_setting_is_explained_under_its_heading_and_says_what_it_needs(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.resize(1280, 800)
    popup = open_popup(qtbot, window, "server")
    texts = [label.text() for label in popup.findChildren(QLabel)]
    headings = [text for text in texts if text in ("Server", "Sockets", "Proxy", "Client")]
    assert headings == ["Server", "Sockets", "Proxy", "Client"]
    needs = find(popup, QLabel, "help_proxy_buffering")
    assert (needs.text(), editor(window, "proxy_buffering").isEnabled()) == ("Only with proxy nginx.", False)
    turn(window, "proxy", "nginx")
    assert needs.text().startswith("nginx's proxy_buffering")
    assert editor(window, "proxy_buffering").isEnabled()
    reset = find(popup, QPushButton, "reset_proxy")
    assert reset.isVisible()
    QTest.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert setting_of(window, "proxy") == "none"
    assert not reset.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not popup.isVisible())


def test_that_a_reset_takes_every_setting_back_and_can_be_undone(window: MainWindow) -> None:
    type_target(window, "/my-large-page.html")
    for name, text in (("rows", "0"), ("template_buffer", "50"), ("client_buffer", "512"), ("proxy", "nginx")):
        turn(window, name, text)
    trigger(window, "action_reset_settings")
    assert [setting_of(window, name) for name in ("rows", "template_buffer", "client_buffer", "proxy")] == [
        "40", "5", "0", "none",
    ]  # fmt: skip
    assert hint_of(window) == "4 settings reset (Ctrl+Z undoes it)"
    trigger(window, "action_undo")
    assert [setting_of(window, name) for name in ("rows", "template_buffer", "client_buffer", "proxy")] == [
        "0", "50", "512", "nginx",
    ]  # fmt: skip
    assert hint_of(window) == "Undone: 4 settings"


def test_that_the_buttons_stand_in_the_gap_of_the_buffer_that_acts(window: MainWindow) -> None:
    window.resize(1280, 900)
    for target, gap in (("/timeline", "template"), ("/stream", "client"), ("/large.csv", "template")):
        type_target(window, target)
        shown = [each.objectName() for each in headers(window).findChildren(BufferButtons) if each.isVisible()]
        assert shown == [f"buttons_{gap}"]
    press(canvas(window), "4")
    rows = find(headers(window), BufferButtons, "buttons_template")
    assert [button.text() for button in rows.in_sight() if button.isChecked()] == ["10"]


def test_that_an_editor_goes_with_the_buffer_that_acted(window: MainWindow) -> None:
    type_target(window, "/my-large-page.html")
    gap = headers(window).gaps["template"]
    gap.resize(gap.row_width(), 2 * gap.fontMetrics().height())
    number = editor(window, "template_buffer")
    assert number.isVisible()
    type_target(window, "/stream-without-context")
    assert gap.content.buffer == ""
    assert not number.isVisible()


def test_that_both_sides_of_a_comparison_have_their_buttons(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1280, 800)
    type_target(window, "/my-large-page.html")
    page = compare_page(window)
    page.comparing.b.picker.set_target_text("/my-large-page.html")
    rows = window.findChildren(BufferButtons, "buttons_template")
    assert len(rows) == 2
    qtbot.waitUntil(lambda: all(row.isVisible() for row in rows))
