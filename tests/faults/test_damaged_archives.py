"""Saved recordings that a disk, a download or a stranger has changed: what is shown was saved so, or it is told."""

from __future__ import annotations

import random
import shutil
import struct
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.verdict import judge
from inspector.recording.archive import load_archive, save_archive
from inspector.recording.change_log import CHANGES_NAME, Change, encode_change
from inspector.recording.folder import Recording
from inspector.recording.meta import BadRecording
from inspector.recording.process_samples import SAMPLES_NAME
from inspector.recording.tap_log import TAPS_NAME, TapMeta, encode_tap
from tests.command_line import run_cli, start_cli
from tests.fresh_python import run_python
from tests.packed_zeros import DEFLATE, packed_zeros
from tests.sample_recording import write_sample
from tests.waiting import wait_until

ID = "20261120-231504-4f2a9c01"
#: A member's header with neither name nor data.
EMPTY = b"PK\x03\x04" + bytes(26)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved recording with every member that one can have."""
    path = tmp_path_factory.mktemp("saved")
    folder = path / ID
    write_sample(folder, [f"row {index},\n".encode() * 3 for index in range(40)], gzip=True)
    change = Change(t_ns=7, side="server", knob="template_buffer", before="0", after="50")
    (folder / CHANGES_NAME).write_bytes(encode_change(change))
    (folder / SAMPLES_NAME).write_bytes(struct.pack("<8q", 1, 2, 3, 4, 5, 6, 7, 8))
    (folder / TAPS_NAME).write_bytes(encode_tap(TapMeta(layer="write", name="gzip", content_coding="gzip")))
    save_archive(folder, path / "saved.stream")
    return path / "saved.stream"


def everything(path: Path, spool: Path) -> tuple[list[object], list[str], list[str]]:
    """Return all that a file shows, its notes, and what it says is lost."""
    with closing(Recording(load_archive(path, spool))) as recording:
        recording.refresh()
        meta = recording.meta
        assert meta is not None
        shown: list[object] = [meta.request, meta.response, meta.ending, meta.title, meta.layers, meta.started_at]
        shown += [{name: track.rows.tolist() for name, track in recording.tracks.items()}]
        shown += [recording.changes, recording.taps, recording.samples.rows.tolist(), recording.sources.files]
        shown += [recording.sources.lines, recording.read_content(0, 1 << 20), recording.content.wire(0, 1 << 20)]
        shutil.rmtree(recording.folder)
        return shown, meta.notes, meta.lost


def test_that_no_single_bit_changes_what_is_shown_without_a_note(saved: Path, tmp_path: Path) -> None:
    whole, notes, lost = everything(saved, tmp_path / "spool")
    assert (notes, lost) == ([], [])
    sound, flipped = saved.read_bytes(), tmp_path / "flipped.stream"
    dice = random.Random(20261121)
    outcomes = {"same": 0, "refused": 0, "told": 0}
    for _ in range(200):
        bit = dice.randrange(len(sound) * 8)
        data = bytearray(sound)
        data[bit // 8] ^= 1 << bit % 8
        flipped.write_bytes(data)
        try:
            shown, notes, lost = everything(flipped, tmp_path / "spool")
        except BadRecording as error:
            outcomes["refused"] += str(error).startswith("flipped.stream: ")
            continue
        if shown == whole and not lost:
            outcomes["same"] += 1
            continue
        outcomes["told"] += 1
        assert "The file is damaged" in notes[-1], f"bit {bit}"
        assert all(name in notes[-1] for name in lost)
        for there, here in zip(whole, shown, strict=True):
            is_part = not here or here == there
            if isinstance(there, dict) and isinstance(here, dict):
                is_part = all(not rows or rows == there[name] for name, rows in here.items())
            assert is_part, f"bit {bit}: altered data is shown"
    assert min(outcomes.values()) > 10, outcomes
    assert sum(outcomes.values()) == 200, "each refusal names the file"
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize("name", ["read.npy", "write.npy", TAPS_NAME, CHANGES_NAME, "wire.bin", "content.bin"])
@pytest.mark.parametrize("hit", ["data", "name", "checksum"])
def test_that_a_member_that_was_hit_is_named_and_left_out(saved: Path, tmp_path: Path, name: str, hit: str) -> None:
    data = bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as archive:
        info = archive.getinfo(name)
    at = {"data": 30 + len(name) + 20 + info.compress_size // 2, "name": 31, "checksum": 15}[hit]
    data[info.header_offset + at] ^= 0x10
    (tmp_path / "hit.stream").write_bytes(data)
    with closing(Recording(load_archive(tmp_path / "hit.stream", tmp_path / "spool"))) as recording:
        recording.refresh()
        meta = recording.meta
        assert meta is not None
        assert meta.lost == [name]
        assert meta.notes == [f"The file is damaged: {name} can't be read as saved and is left out. The rest is here."]
        assert recording.taps == () if name == TAPS_NAME else recording.taps
        verdict = judge(analysis_of(recording.snapshot()))
        assert (verdict.evidence.rule == "lost") == (not name.endswith(".bin")), "without its marks nothing is judged"


def test_that_a_hit_meta_is_refused_as_damaged(saved: Path, tmp_path: Path) -> None:
    data = bytearray(saved.read_bytes())
    data[30 + len("meta.json") + 20 + 40] ^= 1
    (tmp_path / "hit.stream").write_bytes(data)
    with pytest.raises(BadRecording, match=r"damaged: nothing can be shown without its meta\.json"):
        load_archive(tmp_path / "hit.stream", tmp_path / "spool")
    assert list((tmp_path / "spool").iterdir()) == []


def test_that_a_cut_and_damaged_file_tells_both(saved: Path, tmp_path: Path) -> None:
    data = bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as archive:
        hit, cut = archive.getinfo("write.npy"), archive.getinfo("wire.bin")
    data[hit.header_offset + 30 + len("write.npy") + 20 + hit.compress_size // 2] ^= 1
    (tmp_path / "both.stream").write_bytes(data[: cut.header_offset + 60 + cut.compress_size // 2])
    _, notes, lost = everything(tmp_path / "both.stream", tmp_path / "spool")
    assert lost == ["write.npy", "wire.bin"]
    assert notes[0].startswith("The file is damaged: write.npy can't be read")
    assert notes[1].startswith("The file is cut short: it stops in wire.bin after ")


def test_that_what_follows_something_that_is_no_member_is_told_as_lost(saved: Path, tmp_path: Path) -> None:
    data = bytearray(saved.read_bytes())
    with zipfile.ZipFile(saved) as archive:
        info = archive.getinfo("piece.npy")
    data[info.header_offset] ^= 1
    (tmp_path / "hit.stream").write_bytes(data[:-22])  # the record at the end as well
    _, notes, lost = everything(tmp_path / "hit.stream", tmp_path / "spool")
    assert "piece.npy" in lost
    assert notes == ["The file is damaged: nothing can be read behind chunk.npy."]


def zip_header(name: bytes, packed: bytes, size: int) -> bytes:
    """A member as a ZIP has it, of a file that ends before its table."""
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(packed), size, len(name), 0) + name + packed


_MEASURED = """
import os, resource, time
from pathlib import Path
from inspector.recording.archive import load_archive
from inspector.recording.meta import BadRecording
before, began_s = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
try:
    print("opened", load_archive(Path(os.environ["BOMB"]), Path(os.environ["SPOOL"])).name)
