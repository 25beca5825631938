"""What ``stories`` prints and finds wrong, and what ``--story`` refuses before a window opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.assets import asset_path
from inspector.cli import main
from inspector.session.data_folder import HOME_VARIABLE
from inspector.stories.story_library import FOLDER_NAME, built_in_stories

GZIP = asset_path("stories/gzip.toml")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    return tmp_path


def test_that_all_stories_are_listed_with_the_folder_for_one_s_own(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stories"]) == 0
    printed = capsys.readouterr()
    assert [line.split()[0] for line in printed.out.splitlines()[2:10]] == [story.id for story in built_in_stories()]
    assert str(home / FOLDER_NAME) in printed.out
    assert "YOUR OWN" not in printed.out
    assert printed.err == ""


def test_that_a_mistake_in_one_s_own_is_told_with_its_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / FOLDER_NAME).mkdir()
    text = GZIP.read_text(encoding="utf-8")
    (home / FOLDER_NAME / "mine.toml").write_text(text, encoding="utf-8")
    (home / FOLDER_NAME / "wrong.toml").write_text(text.replace("delay_ms", "dealy_ms"), encoding="utf-8")
    assert main(["stories"]) == 1
    printed = capsys.readouterr()
    assert "  mine  Who ate my rows? · " in printed.out
    assert "wrong.toml, line 8: unknown setting dealy_ms. Did you mean delay_ms?" in printed.err


def test_that_given_files_are_checked_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stories", str(GZIP)]) == 0
    assert capsys.readouterr().out == "gzip.toml: Who ate my rows?, 5 steps.\n"
    assert main(["stories", str(GZIP), str(home / "absent.toml")]) == 1
    assert "absent.toml is not a file." in capsys.readouterr().err


def test_that_a_story_that_is_none_is_wrong_usage_and_opens_no_window(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--story", "gzipp"]) == 2
    assert "There is no story gzipp. There are jinja-buffer, " in capsys.readouterr().err
    assert main(["--story", "gzip", "/large.csv"]) == 2
    assert "leave TARGET and --no-run out" in capsys.readouterr().err
