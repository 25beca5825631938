"""Ids and folders of recordings as taps take them from requests that anybody may send."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inspector.recording import folder as folder_module
from inspector.recording.recording_id import is_recording_id, recording_folder

GOOD = "20261120-231504-4f2a9c01"


@pytest.mark.parametrize("text", [GOOD, "00000000-000000-00000000", "20261120-231504-4f2a9c014f2a9c01"])
def test_that_a_well_formed_id_is_one(text: str) -> None:
    assert is_recording_id(text)


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "..", "../" + GOOD, GOOD + "/..", GOOD + "\n", " " + GOOD, GOOD.upper(), GOOD + "\0", GOOD[:-1],
        "2026112\u0660-231504-4f2a9c01", "/etc/passwd", "C:\\" + GOOD, GOOD + "4f2a9c014f",
    ],
)  # fmt: skip
def test_that_anything_else_is_refused_as_an_id(tmp_path: Path, text: str) -> None:
    assert not is_recording_id(text)
    assert recording_folder(tmp_path, text) is None


def test_that_only_an_existing_folder_of_this_user_is_given(tmp_path: Path) -> None:
    assert recording_folder(tmp_path, GOOD) is None
    (tmp_path / GOOD).mkdir()
    assert recording_folder(tmp_path, GOOD) == tmp_path / GOOD


def test_that_a_link_and_a_file_are_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / GOOD).symlink_to(elsewhere, target_is_directory=True)
    (tmp_path / GOOD.replace("4f", "5f")).write_text("")
    assert recording_folder(tmp_path, GOOD) is None
    assert recording_folder(tmp_path, GOOD.replace("4f", "5f")) is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a folder away")
def test_that_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / GOOD).mkdir()
    os.chown(tmp_path / GOOD, 12345, -1)
    assert recording_folder(tmp_path, GOOD) is None


def test_that_readers_of_folders_find_the_same_names() -> None:
    assert folder_module.recording_folder is recording_folder
