"""The commands with a window: the only part of the command line that loads Qt, and only when one of them runs."""

from __future__ import annotations

from pathlib import Path

from inspector.catalogue import BadKnob
from inspector.process import end_loading
from inspector.session.target import BadTarget, Target

from .console import WRONG_USAGE, complain


def open_window(target: str | None, *, run: bool, story: str | None = None) -> int:
    """Open the window and stay until it is closed; a target or a story that isn't one is wrong usage.

    ``story`` is the id of a story to play, or the path of its file.
    """
    if story is not None and (target is not None or not run):
        complain("--story streams what the story says: leave TARGET and --no-run out.")
        return WRONG_USAGE
    if not _is_good(target):
        return WRONG_USAGE
    from inspector.gui.startup.application import run_app

    if story is None:
        return run_app(target, run=run)
    from inspector.session.data_folder import DiskTrouble, home_folder
    from inspector.stories.story_file import BadStory
    from inspector.stories.story_library import find_story

    try:
        found = find_story(story, home_folder())
    except (BadStory, DiskTrouble) as error:
        complain(str(error))
        return WRONG_USAGE
    return run_app(None, story=found)


def open_recording(path: Path) -> int:
    """Open the window with a saved recording and stay until it is closed."""
    from inspector.gui.startup.application import run_app

    return run_app(None, opened=path)


def shoot(target: str | None, picture: Path, *, size: tuple[int, int], theme: str) -> int:
    """Save a picture of the window after the stream ended."""
    if not _is_good(target):
        return WRONG_USAGE
    if not picture.absolute().parent.is_dir():
        complain(f"there is no folder {picture.absolute().parent} to save the picture in")
        return WRONG_USAGE
    from inspector.gui.startup.screenshot import take_shot

    end_loading()
    return take_shot(target, picture, size=size, theme=theme)


def _is_good(target: str | None) -> bool:
    if target is not None:
        try:
            Target.parse(target)
        except (BadTarget, BadKnob) as error:
            complain(str(error))
            return False
    return True
