"""Which requests may be recorded, where, and what happens where a recording can't be made or can't go on."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.types import WSGIApplication

import pytest

from inspector.tap import Tap, parts
from inspector.tap.mark_files import MarkFile
from tests.tapping import Recorded, environ_of, exchange, new_recording, start, stream_of

ITEMS = [b"one", b"two"]


@pytest.fixture
def app(tmp_path: Path) -> WSGIApplication:
    tap = Tap(tmp_path / "spool")
    (tmp_path / "spool").mkdir()
    return tap.write(tap.yields(stream_of(ITEMS)))


def everything_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "recording_id",
    [
        "",
        "x",
        "..",
        "../spool/20261120-231504-4f2a9c01",
        "20261120-231504-4f2a9c01/..",
        "20261120-231504-4F2A9C01",
        "20261120-231504-4f2a9c01\n",
        "20261120-231504-4f2a9c01,20261120-231504-4f2a9c01",
        "20261120-231504-4f2a9c01\0",
        "\u0662\u0660\u0662\u06661120-231504-4f2a9c01",
        "20261120-231504-" + "0" * 17,
    ],
)
def test_that_a_malformed_id_is_answered_and_not_recorded(
    app: WSGIApplication, tmp_path: Path, recording_id: str
) -> None:
    (tmp_path / "spool" / "20261120-231504-4f2a9c01").mkdir()
    before = everything_in(tmp_path)
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    assert everything_in(tmp_path) == before


def test_that_an_id_without_a_folder_makes_none(app: WSGIApplication, tmp_path: Path) -> None:
    assert exchange(app, environ_of("20261120-231504-4f2a9c01")).items == ITEMS
    assert everything_in(tmp_path) == {"spool"}


def test_that_a_recording_of_another_spool_is_not_found(app: WSGIApplication, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path / "other")
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    assert everything_in(tmp_path / "other") == {recording_id}


def test_that_a_link_to_a_folder_is_refused(app: WSGIApplication, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    recording_id = "20261120-231504-4f2a9c01"
    (tmp_path / "spool" / recording_id).symlink_to(tmp_path / "target", target_is_directory=True)
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    assert everything_in(tmp_path / "target") == set()


@pytest.mark.skipif(not hasattr(os, "chown") or os.name != "posix" or os.getuid() != 0, reason="only root gives away")
def test_that_a_folder_of_another_user_is_refused(app: WSGIApplication, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path / "spool")
    os.chown(tmp_path / "spool" / recording_id, 12345, 12345)
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    assert everything_in(tmp_path / "spool" / recording_id) == set()


@pytest.mark.parametrize("name", ["write.marks", "yield.marks", "part.marks", "sources.jsonl"])
def test_that_a_link_in_place_of_a_file_is_not_followed(app: WSGIApplication, tmp_path: Path, name: str) -> None:
    recording_id = new_recording(tmp_path / "spool")
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "spool" / recording_id / name).symlink_to(victim)
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    assert victim.read_bytes() == b"precious"


def test_that_a_second_request_with_the_same_id_records_nothing(app: WSGIApplication, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path / "spool")
    recorded = Recorded(tmp_path / "spool" / recording_id)
    first = iter(start(app, environ_of(recording_id)).body)
    assert next(first) == b"one"
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    assert next(first) == b"two"
    assert next(first, None) is None
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    for layer in ("part", "yield", "write"):
        assert recorded.ends(layer) == [3, 6]


def test_that_a_refused_write_tap_keeps_the_yield_tap_out_too(app: WSGIApplication, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path / "spool")
    (tmp_path / "spool" / recording_id / "write.marks").touch()
    assert exchange(app, environ_of(recording_id)).items == ITEMS
    assert Recorded(tmp_path / "spool" / recording_id).files == {"write.marks"}


def test_that_many_requests_at_once_with_one_id_record_one_of_them(app: WSGIApplication, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path / "spool")
    ready = threading.Barrier(8)
    answers: list[list[object]] = []

    def ask() -> None:
        ready.wait()
        answers.append(exchange(app, environ_of(recording_id)).items)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [ITEMS] * 8
    for layer in ("part", "yield", "write"):
        assert Recorded(tmp_path / "spool" / recording_id).ends(layer) == [3, 6]


def test_that_the_files_belong_to_this_user_alone(app: WSGIApplication, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path / "spool")
    exchange(app, environ_of(recording_id))
    for path in (tmp_path / "spool" / recording_id).iterdir():
        assert path.stat().st_mode & 0o077 == 0 or os.name != "posix"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
@pytest.mark.parametrize("wrap", [iter, parts])
@pytest.mark.parametrize("half_a_row_bytes", [0, 7])
def test_that_a_full_disk_ends_the_recording_and_not_the_response(
    wrap: Callable[[list[bytes]], Iterator[bytes]], half_a_row_bytes: int, tmp_path: Path
) -> None:
    import resource

    items = [b"item"] * 50
    tap = Tap(tmp_path)
    recording_id = new_recording(tmp_path)
    app = tap.write(tap.yields(lambda environ, start_response: wrap(items)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10 * 24 + half_a_row_bytes, hard))
    try:
        seen = exchange(app, environ_of(recording_id))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert seen.items == items
    assert seen.error is None
    recorded = Recorded(tmp_path / recording_id)
    assert recorded.ends("part") == recorded.ends("yield") == [4 * n for n in range(1, 11)]
    assert recorded.ends("write") == [4 * n for n in range(1, 16)]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
def test_that_a_file_with_half_a_row_takes_no_more_even_if_there_is_space_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    import resource

    file = MarkFile(tmp_path / "rows")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (7, hard))
    try:
        assert file.write(b"whole")
        assert not file.write(b"half!")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    file.write(b"whole")
    file.close()
    assert (tmp_path / "rows").read_bytes() == b"wholeha"
    assert "no space" in caplog.text


def test_that_the_end_of_a_recording_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = MarkFile(tmp_path / "rows")
    file._file.close()  # as a disk that is gone
    assert not file.write(b"row")
    assert file.write(b"row")
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "rows" in caplog.text


def test_that_a_folder_that_vanishes_does_not_disturb_the_response(app: WSGIApplication, tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path / "spool")
    folder = tmp_path / "spool" / recording_id
    body = start(app, environ_of(recording_id)).body
    items = iter(body)
    assert next(items) == b"one"
    if sys.platform != "win32":
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
    assert list(items) == [b"two"]
    body.close()  # type: ignore[attr-defined]


def test_that_the_files_are_there_before_the_app_is_called(tmp_path: Path) -> None:
    recording_id = new_recording(tmp_path)
    tap = Tap(tmp_path)
    seen: list[set[str]] = []

    def app(environ: object, start_response: object) -> list[bytes]:
        seen.append(Recorded(tmp_path / recording_id).files)
        return []

    exchange(tap.write(tap.yields(app)), environ_of(recording_id))
    assert seen == [{"write.marks", "yield.marks", "part.marks", "sources.jsonl"}]
