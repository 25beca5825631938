"""Reads all that the stories say: short sentences, no word that the rest of the program avoids, figures from runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inspector.assets import asset_path
from inspector.stories.placeholders import names_in, placeholders_markdown
from inspector.stories.story import Story
from inspector.stories.story_file import read_story
from inspector.stories.story_library import BUILT_IN, built_in_stories

PAGE = asset_path("stories/README.md")
MOST_WORDS = 20
#: What the program doesn't say: other words stand in its vocabulary, or none is needed.
BANNED = re.compile(
    r"\b(please|sorry|road|stations?|lumps?|packets?|coalesced?|delays?|latency|told|knobs?|simply|just|easily|knee)\b|!",
    re.IGNORECASE,
)
SENTENCE_ENDS = re.compile(r"(?<=[.?:])\s+(?=[A-Z{b])")


def sentences() -> list[tuple[str, str]]:
    """Return every sentence with the place where it stands."""
    found = []
    for story in built_in_stories():
        texts = {"title": story.title, "summary": story.summary}
        for number, step in enumerate(story.steps, 1):
            texts |= {f"caption {number}": step.caption, f"question {number}": step.question}
        found += [(f"{story.id}: {place}", part) for place, text in texts.items() for part in SENTENCE_ENDS.split(text)]
    return [(place, part) for place, part in found if part]


@pytest.mark.parametrize(("place", "sentence"), sentences())
def test_that_a_sentence_is_short_and_plain(place: str, sentence: str) -> None:
    assert len(sentence.split()) <= MOST_WORDS, place
    assert not BANNED.search(sentence), place


@pytest.mark.parametrize("story", built_in_stories(), ids=lambda story: story.id)
def test_that_a_story_has_a_few_steps_and_their_figures_come_from_the_run(story: Story) -> None:
    assert 3 <= len(story.steps) <= 6
    assert story.summary.endswith((".", "?"))
    for step in story.steps:
        assert step.caption.endswith((".", "?"))
        # What is not known yet is an ellipsis, which goes before no other dot.
        assert "}." not in step.caption
        assert step.question == "" or step.question.endswith("?")
        # Keys to press and versions of programs are no figures of a run.
        bare = re.sub(r"\{\w+\}|Press \d|\d+\.\d+\.\d+|HTTP/1\.1|Jinja2|Status", "", step.caption + step.question)
        assert not re.search(r"\d", bare), step.caption


def test_that_the_first_story_never_ends_and_shows_a_buffer_at_work() -> None:
    first = built_in_stories()[0].steps[0]
    assert (first.target, first.knobs["rows"], first.point) == ("/my-large-list.html", "0", "template")


def test_that_every_file_of_the_folder_is_offered() -> None:
    assert sorted(BUILT_IN) == sorted(path.stem for path in PAGE.parent.glob("*.toml"))


def test_that_the_example_of_the_page_is_a_story(tmp_path: Path) -> None:
    example = PAGE.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    path = tmp_path / "example.toml"
    path.write_text(example, encoding="utf-8")
    story = read_story(path)
    assert [step.act for step in story.steps] == ["stream", "change", "replay", "stream"]
    assert names_in(story.steps[-1].caption) == ("ttfb", "ttfb_b")


def test_that_the_page_explains_every_placeholder() -> None:
    assert placeholders_markdown() in PAGE.read_text(encoding="utf-8")
