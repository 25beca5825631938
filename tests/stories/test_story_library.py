"""Stories are found by their ids: those that come with the program, and the user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.assets import asset_path
from inspector.stories.story_file import BadStory
from inspector.stories.story_library import FOLDER_NAME, built_in_stories, find_story, own_stories

GZIP = asset_path("stories/gzip.toml").read_text(encoding="utf-8")


def own_folder(home: Path) -> Path:
    folder = home / FOLDER_NAME
    folder.mkdir()
    return folder


def test_that_own_stories_are_read_and_a_mistake_in_one_hides_no_other(tmp_path: Path) -> None:
    assert own_stories(tmp_path) == ((), ())
    folder = own_folder(tmp_path)
    (folder / "mine.toml").write_text(GZIP.replace("Who ate", "What ate"), encoding="utf-8")
    (folder / "wrong.toml").write_text(GZIP.replace("[knobs]", "[nobs]"), encoding="utf-8")
    (folder / "notes.txt").write_text("not a story", encoding="utf-8")
    found = own_stories(tmp_path)
    assert [(story.id, story.title) for story in found.stories] == [("mine", "What ate my rows?")]
    assert found.mistakes == ("wrong.toml, line 6: unknown key nobs. Did you mean knobs?",)


def test_that_a_story_is_found_by_its_id_or_the_path_of_its_file(tmp_path: Path) -> None:
    assert find_story("gzip", tmp_path) == next(story for story in built_in_stories() if story.id == "gzip")
    path = own_folder(tmp_path) / "gzip.toml"
    path.write_text(GZIP.replace("Who ate", "What ate"), encoding="utf-8")
    assert find_story("gzip", tmp_path).title == "What ate my rows?"
    assert find_story(str(path), Path("absent")).title == "What ate my rows?"


def test_that_the_stories_that_there_are_are_named_for_one_that_is_not(tmp_path: Path) -> None:
    with pytest.raises(BadStory, match=r"There is no story gzipp. There are jinja-buffer, one-row, gzip,"):
        find_story("gzipp", tmp_path)
    with pytest.raises(BadStory, match=r"absent.toml is not a file"):
        find_story("absent.toml", tmp_path)
    with pytest.raises(BadStory) as caught:
        find_story("\x1b[2J" + "x" * 1_000, tmp_path)
    assert str(caught.value).isprintable()
