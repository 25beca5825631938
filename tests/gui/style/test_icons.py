"""Icons: one style in the files, the asked colour and size in the picture."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from inspector.assets import asset_path
from inspector.gui.style.icons import app_icon, icon, pixmap

FOLDER = asset_path("icons/app.svg").parent
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg") if path.stem != "app")
ROOT = Path(__file__).parents[3]
ASKED = QColor("#D55E00")


def colours(drawn: QPixmap) -> set[str]:
    """Return the colours of all pixels that are not at all transparent."""
    image = drawn.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def is_nearly(one: QColor, other: QColor) -> bool:
    """Where the anti-aliased edges of two shapes meet, rounding takes away one step of 255."""
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= 2 for a, b in parts)


@pytest.mark.parametrize("name", NAMES)
def test_that_every_icon_is_drawn_in_the_one_style_and_knows_no_colour(name: str) -> None:
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    for part in ('viewBox="0 0 24 24"', 'stroke="currentColor"', 'stroke-width="2"', 'stroke-linecap="round"'):
        assert part in text
    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', text)) <= {"none", "currentColor"}


@pytest.mark.parametrize("name", NAMES)
def test_that_every_icon_has_the_asked_colour_and_stays_inside_its_square(qtbot: QtBot, name: str) -> None:
    assert QSvgRenderer(str(FOLDER / f"{name}.svg")).isValid()
    drawn = pixmap(name, ASKED, size_px=96)
    found = colours(drawn)
    assert ASKED.name() in found
    assert all(is_nearly(QColor(each), ASKED) for each in found)
    image = drawn.toImage()
    edge = [(x, y) for x in range(96) for y in range(96) if x in {0, 95} or y in {0, 95}]
    assert not any(image.pixelColor(x, y).alpha() for x, y in edge)


def test_that_an_icon_is_sharp_on_screens_of_one_two_and_three_pixels_a_point(qtbot: QtBot) -> None:
    drawn = icon("play", ASKED, size_px=20)
    for scale in (1, 2, 3):
        found = drawn.pixmap(drawn.availableSizes()[0], float(scale))
        assert (found.width(), found.devicePixelRatio()) == (20 * scale, scale)


def test_that_an_icon_of_a_widget_that_is_off_has_the_colour_for_it(qtbot: QtBot) -> None:
    drawn = icon("stop", ASKED, disabled_colour=QColor("#59636e"))
    assert colours(drawn.pixmap(16)) == {ASKED.name()}
    assert colours(drawn.pixmap(16, mode=QIcon.Mode.Disabled)) == {"#59636e"}


def test_that_a_translucent_colour_gives_a_translucent_icon(qtbot: QtBot) -> None:
    half = QColor(ASKED)
    half.setAlphaF(0.5)
    image = pixmap("stop", half, size_px=24).toImage()
    assert 120 <= image.pixelColor(12, 12).alpha() <= 135


def test_that_a_name_without_a_file_is_told(qtbot: QtBot) -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/unicorn\.svg is missing"):
        icon("unicorn", ASKED)


def test_that_the_application_has_an_icon_in_its_own_colours(qtbot: QtBot) -> None:
    drawn = app_icon()
    assert {16, 32, 256} <= {size.width() for size in drawn.availableSizes()}
    assert len(colours(drawn.pixmap(256))) > 10


def test_that_an_installed_copy_finds_its_assets_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "only-there.svg").touch()
    monkeypatch.setattr("inspector.assets.ASSET_FOLDERS", (FOLDER.parent, tmp_path))
    assert asset_path("icons/only-there.svg") == tmp_path / "icons" / "only-there.svg"
    assert asset_path("icons/app.svg") == FOLDER / "app.svg"


def test_that_every_icon_is_drawn_somewhere() -> None:
    drawn: set[str] = set()
    for path in (ROOT / "inspector" / "gui").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        drawn |= {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(NAMES) - drawn == set()
