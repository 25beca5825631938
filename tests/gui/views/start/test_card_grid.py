"""Where everything stands on the start page, in rooms of all sizes and with type of all sizes."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QRect

from inspector.gui.views.start.card_grid import GridNeeds, plan

#: Rooms between toolbar and status bar, and the height of a line of type.
_ROOMS = [(640, 400), (1024, 560), (1280, 720), (1920, 1000), (2560, 1360), (3840, 2080)]
_LINES = [12, 15, 19, 32]


def needs_of(em: int) -> GridNeeds:
    return GridNeeds(em=em, cards=8, card_text=6 * em, head=4 * em, runs=4, run=3 * em, links=(3, 3), link=2 * em)


@pytest.mark.parametrize("em", _LINES)
@pytest.mark.parametrize("room", _ROOMS)
def test_that_nothing_overlaps_and_nothing_is_wider_than_the_page(room: tuple[int, int], em: int) -> None:
    planned = plan(*room, needs_of(em))
    areas = [area for area in (*planned.cards, *planned.headings, *planned.beside) if not area.isEmpty()]
    page = QRect(0, 0, room[0], planned.height)
    assert [area for area in areas if not page.contains(area)] == []
    assert [pair for pair in combinations(areas, 2) if pair[0].intersects(pair[1])] == []
    assert len(planned.cards) == 8
    assert len(planned.beside) == 10
    assert not any(area.isEmpty() for area in planned.beside[-3:]), "links stay"


@pytest.mark.parametrize(("room", "em"), [((1024, 560), 15), ((1280, 720), 19), ((1920, 1000), 19), ((2560, 1360), 15)])
def test_that_the_whole_page_is_seen_without_scrolling_where_there_is_room(room: tuple[int, int], em: int) -> None:
    planned = plan(*room, needs_of(em))
    assert planned.height <= room[1]
    assert planned.columns == 4


def test_that_large_type_takes_fewer_columns_and_scrolls() -> None:
    planned = plan(1024, 560, needs_of(32))
    assert planned.columns < 4
    assert planned.height > 560
