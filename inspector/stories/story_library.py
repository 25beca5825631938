"""Finds stories: those that come with the program, in the order of the start page, and the user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from inspector.assets import asset_path

from .story import Story
from .story_file import BadStory, read_story

#: Those that come with the program; the first one is what a first start runs.
BUILT_IN: tuple[str, ...] = (
    "jinja-buffer", "one-row", "gzip", "join", "behind-nginx", "slow-reader", "memory", "forgotten-context",
)  # fmt: skip
#: The folder of the user's own ones, beside the recordings.
FOLDER_NAME = "stories"
#: More files than these are left alone.
MOST_FILES = 100


@cache
def built_in_stories() -> tuple[Story, ...]:
    """Return the stories that come with the program; the first one is what a first start runs."""
    return tuple(read_story(asset_path(f"stories/{name}.toml")) for name in BUILT_IN)


def story_files(home: Path) -> tuple[Path, ...]:
    """Return the files of the user's own stories, by name; none where there is no such folder."""
    try:
        return tuple(sorted((home / FOLDER_NAME).glob("*.toml"))[:MOST_FILES])
    except OSError:
        return ()


class OwnStories(NamedTuple):
    """The user's own stories, and a sentence for each file that holds none."""

    stories: tuple[Story, ...]
    mistakes: tuple[str, ...]


def own_stories(home: Path) -> OwnStories:
    """Return the stories in the user's folder."""
    stories: list[Story] = []
    mistakes: list[str] = []
    for path in story_files(home):
        try:
            stories.append(read_story(path))
        except BadStory as error:
            mistakes.append(str(error))
    return OwnStories(tuple(stories), tuple(mistakes))


def find_story(name: str, home: Path) -> Story:
    """Return a story by its id, or by the path of its file, ending in ``.toml``. Raises `BadStory`.

    One of the user's own stands before one that comes with the program.
    """
    if name.endswith(".toml"):
        return read_story(Path(name))
    own = {path.stem: path for path in story_files(home)}
    if name in own:
        return read_story(own[name])
    found = next((story for story in built_in_stories() if story.id == name), None)
    if found is None:
        shown = name if name.isprintable() and len(name) <= 40 else f"{ascii(name)[:40]}..."
        raise BadStory(f"There is no story {shown}. There are {', '.join([*own, *BUILT_IN])}.")
    return found
