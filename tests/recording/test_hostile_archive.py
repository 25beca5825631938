"""Files that only say they are recordings: every one ends in a sentence, and none in a file outside or half inside."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typing_extensions import override

from inspector.recording.archive import load_archive, save_archive
from inspector.recording.meta import BadRecording, NewerFormat, read_meta
from tests.sample_recording import write_sample

ID = "20261120-231504-4f2a9c01"


@pytest.fixture
def members(tmp_path: Path) -> dict[str, bytes]:
    """Return the members of a sound recording."""
    sample = write_sample(tmp_path / "spool" / ID, [b"one", b"two"], gzip=True)
    save_archive(sample.folder, tmp_path / "sound.stream")
    with zipfile.ZipFile(tmp_path / "sound.stream") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def load(tmp_path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(tmp_path / "h.stream", "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return load_archive(tmp_path / "h.stream", tmp_path / "into")


def refused(tmp_path: Path, members: dict[str, bytes], match: str, compression: int = zipfile.ZIP_DEFLATED) -> None:
    with pytest.raises(BadRecording, match=match) as caught:
        load(tmp_path, members, compression)
    assert str(caught.value).startswith("h.stream: ")
    assert list((tmp_path / "into").iterdir()) == []


def npy(rows: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, rows)
    return file.getvalue()


def test_that_the_sound_one_loads(tmp_path: Path, members: dict[str, bytes]) -> None:
    assert load(tmp_path, members).name == ID
    assert load(tmp_path, members, zipfile.ZIP_STORED).name != ID


@pytest.mark.parametrize("data", [b"", b"PK", b"<html>not found</html>", b"PK\x05\x06" + bytes(17), bytes(1000)])
def test_that_what_is_no_zip_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "h.stream").write_bytes(data)
    with pytest.raises(BadRecording, match=r"^h\.stream: not a saved recording"):
        load_archive(tmp_path / "h.stream", tmp_path / "into")


def test_that_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_archive(tmp_path / "none.stream", tmp_path / "into")


def test_that_a_zip_without_meta_is_told(tmp_path: Path, members: dict[str, bytes]) -> None:
    del members["meta.json"]
    refused(tmp_path, members, r"it has no meta\.json")


def test_that_members_of_other_names_are_never_written(tmp_path: Path, members: dict[str, bytes]) -> None:
    for name in (
        "../evil",
        "/tmp/evil-absolute",
        "a/../../evil",
        "wire.bin/../evil",
        "..\\evil",
        "meta.json/x",
        "./wire.bin",
    ):
        members[name] = b"evil"
    expected = {"meta.json", "sources.jsonl", "wire.bin", "content.bin"}
    expected |= {f"{layer}.marks" for layer in ("part", "yield", "write", "read", "chunk", "piece")}
    assert {path.name for path in load(tmp_path, members).iterdir()} == expected
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_that_a_member_that_is_there_twice_is_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "h.stream", "w") as archive:
        for name in (*members, "read.npy"):
            archive.writestr(name, members[name])
    with pytest.raises(BadRecording, match=r"read\.npy twice"):
        load_archive(tmp_path / "h.stream", tmp_path / "into")


def test_that_a_newer_format_is_told_before_anything_else_is_judged(tmp_path: Path, members: dict[str, bytes]) -> None:
    members = {"meta.json": b'{"format": 99}', "read.npy": b"something new"}
    with pytest.raises(NewerFormat, match="format 99"):
        load(tmp_path, members)
    assert list((tmp_path / "into").iterdir()) == []


def test_that_a_bad_meta_is_told(tmp_path: Path, members: dict[str, bytes]) -> None:
    meta = json.loads(members["meta.json"])
    meta["response"]["status"] = "fine"
    for data, match in (
        (json.dumps(meta).encode(), r"\$\.response\.status"),
        (b"{}", "format"),
        (b'{"format": true}', "format"),
        (b"\xff", "meta.json"),
        (b'{"format": 0}', "start at 1"),
    ):
        refused(tmp_path, {**members, "meta.json": data}, match)


def test_that_bad_sources_are_told(tmp_path: Path, members: dict[str, bytes]) -> None:
    refused(tmp_path, {**members, "sources.jsonl": b'{"line": []}\n'}, r"sources\.jsonl, line 1: .*\$\.line")


BAD_NPY = {
    "empty": b"",
    "no npy": b"hello world, I am no array",
    "cut header": npy(np.zeros((2, 5), dtype="<i8"))[:50],
    "cut rows": npy(np.zeros((2, 5), dtype="<i8"))[:-1],
    "more rows": npy(np.zeros((2, 5), dtype="<i8")) + bytes(40),
    "one dimension": npy(np.zeros(10, dtype="<i8")),
    "other columns": npy(np.zeros((5, 4), dtype="<i8")),
    "no columns": npy(np.zeros((2, 0), dtype="<i8")),
    "floats": npy(np.zeros((2, 5))),
    "big endian": npy(np.zeros((2, 5), dtype=">i8")),
    "fortran order": npy(np.asfortranarray(np.zeros((2, 5), dtype="<i8"))),
    "falling offsets": npy(np.array([[1, 9, 1, 1, 1], [2, 8, 1, 1, 1]], dtype="<i8")),
    "negative": npy(np.array([[1, -1, 0, 0, 1]], dtype="<i8")),
    "beyond": npy(np.array([[1, 2**63 - 1, 0, 0, 1]], dtype="<i8")),
    "code": b"\x93NUMPY\x01\x00\x76\x00"
    + b"{'descr': __import__('os').abort(), 'fortran_order': False}".ljust(117)
    + b"\n",
    "huge shape": npy(np.zeros((2, 5), dtype="<i8")).replace(b"(2, 5)", b"(9999999999999, 5)", 1),
    "negative shape": npy(np.zeros((2, 5), dtype="<i8")).replace(b"(2, 5), ", b"(-2,-5),", 1),
    "huge header": b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + bytes(100),
    "deep header": b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 65535,
}


@pytest.mark.parametrize("data", BAD_NPY.values(), ids=BAD_NPY.keys())
def test_that_a_bad_track_is_told_by_its_name(tmp_path: Path, members: dict[str, bytes], data: bytes) -> None:
    refused(tmp_path, {**members, "read.npy": data}, r"read\.npy")


def test_that_an_object_array_is_never_unpickled(tmp_path: Path, members: dict[str, bytes]) -> None:
    file = io.BytesIO()
    np.save(file, np.array([[Exploding()]], dtype=object), allow_pickle=True)
    refused(tmp_path, {**members, "read.npy": file.getvalue()}, r"read\.npy is an array of object")


class Exploding:
    @override
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return (pytest.fail, ("unpickled",))


def test_that_compressions_that_are_not_ours_are_refused(tmp_path: Path, members: dict[str, bytes]) -> None:
    for compression in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        refused(tmp_path, members, "compressed in a way that is not used", compression)


def test_that_a_member_that_claims_more_than_its_bytes_can_make_is_left_out(
    tmp_path: Path, members: dict[str, bytes]
) -> None:
    load(tmp_path, members)
    path = tmp_path / "h.stream"
    with zipfile.ZipFile(path, "a") as archive:
        archive.getinfo("wire.bin").file_size = 1 << 61
        archive._didModify = True  # type: ignore[attr-defined]
    folder = load_archive(path, tmp_path / "other")
    assert not (folder / "wire.bin").exists()
    meta = read_meta(folder)
    assert meta is not None
    assert meta.lost == ["wire.bin"]
    assert meta.notes[-1].startswith("The file is damaged: wire.bin can't be read as saved")


def test_that_what_the_disk_must_keep_free_is_never_taken(
    tmp_path: Path, members: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    total = 4 << 30
    free = total // 10 + 1_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(total, total - free, free))
    refused(tmp_path, members | {"wire.bin": bytes(5_000)}, "only 1,000 bytes of disk can be used")


@pytest.mark.parametrize(("name", "size"), [("meta.json", 17 << 20), ("sources.jsonl", 65 << 20)])
def test_that_members_that_are_read_whole_have_a_bound(
    tmp_path: Path, members: dict[str, bytes], name: str, size: int
) -> None:
    refused(tmp_path, {**members, name: members[name] + b"\n" * size}, f"{name} is said to have")


def test_that_a_damaged_file_that_does_not_load_is_told_and_leaves_nothing_whatever_byte_is_hit(
    tmp_path: Path, members: dict[str, bytes]
) -> None:
    sound = (tmp_path / "sound.stream").read_bytes()
    dice = random.Random(7)
    told = 0
    for turn in range(400):
        data = bytearray(sound)
        for _ in range(dice.choice((1, 1, 1, 4))):
            data[dice.randrange(len(data))] = dice.randrange(256)
        if turn % 10 == 0:
            del data[dice.randrange(len(data)) :]
        (tmp_path / "h.stream").write_bytes(data)
        spool = tmp_path / f"into-{turn}"
        try:
            load_archive(tmp_path / "h.stream", spool)
        except BadRecording:
            told += 1
            assert list(spool.iterdir()) == []
    assert told > 150
