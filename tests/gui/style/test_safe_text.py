"""Text from outside stays text: labels, tool tips and rich text are made in one place, which this proves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import Markup
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from inspector.gui.style.safe_text import Label, RichBrowser, RichLabel, plain_tip, without_mnemonic
from tests.modules import Module, modules

HOSTILE = "<h1>HUGE</h1><img src='file:///etc/hostname'>"
THE_ONE_PLACE = "inspector.gui.style.safe_text"
#: What shows rich text, or guesses whether a text is rich.
_GUESSING = {
    "QLabel", "QMessageBox", "QErrorMessage", "QTextBrowser", "QStaticText", "QGraphicsTextItem", "QInputDialog",
    "QProgressDialog", "QSplashScreen", "QWhatsThis", "QTextDocumentFragment",
}  # fmt: skip
_RICH_CALLS = {"setHtml", "insertHtml", "appendHtml", "setMarkdown", "setTextFormat", "setWhatsThis"}
_TIP_CALLS = {"setToolTip": 0, "setTabToolTip": 1, "showText": 1, "setItemData": 1}


def _is_safe(argument: ast.expr) -> bool:
    """Tell whether a tool tip's text is a literal of ours or went through `plain_tip`."""
    if isinstance(argument, ast.Constant):
        return True
    return isinstance(argument, ast.Call) and ast.unparse(argument.func) == "plain_tip"


def unsafe_texts(module: Module) -> Iterator[str]:
    if module.name == THE_ONE_PLACE:
        return
    for node in module.nodes:
        if isinstance(node, ast.ImportFrom):
            yield from (f"line {node.lineno}: {each.name}" for each in node.names if each.name in _GUESSING)
        elif isinstance(node, ast.Attribute) and node.attr in _GUESSING:
            yield f"line {node.lineno}: {node.attr}"
        elif isinstance(node, ast.Call):
            yield from _unsafe_call(node)


def _unsafe_call(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    where = f"line {call.lineno}: {ast.unparse(call)[:80]}"
    if name in _RICH_CALLS:
        yield where
    elif name == "Markup" and any(not isinstance(each, ast.Constant) for each in call.args):
        yield f"{where}: rich text is a literal; what is put into it goes through format()"
    elif name == "addRow" and isinstance(call.args[0], ast.JoinedStr):
        yield where
    elif name in _TIP_CALLS:
        is_tip = name != "setItemData" or "ToolTipRole" in ast.unparse(call)
        at = _TIP_CALLS[name]
        if is_tip and len(call.args) > at and not _is_safe(call.args[at]):
            yield where


def _module(text: str) -> Module:
    return Module("inspector.gui.views.new", Path("new.py"), text, ast.parse(text))


def test_that_no_module_of_the_window_shows_text_that_may_be_rich() -> None:
    found = [
        f"{module.name} {text}"
        for module in modules("inspector")
        if module.name.startswith("inspector.gui")
        for text in unsafe_texts(module)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "from PySide6.QtWidgets import QLabel",
        "QtWidgets.QMessageBox.critical(None, title, text)",
        "self.setToolTip(text)",
        "self.setToolTip(f'<b>{name}</b>')",
        "tabs.setTabToolTip(0, tip)",
        "QToolTip.showText(place, text, self)",
        "box.setItemData(0, tip, Qt.ItemDataRole.ToolTipRole)",
        "view.setHtml(text)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "Markup(f'<b>{name}</b>')",
        "form.addRow(f'{name}', editor)",
    ],
)
def test_that_the_rule_finds_what_breaks_it(text: str) -> None:
    assert list(unsafe_texts(_module(text)))


@pytest.mark.parametrize(
    "text",
    [
        "self.setToolTip('Stop')",
        "self.setToolTip(plain_tip(text))",
        "tabs.setTabToolTip(0, plain_tip(tip))",
        "box.setItemData(0, text, Qt.ItemDataRole.AccessibleDescriptionRole)",
        "Markup('<b>{}</b>').format(name)",
    ],
)
def test_that_the_rule_leaves_the_rest_alone(text: str) -> None:
    assert list(unsafe_texts(_module(text))) == []


def test_that_a_label_shows_what_looks_like_rich_text_as_it_is(qtbot: QtBot) -> None:
    label, plain = Label(HOSTILE), Label("HUGE")
    qtbot.addWidget(label)
    qtbot.addWidget(plain)
    assert label.textFormat() is Qt.TextFormat.PlainText
    label.setText(HOSTILE)
    assert label.sizeHint().width() > 5 * plain.sizeHint().width()
    assert label.sizeHint().height() == plain.sizeHint().height()


def test_that_what_is_put_into_rich_text_is_escaped(qtbot: QtBot) -> None:
    markup = Markup("<b>{}</b>").format(HOSTILE)
    label, browser = RichLabel(markup), RichBrowser()
    qtbot.addWidget(label)
    qtbot.addWidget(browser)
    browser.show_markup(markup)
    assert "<img" not in label.text()
    assert browser.toPlainText() == HOSTILE


def test_that_a_browser_loads_nothing_even_of_rich_text_that_was_not_escaped(qtbot: QtBot) -> None:
    browser = RichBrowser()
    qtbot.addWidget(browser)
    browser.setHtml(HOSTILE)
    assert browser.loadResource(QTextDocument.ResourceType.ImageResource.value, "file:///etc/hostname") is None


@pytest.mark.parametrize("text", [HOSTILE, "a < b and <b>bold</b>", "two\nlines of <i>it</i>", "<qt>x</qt>", "x" * 200])
def test_that_a_tool_tip_shows_exactly_its_text(text: str) -> None:
    document = QTextDocument()
    document.setHtml(plain_tip(text)) if plain_tip(text) != text else document.setPlainText(text)
    assert document.toPlainText() == text


def test_that_a_short_plain_tool_tip_stays_as_it_is() -> None:
    assert plain_tip("Stop (F5)\nEnd the request") == "Stop (F5)\nEnd the request"


def test_that_an_ampersand_of_a_file_name_is_no_mnemonic() -> None:
    assert without_mnemonic("a&b.stream") == "a&&b.stream"
