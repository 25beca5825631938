"""Draws the picture of the house, ``assets/house.svg``, from the imports of the real files: ``python -m tests.house``.

Packages stand on the floor above the highest one that they import. An arrow is an import; one that follows from others
is left out. A dashed arrow is an import of or by one module alone, as `tests.arrows` allows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.arrows import ANALYSIS_ROOMS, ARROWS, GUI_ROOMS, SOURCES, is_inside, part_of
from tests.fresh_python import ROOT
from tests.modules import Module, modules

PICTURE = ROOT / "assets" / "house.svg"
#: What each package is for, in a few words, and its place from the left: x and width, in pixels.
PACKAGES: dict[str, tuple[str, int, int]] = {
    "inspector.cli": ("the commands", 24, 200),
    "inspector.gui": ("the window; the only importer of Qt", 344, 592),
    "inspector.export": ("tables, JSON, curl", 24, 138),
    "inspector.stories": ("steps and their words", 178, 146),
    "inspector.session": ("processes, runs, targets, the library", 340, 254),
    "server": ("the Flask server: views, middlewares, engines", 618, 318),
    "inspector.analysis": ("from marks to a verdict: delays, held bytes, causes, comparisons", 24, 442),
    "inspector.playback": ("served again", 482, 132),
    "inspector.capture": ("read, stamp, frame, write", 630, 162),
    "inspector.tap": ("marks inside an app", 808, 128),
    "inspector.recording": ("tracks of marks, and the folder they live in: the queue between the processes", 24, 690),
    "inspector.catalogue": ("knobs, engines, views", 758, 178),
}
ROOMS = {"inspector.analysis": ANALYSIS_ROOMS, "inspector.gui": GUI_ROOMS}
#: The packages that each process starts with.
PROCESSES = {
    "window": ("inspector.cli", "inspector.gui"),
    "recorder": ("inspector.capture",),
    "server": ("server",),
}
SHARED = "shared"
LEGEND = {
    "window": "window or command line",
    "recorder": "recorder process",
    "server": "server process",
    SHARED: "several of them",
}

WIDTH = 960
MARGIN, GAP, TITLE_HEIGHT, ROOMS_HEIGHT, LEGEND_HEIGHT = 24, 58, 60, 42, 44
INSET = 28
ROOM_CHARACTER_WIDTH, ROOM_PADDING, ROOM_GAP = 6.4, 9, 6
LEGEND_CHARACTER_WIDTH = 6.2
STYLE = """
  text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1c2127; }
  .name { font-weight: 600; font-size: 15px; }
  .note { font-size: 11px; fill: #4d5763; }
  .paper { fill: #ffffff; }
  .box { stroke-width: 1.2; }
  .window { fill: #e6effc; stroke: #2f6fc4; }
  .recorder { fill: #e3f4e8; stroke: #2b8548; }
  .server { fill: #fdeedd; stroke: #b8650f; }
  .shared { fill: #eef0f2; stroke: #6b7580; }
  .room { fill: #ffffff; stroke: #8a94a0; }
  .arrow { stroke: #4d5763; stroke-width: 1.4; fill: none; }
  .narrow { stroke-dasharray: 5 4; }
  .head { fill: #4d5763; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e9ed; }
    .note { fill: #aab4bf; }
    .paper { fill: #15181c; }
    .window { fill: #182a44; stroke: #6ea4ea; }
    .recorder { fill: #15301f; stroke: #5fbf80; }
    .server { fill: #38260f; stroke: #e29a4c; }
    .shared { fill: #262b31; stroke: #8d98a4; }
    .room { fill: #15181c; stroke: #77828e; }
    .arrow { stroke: #aab4bf; }
    .head { fill: #aab4bf; }
  }
"""

Edge = tuple[str, str]


@dataclass(frozen=True)
class Box:
    """A package in the picture, in pixels; ``floor`` counts from the ground."""

    name: str
    floor: int
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


def imports_between_packages(sources: Iterable[Module]) -> tuple[set[Edge], dict[Edge, str]]:
    """Return the imports from package to package; and, with its name, those that a single module makes or offers."""
    wide: set[Edge] = set()
    narrow: dict[Edge, str] = {}
    for module in sources:
        source = _package_of(module.name)
        for name in module.imports():
            target = _package_of(name)
            if source is None or target is None or source == target:
                continue
            lone = _lone_module(module.name, name)
            if lone is None:
                wide.add((source, target))
            else:
                narrow[source, target] = lone
    return wide, {edge: name for edge, name in narrow.items() if edge not in wide}


def without_implied(edges: set[Edge]) -> set[Edge]:
    """Return the imports that do not follow from others."""
    return {
        (source, target)
        for source, target in edges
        if not any(target in _reach(edges, middle) for start, middle in edges if start == source and middle != target)
    }


def floors_of(edges: set[Edge]) -> dict[str, int]:
    """Return the floor of each package: one above the highest that it imports, 0 for none."""

    def floor(name: str) -> int:
        return max((floor(target) + 1 for source, target in edges if source == name), default=0)

    return {name: floor(name) for name in PACKAGES}


def picture(sources: Iterable[Module]) -> str:
    """Return the picture as SVG, for light and dark."""
    wide, narrow = imports_between_packages(sources)
    boxes = _boxes(floors_of(wide))
    height = max(box.bottom for box in boxes.values()) + MARGIN + LEGEND_HEIGHT
    shown = [(edge, "") for edge in sorted(without_implied(wide))] + sorted(narrow.items())
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        "<title>The packages of Streaming Inspector and what they import</title>",
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
        '<path class="head" d="M0 0 L8 4 L0 8 z"/></marker></defs>',
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="8"/>',
    ]
    for (source, target), lone in shown:
        lines += _arrow(boxes[source], boxes[target], lone, boxes.values())
    for box in boxes.values():
        lines += _drawn(box, _process_of(box.name, wide))
    lines += _legend(height - LEGEND_HEIGHT)
    return "\n".join([*lines, "</svg>", ""])


def _package_of(name: str) -> str | None:
    return next((package for package in PACKAGES if is_inside(name, package)), None)


def _lone_module(source: str, target: str) -> str | None:
    """Return the one module that may make an import, or be its goal, None where whole packages may."""
    part = part_of(source)
    allowed = max((each for each in ARROWS[part] if is_inside(target, each)), key=len, default=part)
    lone = next((each for each in (part, allowed) if not (ROOT / each.replace(".", "/")).is_dir()), None)
    return lone.rpartition(".")[2] if lone else None


def _reach(edges: set[Edge], start: str) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        fresh = {target for source, target in edges if source == here} - found
        found |= fresh
        waiting += fresh
    return found


def _process_of(package: str, edges: set[Edge]) -> str:
    """Return the process that alone runs a package, or ``shared``."""
    users = [name for name, starts in PROCESSES.items() if any(package in _reach(edges, start) for start in starts)]
    return users[0] if len(users) == 1 else SHARED


def _boxes(floors: dict[str, int]) -> dict[str, Box]:
    by_floor: dict[int, list[str]] = defaultdict(list)
    for name, floor in floors.items():
        by_floor[floor].append(name)
    boxes: dict[str, Box] = {}
    y = float(MARGIN)
    for floor in sorted(by_floor, reverse=True):
        height = TITLE_HEIGHT + ROOMS_HEIGHT * any(name in ROOMS for name in by_floor[floor])
        for name in by_floor[floor]:
            _, x, width = PACKAGES[name]
            boxes[name] = Box(name, floor, x, y, width, height)
        y += height + GAP
    return boxes


def _arrow(source: Box, target: Box, lone: str, boxes: Iterable[Box]) -> list[str]:
    if source.floor == target.floor:
        y = source.y + TITLE_HEIGHT / 2
        points = (source.right, y, target.x - 2, y)
    else:
        between = [box for box in boxes if target.floor < box.floor < source.floor]
        start_x, end_x = _ends(source, target, between)
        points = (start_x, source.bottom, end_x, target.y - 2)
    x1, y1, x2, y2 = points
    style = "arrow narrow" if lone else "arrow"
    lines = [f'<line class="{style}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" marker-end="url(#head)"/>']
    if lone:
        is_level = y1 == y2
        x, y = ((x1 + x2) / 2, y1 - 8) if is_level else ((x1 + x2) / 2 + 8, (y1 + y2) / 2 + 4)
        anchor = "middle" if is_level else "start"
        lines.append(f'<text class="note" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(lone)}</text>')
    return lines


def _ends(source: Box, target: Box, between: list[Box]) -> tuple[float, float]:
    """Return where an arrow begins and ends: straight down where nothing is in its way, else from corner to corner."""
    free = [(max(source.x, target.x), min(source.right, target.right))]
    for box in between:
        free = [part for left, right in free for part in ((left, min(right, box.x)), (max(left, box.right), right))]
    free = [(left, right) for left, right in free if right > left]
    if free:
        left, right = max(free, key=lambda part: part[1] - part[0])
        return (left + right) / 2, (left + right) / 2
    if source.right < target.x:
        return source.right - INSET, target.x + INSET
    return source.x + INSET, target.right - INSET


def _drawn(box: Box, process: str) -> list[str]:
    note, _, _ = PACKAGES[box.name]
    name = box.name.removeprefix("inspector.")
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    lines = [
        f'<rect class="box {process}" {place} rx="6"/>',
        f'<text class="name" x="{box.x + 14:g}" y="{box.y + 25:g}">{escape(name)}</text>',
        f'<text class="note" x="{box.x + 14:g}" y="{box.y + 45:g}">{escape(note)}</text>',
    ]
    x = box.x + 14
    for room in ROOMS.get(box.name, ()):
        width = len(room) * ROOM_CHARACTER_WIDTH + 2 * ROOM_PADDING
        y = box.y + TITLE_HEIGHT
        lines += [
            f'<rect class="room" x="{x:g}" y="{y:g}" width="{width:g}" height="26" rx="4"/>',
            f'<text x="{x + width / 2:g}" y="{y + 17:g}" text-anchor="middle">{escape(room)}</text>',
        ]
        x += width + ROOM_GAP
    return lines


def _legend(y: float) -> list[str]:
    lines = []
    x = float(MARGIN)
    for process, text in LEGEND.items():
        lines += [
            f'<rect class="box {process}" x="{x:g}" y="{y:g}" width="16" height="16" rx="3"/>',
            f'<text class="note" x="{x + 23:g}" y="{y + 12:g}">{escape(text)}</text>',
        ]
        x += 39 + len(text) * LEGEND_CHARACTER_WIDTH
    rooms = "rooms: each may import those left of it"
    lines.append(f'<text class="note" x="{WIDTH - MARGIN}" y="{y + 12:g}" text-anchor="end">{rooms}</text>')
    return lines


def main(path: Path = PICTURE) -> None:
    """Write the picture anew."""
    path.write_text(picture(modules(*SOURCES)), encoding="utf-8")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
