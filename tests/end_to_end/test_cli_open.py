"""``open`` as a person runs it: the object of a saved recording, files that can't be read, and what is left behind."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import zipfile
from pathlib import Path

import msgspec
import pytest

from inspector.cli import main
from inspector.cli.interrupts import Interrupts
from inspector.recording.archive import save_archive
from inspector.recording.meta import FORMAT, read_meta, write_meta
from tests.command_line import report_of, run_cli
from tests.fresh_python import run_python
from tests.sample_recording import write_sample

ID = "20261120-231504-4f2a9c01"


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, which a command has to leave empty."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A sound file."""
    sample = write_sample(tmp_path / "spool" / ID, [b"one\n" * 500, b"two\n" * 500])
    path = tmp_path / "slow day.stream"
    save_archive(sample.folder, path)
    return path


def changed(saved: Path, name: str, data: bytes) -> Path:
    """Save it again with another member."""
    path = saved.with_name("changed.stream")
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(path, "w") as other:
        for member in archive.namelist():
            other.writestr(member, data if member == name else archive.read(member))
    return path


def test_that_a_saved_recording_gives_the_report_of_the_recorded_one(tmp_path: Path) -> None:
    recorded = run_cli(tmp_path, "record", "/large.csv?rows=3&delay_ms=1", "--json", "-o", tmp_path / "one.stream")
    opened = run_cli(tmp_path, "open", tmp_path / "one.stream", "--json")
    assert (recorded.returncode, opened.returncode, opened.stderr) == (0, 0, b"")
    assert report_of(opened) == report_of(recorded)
    assert len(report_of(opened)["layers"]["yield"]["marks"]) == 3


def test_that_nothing_is_left_behind_and_no_qt_is_loaded(saved: Path, scratch: Path) -> None:
    code = (
        f"import sys, tempfile; tempfile.tempdir = {str(scratch)!r}; from inspector.cli import main; "
        f"status = main(['open', {str(saved)!r}, '--json']); print(status, 'PySide6' in sys.modules)"
    )
    result = run_python(code)
    assert result.stdout.splitlines()[-1] == "0 False", result.stderr
    assert list(scratch.iterdir()) == []


def test_that_a_file_cut_short_says_where_it_stops_and_gives_the_rest(
    saved: Path, scratch: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with zipfile.ZipFile(saved) as archive:
        last = archive.infolist()[-1]
    cut = saved.with_name("cut.stream")
    cut.write_bytes(saved.read_bytes()[: last.header_offset + 100])
    assert main(["open", str(cut), "--json"]) == 0
    output, errors = capfdbinary.readouterr()
    assert b"cut short" in errors
    assert last.filename.encode() in errors
    assert len(json.loads(output)["layers"]["yield"]["marks"]) == 2
    assert list(scratch.iterdir()) == []


def test_that_a_newer_format_is_refused_with_a_sentence(
    saved: Path, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = changed(saved, "meta.json", b'{"format": %d}' % (FORMAT + 1))
    assert main(["open", str(newer), "--json"]) == 1
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith("streaming-inspector: changed.stream: ")
    assert "Open it with a newer Streaming Inspector" in errors
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"no recording at all", bytes(5000)])
def test_that_what_is_no_recording_is_told(
    tmp_path: Path, scratch: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    (tmp_path / "a.stream").write_bytes(data)
    assert main(["open", str(tmp_path / "a.stream"), "--json"]) == 1
    output, errors = capsys.readouterr()
    assert (output, errors.count("\n")) == ("", 1)
    assert "a.stream: " in errors
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(("name", "named"), [("absent.stream", "no file"), ("", "is a folder")])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_that_a_file_that_there_is_not_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, named: str, options: list[str]
) -> None:
    assert main(["open", str(tmp_path / name), *options]) == 2
    assert named in capsys.readouterr().err
    assert main(["open"]) == 2


def test_that_secrets_stay_in_the_file_unless_asked_for(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = write_sample(tmp_path / "spool" / ID, [b"one\n"]).folder
    meta = read_meta(folder)
    assert meta is not None
    meta.request = msgspec.structs.replace(meta.request, headers=[("Authorization", "Bearer hush")])
    write_meta(folder, meta)
    save_archive(folder, tmp_path / "a.stream", redact=False)
    for options, is_told in ([], False), (["--with-secrets"], True):
        assert main(["open", str(tmp_path / "a.stream"), "--json", *options]) == 0
        assert (b"hush" in capfdbinary.readouterr().out) is is_told


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_that_ctrl_c_ends_it_and_leaves_nothing(
    saved: Path, scratch: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter = Interrupts.__enter__

    def interrupted(self: Interrupts) -> Interrupts:
        enter(self)
        signal.raise_signal(signal.SIGINT)
        return self

    monkeypatch.setattr(Interrupts, "__enter__", interrupted)
    assert main(["open", str(saved), "--json"]) == 130
    assert capsys.readouterr().out == ""
    assert list(scratch.iterdir()) == []
