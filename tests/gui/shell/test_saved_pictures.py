"""Pictures of what the window shows: their kinds, the words on them, and what is said when they can't be written."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.shell.saved_pictures import SavedPictures
from inspector.gui.views.ladder.ladder_view import LadderView
from tests.gui.running import stream
from tests.gui.window_driver import banner, compare_page, find, trigger

_BUFFERED = "/my-large-page.html?rows=6&delay_ms=5&jitter=0"


@pytest.fixture
def pictures(window: MainWindow) -> SavedPictures:
    return find(window, SavedPictures, "saved_pictures")


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_that_the_ladder_is_saved_with_its_verdict_and_settings(
    qtbot: QtBot, window: MainWindow, pictures: SavedPictures, tmp_path: Path, suffix: str
) -> None:
    stream(qtbot, window, _BUFFERED)
    path = tmp_path / f"ladder{suffix}"
    assert pictures.save(path)
    assert "Saved" in banner(window).text
    ladder = find(window, LadderView, "ladder")
    if suffix == ".png":
        image = QImage(str(path))
        assert image.width() == 2 * ladder.width()
        assert image.height() > 2 * ladder.height()
    elif suffix == ".svg":
        assert QSvgRenderer(str(path)).isValid()
        words = path.read_text()
        assert window.analysis.verdict is not None
        assert window.analysis.verdict.headline in words
        assert "/my-large-page.html" in words
    else:
        assert path.read_bytes().startswith(b"%PDF-")
        assert path.stat().st_size > 5_000


@pytest.mark.parametrize("view", ["staircase", "compare", "sweep"])
def test_that_every_picture_can_be_saved(
    window: MainWindow, pictures: SavedPictures, tmp_path: Path, view: str
) -> None:
    window.show_view(view)
    path = tmp_path / f"{view}.svg"
    assert pictures.save(path)
    assert QSvgRenderer(str(path)).isValid()


def test_that_the_buttons_of_a_page_are_not_on_its_picture_and_come_back(
    window: MainWindow, pictures: SavedPictures, tmp_path: Path
) -> None:
    page = compare_page(window)
    assert pictures.save(tmp_path / "both.svg")
    assert "Keep B" not in (tmp_path / "both.svg").read_text()
    assert page.isVisible()
    assert find(window, QPushButton, "run_both_button").isVisible()


def test_that_what_can_not_be_written_is_said_and_leaves_nothing_behind(
    window: MainWindow, pictures: SavedPictures, tmp_path: Path
) -> None:
    assert not pictures.save(tmp_path / "no such folder" / "ladder.svg")
    assert "No such file or directory" in banner(window).text
    assert not pictures.save(tmp_path / "ladder.docx")
    assert "only .png, .svg and .pdf" in banner(window).text
    assert [path for path in tmp_path.iterdir() if path.stem == "ladder"] == []


def test_that_a_copied_picture_is_on_the_clipboard(window: MainWindow) -> None:
    trigger(window, "action_copy_picture")
    image = QGuiApplication.clipboard().image()
    assert image.width() == 2 * find(window, LadderView, "ladder").width()
