"""Where things are kept, and what is said when they can't be."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from inspector.session import DiskTrouble, Session
from inspector.session.data_folder import disk_trouble, home_folder


def test_that_the_environment_tells_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STREAMING_INSPECTOR_HOME", str(tmp_path / "here"))
    assert home_folder() == tmp_path / "here"
    monkeypatch.delenv("STREAMING_INSPECTOR_HOME")
    assert home_folder().name == "streaming-inspector"


def test_that_a_relative_home_folder_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STREAMING_INSPECTOR_HOME", "here")
    assert home_folder() == tmp_path / "here"


def test_that_a_home_that_can_not_be_made_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    session = Session(tmp_path / "file" / "home")
    with pytest.raises(
        DiskTrouble, match=r"can't be written to .*file/home .*set STREAMING_INSPECTOR_HOME to a folder"
    ):
        session.start()
    assert session.child_pids == {}
    session.close()


def test_that_a_full_disk_is_told_as_such() -> None:
    sentence = str(disk_trouble(OSError(errno.ENOSPC, "No space left on device"), Path("/data")))
    assert sentence.startswith("The disk that holds /data is full. Free some space")
    assert "is full" not in str(disk_trouble(PermissionError(errno.EACCES, "Permission denied"), Path("/data")))


def test_that_nothing_is_written_before_the_start(tmp_path: Path) -> None:
    Session(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []
