"""The picture of the house: made from the real imports, up to date, and legible."""

from __future__ import annotations

import ast
from pathlib import Path
from xml.etree import ElementTree

from tests import house
from tests.arrows import SOURCES
from tests.modules import Module, modules

SVG = "{http://www.w3.org/2000/svg}"


def importing(name: str, text: str) -> Module:
    return Module(name, Path(name.replace(".", "/") + ".py"), text, ast.parse(text))


def test_that_the_picture_is_up_to_date() -> None:
    made = house.picture(modules(*SOURCES))
    assert house.PICTURE.read_text(encoding="utf-8") == made, "run: python -m tests.house"


def test_that_every_package_is_in_the_picture() -> None:
    names = {module.name for module in modules(*SOURCES) if module.is_package}
    assert {name for name in names if name.count(".") == 1 and name.startswith("inspector.")} | {"server"} == set(
        house.PACKAGES
    )


def test_that_every_text_and_box_is_inside_the_picture() -> None:
    root = ElementTree.fromstring(house.PICTURE.read_text(encoding="utf-8"))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    found = [element for tag in ("rect", "text") for element in root.iter(f"{SVG}{tag}") if "x" in element.attrib]
    assert found
    for element in found:
        assert 0 <= float(element.attrib["x"]) <= width - float(element.attrib.get("width", 0))
        assert 0 <= float(element.attrib["y"]) <= height - float(element.attrib.get("height", 0))


def test_that_no_two_boxes_overlap() -> None:
    wide, _ = house.imports_between_packages(modules(*SOURCES))
    floors = house.floors_of(wide)
    for name, (_, x, width) in house.PACKAGES.items():
        for other, (_, other_x, other_width) in house.PACKAGES.items():
            if name != other and floors[name] == floors[other]:
                assert x + width < other_x or other_x + other_width < x, (name, other)


def test_that_a_new_import_is_a_new_arrow() -> None:
    sources = modules(*SOURCES)
    more = (*sources, importing("inspector.tap.new", "from inspector.catalogue import KNOBS"))
    before, _ = house.imports_between_packages(sources)
    after, _ = house.imports_between_packages(more)
    assert after - before == {("inspector.tap", "inspector.catalogue")}
    assert house.picture(more) != house.picture(sources)


def test_that_an_import_of_one_module_alone_is_told_from_one_of_a_package() -> None:
    wide, narrow = house.imports_between_packages(modules(*SOURCES))
    assert narrow == {
        ("inspector.cli", "inspector.gui"): "window_commands",
        ("inspector.session", "inspector.capture"): "recorder_commands",
    }
    assert not set(narrow) & wide


def test_that_what_follows_from_other_arrows_is_left_out() -> None:
    assert house.without_implied({("a", "b"), ("b", "c"), ("a", "c"), ("a", "d")}) == {
        ("a", "b"),
        ("b", "c"),
        ("a", "d"),
    }
