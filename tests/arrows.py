"""The table of arrows: what each part of the program may import of the others.

`tests.test_architecture` holds every file to it, and `tests.house` draws the picture of the house from it.
"""

from __future__ import annotations

SOURCES = ("inspector", "server")

#: The rooms of two big parts, from the ground up: each may import those before it.
ANALYSIS_ROOMS = ("tracks", "pipeline", "metrics", "diagnosis", "runs", "sweep", "comparison")
GUI_ROOMS = ("style", "models", "editors", "views", "shell", "startup")
BELOW_ANALYSIS = ("inspector.catalogue", "inspector.recording")
BELOW_GUI = (
    *BELOW_ANALYSIS,
    "inspector.analysis",
    "inspector.assets",
    "inspector.export",
    "inspector.process",
    "inspector.session",
    "inspector.stories",
)


def _rooms(part: str, rooms: tuple[str, ...], below: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    names = [f"{part}.{room}" for room in rooms]
    return {name: (*below, *names[:place]) for place, name in enumerate(names)}


#: What each part may import of the others. The longest name that fits a module counts, and a part may import itself.
ARROWS: dict[str, tuple[str, ...]] = {
    "inspector": (),
    "inspector.catalogue": (),
    "inspector.__main__": ("inspector.cli",),
    "inspector.assets": (),
    "inspector.process": (),
    "inspector.recording": (),
    "inspector.capture": ("inspector.catalogue", "inspector.process", "inspector.recording"),
    "inspector.tap": ("inspector.recording",),
    "inspector.analysis": BELOW_ANALYSIS,
    **_rooms("inspector.analysis", ANALYSIS_ROOMS, ("inspector.analysis.formatting", *BELOW_ANALYSIS)),
    "inspector.export": ("inspector.recording", "inspector.analysis"),
    "inspector.session": (
        "inspector.analysis",
        "inspector.capture.recorder_commands",
        "inspector.catalogue",
        "inspector.process",
        "inspector.recording",
    ),
    "inspector.playback": ("inspector.recording",),
    "inspector.stories": ("inspector.analysis", "inspector.assets", "inspector.catalogue", "inspector.recording"),
    "inspector.run_module": ("inspector.process",),
    "inspector.cli": (
        "inspector.assets",
        "inspector.process",
        "inspector.run_module",
        "inspector.analysis",
        "inspector.export",
        "inspector.playback",
        "inspector.recording",
        "inspector.session",
        "inspector.catalogue",
        "inspector.stories",
    ),
    "inspector.cli.window_commands": (
        "inspector.cli",
        "inspector.session",
        "inspector.gui",
        "inspector.catalogue",
        "inspector.process",
        "inspector.stories",
    ),
    "inspector.gui": (),
    **_rooms("inspector.gui", GUI_ROOMS, BELOW_GUI),
    "server": ("inspector.catalogue", "inspector.tap"),
}


def is_inside(name: str, part: str) -> bool:
    """Tell whether a dotted name is a part or lies in it."""
    return name == part or name.startswith(f"{part}.")


def part_of(name: str) -> str:
    """Return the part that a module belongs to: the longest name of the table that fits."""
    return max((each for each in ARROWS if is_inside(name, each)), key=len)
