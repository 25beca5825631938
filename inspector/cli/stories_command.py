"""``streaming-inspector stories``: lists the stories that the window plays, and says what is wrong with one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.session.data_folder import DiskTrouble, home_folder
from inspector.stories.story import Story
from inspector.stories.story_file import BadStory, read_story
from inspector.stories.story_library import FOLDER_NAME, built_in_stories, own_stories

from .console import PROGRAM, complain
from .standard_output import print_all

_FAILED = 1


def stories(files: Sequence[Path]) -> int:
    """Print all stories, or those of files; return 1 where a file holds none."""
    if files:
        return _check(files)
    try:
        home = home_folder()
    except DiskTrouble as trouble:
        complain(str(trouble))
        return _FAILED
    own = own_stories(home)
    blocks = [_listed("STORIES", built_in_stories())]
    if own.stories:
        blocks.append(_listed("YOUR OWN", own.stories))
    blocks.append(f"Play one with {PROGRAM} --story ID. Put your own into {home / FOLDER_NAME}.")
    is_printed = print_all("\n\n".join(blocks) + "\n")
    for mistake in own.mistakes:
        complain(mistake)
    return 0 if is_printed and not own.mistakes else _FAILED


def _check(files: Sequence[Path]) -> int:
    is_good = True
    for path in files:
        try:
            story = read_story(path)
        except BadStory as error:
            complain(str(error))
            is_good = False
        else:
            is_good = print_all(f"{path.name}: {story.title}, {len(story.steps)} steps.\n") and is_good
    return 0 if is_good else _FAILED


def _listed(title: str, found: Sequence[Story]) -> str:
    width = max(len(story.id) for story in found) + 2
    lines = [f"  {story.id:<{width}}{story.title} · {story.summary} {_missing(story)}".rstrip() for story in found]
    return "\n".join([title, "", *lines])


def _missing(story: Story) -> str:
    missing = next((step.missing for step in story.steps if step.missing), "")
    return f"({missing})" if missing else ""
