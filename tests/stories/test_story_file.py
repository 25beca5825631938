"""Stories are read from files that others write: each mistake is told with its line and what is right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inspector.stories.story import Beside
from inspector.stories.story_file import MOST_BYTES, BadStory, read_story

GOOD = """\
title = "A buffer"
summary = "Five in, one out."
target = "/my-large-page.html"

[knobs]
rows = 0

[[steps]]
caption = "It waits {median}."
point = "template"

[[steps]]
caption = "None."
act = "change"
knobs = { template_buffer = 0 }

[[steps]]
caption = "Both."
beside = { target = "/in-memory.csv", knobs = { rows = 40 } }

[[steps]]
caption = "Rows."
target = "/large.csv"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_each_step_goes_on_with_the_settings_of_the_one_before(tmp_path: Path) -> None:
    story = read_story(written(tmp_path, GOOD))
    assert (story.id, story.title, story.summary, story.hint) == ("mine", "A buffer", "Five in, one out.", "")
    first, second, third, fourth = story.steps
    assert (first.act, first.point, first.knobs) == ("stream", "template", {"rows": "0"})
    assert (second.act, second.knobs) == ("change", {"rows": "0", "template_buffer": "0"})
    assert (third.act, third.knobs) == ("stay", second.knobs)
    assert third.beside == Beside("/in-memory.csv", {})
    assert (fourth.act, fourth.target, fourth.knobs) == ("stream", "/large.csv", {"rows": "0"})


MISTAKES = {
    "template_bufer = 0": ("line 15", "unknown setting template_bufer. Did you mean template_buffer?"),
    "template_buffer = -1": ("line 15", "template_buffer=-1 is refused"),
    "rows_per_yield = 5": ("line 15", "rows_per_yield"),
    "template_buffer = true": ("line 15", "template_buffer is a number or a text."),
}


@pytest.mark.parametrize("setting", MISTAKES)
def test_that_a_wrong_setting_is_told_with_its_line(tmp_path: Path, setting: str) -> None:
    line, said = MISTAKES[setting]
    with pytest.raises(BadStory) as caught:
        read_story(written(tmp_path, GOOD.replace("template_buffer = 0", setting)))
    assert str(caught.value).startswith(f"mine.toml, {line}: ")
    assert said in str(caught.value)


CHANGES = {
    ('title = "A buffer"', 'titel = "A buffer"'): ("line 1", "unknown key titel. Did you mean title?"),
    ('title = "A buffer"', ""): ("line 1", "a story needs a title."),
    ("{median}", "{medain}"): ("line 9", "unknown placeholder {medain}. Did you mean median?"),
    ("{median}", "{median"): ("line 9", "a brace in a text begins a placeholder"),
    ("{median}", "{median.__class__}"): ("line 9", "a brace in a text begins a placeholder"),
    ("{median}", "{median:>99999999}"): ("line 9", "a brace in a text begins a placeholder"),
    ('"template"', '"tempalte"'): ("line 10", "unknown place tempalte. Did you mean template?"),
    ('act = "change"', 'act = "chnage"'): ("line 14", "act is one of stream, change, replay, stay, not chnage."),
    ('act = "change"', "speed = 99"): ("line 14", "speed is a number from 0.05 to 10."),
    ('act = "change"', "buttons = 1"): ("line 14", "buttons is true or false."),
    ('caption = "None."', ""): ("line 12", "a step needs a caption."),
    ('target = "/large.csv"', 'target = "/larg.csv"'): ("line 23", "Did you mean /large.csv?"),
    ('target = "/large.csv"', 'target = "/large.csv?rows=5"'): ("line 23", "settings stand in knobs"),
    ('target = "/large.csv"', 'target = "file:///etc/passwd"'): ("line 23", "target is a route, such as"),
    ("knobs = { rows = 40 }", "knobs = 40"): ("line 19", "knobs is a table"),
    ("rows = 40", "rows = 0"): ("line 19", "rows"),
    ('caption = "Rows."', 'caption = "Rows.'): ("line 22", "this is not TOML."),
    ("[[steps]]", "[[stages]]"): ("line 8", "unknown key stages. Did you mean steps?"),
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[1][:30])
def test_that_every_mistake_is_told_with_its_line_and_what_is_right(tmp_path: Path, change: tuple[str, str]) -> None:
    line, said = CHANGES[change]
    with pytest.raises(BadStory) as caught:
        read_story(written(tmp_path, GOOD.replace(*change)))
    assert str(caught.value).startswith(f"mine.toml, {line}: ")
    assert said in str(caught.value)


def test_that_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    huge = written(tmp_path, GOOD + "# " + "x" * MOST_BYTES)
    with pytest.raises(BadStory, match="larger than 64 KB"):
        read_story(huge)
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(BadStory, match="is not a file"):
        read_story(tmp_path / "folder.toml")
    with pytest.raises(BadStory, match="is not a file"):
        read_story(tmp_path / "absent.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "A"\nsummary = "caf\xe9"\n')
    with pytest.raises(BadStory, match=r"latin.toml, line 2: this is not UTF-8 text"):
        read_story(latin)
    nested = written(tmp_path, "title = " + "[" * 20_000)
    with pytest.raises(BadStory, match="this is not TOML"):
        read_story(nested)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_that_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(BadStory, match="is not a file"):
        read_story(tmp_path / "pipe.toml")
