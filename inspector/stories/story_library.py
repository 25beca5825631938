"""Finds stories: those that come with the program, in the order of the start page, and the user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from inspector.assets import asset_path

from .story import Story
from .story_file import read_story

#: Those that come with the program; the first one is what a first start runs.
BUILT_IN: tuple[str, ...] = (
    "jinja-buffer", "one-row", "gzip", "join", "nginx", "slow-reader", "memory", "forgotten-context",
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
