"""The headers view: all that was said, secrets masked until asked for, nothing taken for markup."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.models.document import Document
from inspector.gui.style.theme import DARK, LIGHT
from inspector.gui.views.detail.head_facts import FRAMING_SENTENCES, plain_text, sections_of
from inspector.gui.views.detail.headers_view import HeadersView
from inspector.recording.folder import Recording
from inspector.recording.meta import Framing, Meta, RequestMeta, ResponseMeta
from tests.growing_recording import GrowingRecording


@pytest.fixture
def made(tmp_path: Path) -> GrowingRecording:
    made = GrowingRecording(tmp_path / "r")
    made.change_meta(
        request=RequestMeta(
            url="http://127.0.0.1:5000/timeline?token=hidden",
            headers=[("Host", "127.0.0.1:5000"), ("Authorization", "Bearer hidden")],
            knobs={"rows": "4"},
            sent_t_ns=made.meta.request.sent_t_ns,
        )
    )
    return made


@pytest.fixture
def view(document: Document, qtbot: QtBot) -> HeadersView:
    view = HeadersView(document, LIGHT, 10.0)
    qtbot.addWidget(view)
    view.resize(500, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_that_request_and_response_are_shown_and_grow(
    view: HeadersView, document: Document, made: GrowingRecording
) -> None:
    document.show(Recording(made.folder))
    text = view.text.toPlainText()
    for part in ("GET http://127.0.0.1:5000/timeline", "Host", "HTTP/1.1 200 OK", "Still running", "1.0 ms after the"):
        assert part in text
    assert "chunked: Transfer-Encoding, RFC 9112 section 7.1" in text
    made.change_meta(trailers=[("Server-Timing", "db;dur=3")], notes=["A note."])
    made.end()
    document.follow_up()
    text = view.text.toPlainText()
    for part in ("Server-Timing", "db;dur=3", "Complete", "the last chunk arrived", "A note."):
        assert part in text


def test_that_secrets_are_masked_until_they_are_asked_for(
    view: HeadersView, document: Document, made: GrowingRecording, qtbot: QtBot
) -> None:
    document.show(Recording(made.folder))
    assert "hidden" not in view.text.toPlainText()
    assert "[redacted]" in view.text.toPlainText()
    QTest.mouseClick(view.copy_button, Qt.MouseButton.LeftButton)
    assert "hidden" not in QApplication.clipboard().text()
    assert "Authorization: [redacted]" in QApplication.clipboard().text()
    QTest.keyClick(view.reveal, Qt.Key.Key_Space)
    assert "Bearer hidden" in view.text.toPlainText()
    assert "[redacted]" not in view.text.toPlainText()
    document.show(Recording(made.folder))
    assert "hidden" not in view.text.toPlainText()


def test_that_without_secrets_there_is_nothing_to_reveal(view: HeadersView, document: Document, tmp_path: Path) -> None:
    made = GrowingRecording(tmp_path / "plain")
    document.show(Recording(made.folder))
    assert not view.reveal.isVisible()


def test_that_headers_are_never_taken_for_markup(view: HeadersView, document: Document, made: GrowingRecording) -> None:
    assert made.meta.response is not None
    response = msgspec.structs.replace(made.meta.response, headers=[("X-Evil", "<b>bold</b><img src='x'>")])
    made.change_meta(response=response)
    document.show(Recording(made.folder))
    assert "<b>bold</b><img src='x'>" in view.text.toPlainText()


def test_that_a_change_of_colours_or_type_keeps_the_text(
    view: HeadersView, document: Document, made: GrowingRecording
) -> None:
    document.show(Recording(made.folder))
    before = view.text.toPlainText()
    view.set_theme(DARK)
    view.set_type_size(20.0)
    assert view.text.toPlainText() == before
    assert view.text.horizontalScrollBar().maximum() == 0


def test_that_nothing_is_written_while_hidden(view: HeadersView, document: Document, made: GrowingRecording) -> None:
    view.hide()
    document.show(Recording(made.folder))
    assert view.text.toPlainText() == ""
    view.show()
    assert "HTTP/1.1 200 OK" in view.text.toPlainText()


def test_that_an_empty_view_says_why(view: HeadersView, document: Document, tmp_path: Path) -> None:
    assert "Nothing streamed yet" in view.why_empty()
    empty = tmp_path / "empty"
    empty.mkdir()
    document.show(Recording(empty))
    assert "Connecting" in view.why_empty()
    view.grab()


@pytest.mark.parametrize("framing", list(FRAMING_SENTENCES))
def test_that_every_framing_has_its_sentence(framing: Framing) -> None:
    meta = Meta(
        id="x",
        started_at="",
        request=RequestMeta(url="http://x/"),
        response=ResponseMeta(http_version="1.0", status=204, framing=framing, content_coding="gzip"),
    )
    text = plain_text(sections_of(meta))
    assert f"framing: {FRAMING_SENTENCES[framing]}" in text
    assert "coding: gzip" in text
    assert "HTTP/1.0 204\n" in text
    assert "at an unknown time" in text


def test_that_a_request_without_a_response_says_so() -> None:
    meta = Meta(id="x", started_at="", request=RequestMeta(url="http://x/"))
    assert "The response head has not arrived yet." in plain_text(sections_of(meta))


def test_that_a_head_of_very_many_headers_is_drawn_as_far_as_anybody_reads(
    made: GrowingRecording, document: Document, view: HeadersView
) -> None:
    assert made.meta.response is not None
    headers = [(f"x-{number}", "v") for number in range(80_000)]
    made.change_meta(response=msgspec.structs.replace(made.meta.response, headers=headers))
    document.show(Recording(made.folder))
    document.follow_up()
    shown = view.text.toPlainText()
    assert "x-299" in shown
    assert "x-300" not in shown
    assert 'and 79,700 more, which "Copy all" copies too' in shown
    view.copy()
    assert "x-79999: v" in QApplication.clipboard().text()