except BadRecording as error:
    print("refused", error)
assert time.monotonic() - began_s < 4, "it took seconds"
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10, "it took memory"
"""


@pytest.mark.parametrize("kind", ["whole", "cut", "foreign member", "too many", "headers"])
def test_that_a_bomb_takes_neither_memory_nor_time(saved: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bomb.stream"
    with zipfile.ZipFile(saved) as archive:
        last = archive.getinfo("content.bin")
    members = saved.read_bytes()[: last.header_offset]
    if kind == "whole":
        path.write_bytes(saved.read_bytes())
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("label.json", bytes(200 << 20))
    elif kind == "cut":
        path.write_bytes(members + zip_header(b"content.bin", packed_zeros(100, DEFLATE), 300))
    elif kind == "foreign member":
        path.write_bytes(members + zip_header(b"junk.bin", packed_zeros(500, DEFLATE), 500 << 20))
    elif kind == "too many":
        path.write_bytes(members + EMPTY.replace(bytes(4), b"\1\0\0\0", 1) * 300_000)
    else:
        path.write_bytes(EMPTY * 350_000)
    spool = tmp_path / "spool"
    done = run_python(_MEASURED, BOMB=str(path), SPOOL=str(spool))
    opens = kind in {"cut", "foreign member"}
    assert done.stdout.startswith("opened" if opens else "refused"), done
    assert done.stderr == ""
    taken = sum(each.stat().st_size for each in spool.rglob("*") if each.is_file())
    assert taken < 1 << 20


def test_that_folders_of_killed_loads_are_removed_and_those_in_use_are_not(saved: Path, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    (spool / ".loading-0123456789abcdef").mkdir(parents=True)
    (spool / ".loading-0123456789abcdef" / "wire.bin").write_bytes(bytes(1000))
    seen: list[list[str]] = []

    def load_another(_done: int, _total: int) -> None:
        if not seen:
            seen.append([])
            shutil.rmtree(load_archive(saved, spool))
            seen.append(sorted(each.name for each in spool.iterdir()))

    folder = load_archive(saved, spool, progress=load_another)
    assert len(seen[1]) == 1, "the first load's folder stayed while the second one began and ended"
    assert seen[1][0].startswith(".loading-")
    assert list(spool.iterdir()) == [folder]


def test_that_a_killed_open_leaves_no_folder_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    big = write_sample(tmp_path / ID, [b"one"], framing="close-delimited")
    with (big.folder / "wire.bin").open("r+b") as file:
        file.truncate(200 << 20)
    save_archive(big.folder, tmp_path / "big.stream")

    def half_unpacked() -> bool:
        return any(path.stat().st_size > 1 << 20 for path in temporary.rglob("wire.bin"))

    with start_cli(tmp_path, "open", "--json", tmp_path / "big.stream") as killed:
        wait_until(half_unpacked, "the body is on its way")
        killed.kill()
        killed.communicate()
    assert list(temporary.glob("streaming-inspector-open-*"))
    write_sample(tmp_path / "20260101-000000-00000001", [b"one"])
    save_archive(tmp_path / "20260101-000000-00000001", tmp_path / "small.stream")
    assert run_cli(tmp_path, "open", "--json", tmp_path / "small.stream").returncode == 0
    assert list(temporary.glob("streaming-inspector-open-*")) == []
