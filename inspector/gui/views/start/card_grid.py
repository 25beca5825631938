"""Works out where cards, recent runs and links of the start page stand in a room of any size."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect

#: Widths in heights of a line: of a card at least and at most, of what stands beside the cards.
_LEAST_CARD_EM, _MOST_CARD_EM = 11.0, 28.0
_LEAST_SIDE_EM, _MOST_SIDE_EM = 13.0, 20.0
_SIDE_SHARE = 0.2
_MARGIN_EM, _SPACE_EM = 1.6, 0.8
#: Height of a sketch beside its width, and the least in heights of a line.
_SKETCH_SHARE, _LEAST_SKETCH_EM = 0.56, 3.6
_MOST_COLUMNS = 4
#: With fewer columns than these beside the cards, what is beside them goes below.
_LEAST_COLUMNS_BESIDE = 2


@dataclass(frozen=True, slots=True)
class GridNeeds:
    """What there is to place: numbers of things, heights in logical pixels. ``links`` are addresses and others."""

    em: int
    cards: int
    card_text: int
    head: int
    runs: int
    run: int
    links: tuple[int, int]
    link: int


@dataclass(frozen=True, slots=True)
class GridPlan:
    """Where everything stands. ``beside`` are runs, addresses and links; those with empty areas have no room."""

    left: int
    top: int
    width: int
    columns: int
    cards: tuple[QRect, ...]
    headings: tuple[QRect, QRect]
    beside: tuple[QRect, ...]
    height: int


def plan(width: int, height: int, needs: GridNeeds) -> GridPlan:
    """Return where everything stands in a room; the plan may be higher than it and then scrolls."""
    em = needs.em
    space = round(_SPACE_EM * em)
    margin = min(round(_MARGIN_EM * em), max(space, width // 40))
    inside = width - 2 * margin
    side = round(min(_MOST_SIDE_EM * em, max(_LEAST_SIDE_EM * em, _SIDE_SHARE * inside)))
    columns = _columns_in(inside - side - 2 * space, needs)
    is_beside = columns >= _LEAST_COLUMNS_BESIDE
    if not is_beside:
        side, columns = inside, _columns_in(inside, needs)
    room = inside - side - 2 * space if is_beside else inside
    card_width = min(round(_MOST_CARD_EM * em), (room - (columns - 1) * space) // columns)
    whole = columns * card_width + (columns - 1) * space
    used = whole + (2 * space + side if is_beside else 0)
    left = max(margin, (width - used) // 2)
    rows = -(-needs.cards // columns)
    top = margin + needs.head + space
    card_height = _card_height(card_width, height - top - margin, rows, space, needs)
    free = height - (top + rows * (card_height + space) - space + margin)
    down = max(0, free // 3) if is_beside else 0
    top += down
    cards = tuple(
        QRect(left + at % columns * (card_width + space), top + at // columns * (card_height + space), card_width,
              card_height)
        for at in range(needs.cards)
    )  # fmt: skip
    bottom = top + rows * (card_height + space)
    start = (left + whole + 2 * space, top) if is_beside else (left, bottom + space)
    side_width = side if is_beside else whole
    headings, beside, end = _beside(QRect(*start, side_width, height - margin - start[1]), needs, space)
    return GridPlan(left, margin + down, used, columns, cards, headings, beside, max(bottom, end) - space + margin)


def _columns_in(room: int, needs: GridNeeds) -> int:
    """Return how many cards fit beside each other."""
    space = round(_SPACE_EM * needs.em)
    most = int((room + space) // (_LEAST_CARD_EM * needs.em + space))
    return max(1, min(_MOST_COLUMNS, most))


def _card_height(width: int, room: int, rows: int, space: int, needs: GridNeeds) -> int:
    """Return the height of a card: its sketch as high as suits its width, lower where all rows fit only then."""
    wanted = needs.card_text + round(_SKETCH_SHARE * width)
    least = needs.card_text + round(_LEAST_SKETCH_EM * needs.em)
    fitting = (room - (rows - 1) * space) // max(1, rows)
    return max(least, min(wanted, fitting)) if fitting >= least else least


def _beside(room: QRect, needs: GridNeeds, space: int) -> tuple[tuple[QRect, QRect], tuple[QRect, ...], int]:
    """Return the two headings, everything below them, and where it ends; the oldest runs and addresses give way."""
    heading, between = round(1.4 * needs.em), space // 2
    addresses, links = needs.links
    runs, kept = needs.runs, addresses

    def end() -> int:
        recent = heading + runs * (needs.run + between) + kept * (needs.link + between) + space
        return room.top() + (recent if runs or kept else 0) + heading + links * (needs.link + between)

    while end() > room.bottom() and runs + kept > 1:
        runs, kept = (runs - 1, kept) if runs > kept else (runs, kept - 1)
    bottom, y = end(), room.top()
    recent = QRect(room.left(), y, room.width(), needs.em)
    if runs or kept:
        y += heading
    areas: list[QRect] = []
    for shown, count, height in ((runs, needs.runs, needs.run), (kept, addresses, needs.link)):
        areas += [QRect(room.left(), y + at * (height + between), room.width(), height) for at in range(shown)]
        areas += [QRect()] * (count - shown)
        y += shown * (height + between)
    if runs or kept:
        y += space
    other = QRect(room.left(), y, room.width(), needs.em)
    y += heading
    areas += [QRect(room.left(), y + at * (needs.link + between), room.width(), needs.link) for at in range(links)]
    return (recent, other), tuple(areas), bottom
