"""Standard output that is closed, full, left or stuck, and ``-o`` on what is no plain file: nothing is lost."""

from __future__ import annotations

import os
import shlex
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from inspector.cli.standard_output import StandardOutput
from inspector.recording.archive import SaveFailed, save_archive
from inspector.recording.file_destination import save_bytes
from tests.command_line import PROGRAM, run_cli, start_cli, wait_until_streaming
from tests.fresh_python import ROOT
from tests.sample_recording import write_sample
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors, devices and signals of POSIX")
ID = "20261120-231504-4f2a9c01"
SHORT = "/large.csv?rows=30&delay_ms=1"
FULL = "Standard output can't be written: No space left on device."
CLOSED = "Standard output is closed, so nothing was printed."
LEFT = "Standard output has no reader any more."
full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


def in_shell(home: Path, arguments: str, redirection: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command line with a redirection of the shell; the exit status is that of the program."""
    command = f"{shlex.join(PROGRAM)} {arguments} {redirection}; exit ${{PIPESTATUS[0]}}"
    return subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=25,
        env={**os.environ, "STREAMING_INSPECTOR_HOME": str(home), **variables},
    )  # fmt: skip


def chunks_in(path: Path) -> int:
    """Return how many chunks a saved recording has."""
    with np.load(path) as members:
        return len(members["chunk"])


BROKEN = [
    pytest.param("> /dev/full", FULL, marks=full_device),
    (">&-", CLOSED),
    ("| true", LEFT),
    ("| head -c 1", LEFT),
]


@pytest.mark.parametrize("options", ["", "--json"])
@pytest.mark.parametrize(("redirection", "sentence"), BROKEN)
def test_that_a_recording_is_saved_whatever_happens_to_standard_output(
    tmp_path: Path, redirection: str, sentence: str, options: str
) -> None:
    path = tmp_path / "one.stream"
    result = in_shell(tmp_path, f"record '{SHORT}' {options} -o {path}", redirection)
    said = result.stderr.splitlines()[0] == f"streaming-inspector: {sentence}"
    # A pipe may take all of it before its reader leaves.
    assert (result.returncode, said) in ([(1, True), (0, False)] if sentence == LEFT else [(1, True)])
    assert f"Saved as {path}." in result.stderr
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr
    assert chunks_in(path) == 30


@pytest.mark.parametrize("command", ["routes", "--help", "sweep '/large.csv?rows=2&delay_ms=0' --knob rows --values 1"])
@pytest.mark.parametrize(("redirection", "sentence"), BROKEN[:2])
def test_that_every_command_says_in_one_sentence_that_it_could_not_print(
    tmp_path: Path, command: str, redirection: str, sentence: str
) -> None:
    result = in_shell(tmp_path, command, redirection)
    assert (result.returncode, result.stderr) == (1, f"streaming-inspector: {sentence}\n")


@pytest.mark.parametrize("redirection", ["2>&-", "2>&- <&-"])
def test_that_a_closed_standard_error_leaves_the_object_alone(tmp_path: Path, redirection: str) -> None:
    result = in_shell(tmp_path, f"record '{SHORT}' --json", redirection)
    assert result.returncode == 0
    assert result.stdout.startswith('{"format"')
    assert result.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "variables", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}], ids=["ascii", "POSIX"]
)
def test_that_an_encoding_without_a_letter_gets_an_escape(tmp_path: Path, variables: dict[str, str]) -> None:
    result = in_shell(tmp_path, "record '/large.csv?rows=2&delay_ms=0'", "", **variables)
    assert result.returncode == 0, result.stderr
    assert r"Jack O'Neill,Troms\xf8,79.19,paid" in result.stdout


def test_that_a_reader_who_leaves_ends_an_endless_recording_without_a_file(tmp_path: Path) -> None:
    result = in_shell(tmp_path, "record '/large.csv?rows=0&delay_ms=5'", "| head -3")
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["#", "1", "2"]
    assert result.returncode == 1
    said, ending, _ = result.stderr.splitlines()
    assert said == f"streaming-inspector: {LEFT[:-1]}, so the recording was stopped."
    assert ending.startswith("stopped: ")


def test_that_a_pipe_gets_the_lines_of_the_table_as_they_come(tmp_path: Path) -> None:
    with start_cli(tmp_path, "record", "/large.csv?rows=0&delay_ms=5") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        assert [line.split()[0] for line in lines] == [b"#", b"1", b"2", b"3"]
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate()


def test_that_a_reader_who_stands_still_keeps_nobody_from_saving(tmp_path: Path) -> None:
    path = tmp_path / "one.stream"
    target = "/large.csv?rows=2000&delay_ms=0&row_bytes=200"
    with start_cli(tmp_path, "record", target, "-o", path) as process:
        wait_until(path.exists, "the file, though nobody reads the table")
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        errors = process.stderr.read().decode()
        assert process.wait() == 1
    assert chunks_in(path) == 2000
    assert "Standard output was not read to its end." in errors


def test_that_a_closed_terminal_ends_the_recording_and_saves_it(tmp_path: Path) -> None:
    path = tmp_path / "one.stream"
    with start_cli(tmp_path, "record", "/large.csv?rows=0&delay_ms=5", "-o", path) as process:
        wait_until_streaming(tmp_path)
        # The shell and the system both say it.
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGHUP)
        _, errors = process.communicate()
    assert (process.returncode, b"Saved as" in errors) == (1, True)
    assert chunks_in(path) > 0


def test_that_nothing_is_called_saved_that_was_not(tmp_path: Path) -> None:
    for name in ("folder", "n" * 256):
        (tmp_path / "folder").mkdir(exist_ok=True)
        result = run_cli(tmp_path, "record", "/large.csv?rows=2&delay_ms=0", "-o", tmp_path / name)
        assert result.returncode == 1
        assert b"Saved as" not in result.stderr
        assert b"could not save the recording as" in result.stderr
        assert f"It is kept in {tmp_path}".encode() in result.stderr.replace(b"The recording is", b"It is")


# What -o names.


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """The folder of a sound recording."""
    return write_sample(tmp_path / "spool" / ID, [b"one\n", b"two\n"]).folder


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_that_a_new_file_is_for_its_owner_alone_and_an_old_one_keeps_its_mode(tmp_path: Path, recording: Path) -> None:
    before = os.umask(0)
    try:
        save_archive(recording, tmp_path / "new.stream")
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "new.stream") == 0o600
    for mode in (0o600, 0o644, 0o640):
        old = tmp_path / f"{mode:o}.stream"
        old.write_bytes(b"old")
        old.chmod(mode)
        save_archive(recording, old)
        assert (mode_of(old), chunks_in(old)) == (mode, 2)
    assert not list(tmp_path.glob(".saving-*"))


def test_that_a_link_is_followed_and_stays_a_link(tmp_path: Path, recording: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in ("there", "dangling"):
        target, link = tmp_path / "elsewhere" / name, tmp_path / f"{name}.stream"
        link.symlink_to(Path("elsewhere") / name)
        if name == "there":
            target.write_bytes(b"old")
        save_archive(recording, link)
        assert link.is_symlink()
        assert chunks_in(target) == 2


def test_that_a_name_as_long_as_one_can_be_is_saved(tmp_path: Path, recording: Path) -> None:
    save_archive(recording, tmp_path / ("n" * 248 + ".stream"))
    assert chunks_in(tmp_path / ("n" * 248 + ".stream")) == 2


def test_that_a_fifo_is_written_into_and_stays_one(tmp_path: Path, recording: Path) -> None:
    fifo, read = tmp_path / "fifo", tmp_path / "read.stream"
    os.mkfifo(fifo)
    reader = threading.Thread(target=lambda: read.write_bytes(fifo.read_bytes()))
    reader.start()
    save_archive(recording, fifo)
    reader.join()
    assert fifo.is_fifo()
    assert chunks_in(read) == 2


def test_that_standard_output_can_take_the_file(tmp_path: Path) -> None:
    result = in_shell(tmp_path, f"record '{SHORT}' --json -o /dev/stdout", f"| tail -n +1 > {tmp_path / 'both'}")
    assert result.returncode == 0, result.stderr
    head = (tmp_path / "both").read_bytes()
    assert head.startswith(b"PK")
    assert head.rstrip().endswith(b"}")
    assert Path("/dev/stdout").is_symlink()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can make a device")
@pytest.mark.parametrize(("minor", "is_full"), [(3, False), (7, True)])
def test_that_a_device_is_written_into_and_stays_one(
    tmp_path: Path, recording: Path, minor: int, is_full: bool
) -> None:
    device = tmp_path / "device"
    try:
        os.mknod(device, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        device.write_bytes(b"")
    except PermissionError:
        pytest.skip("this machine lets nobody use devices of their own")
    if is_full:
        with pytest.raises(SaveFailed, match="No space left"):
            save_archive(recording, device)
    else:
        save_archive(recording, device)
    assert device.is_char_device()
    assert not list(tmp_path.glob(".saving-*"))


def test_that_what_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    old = tmp_path / "old"
    save_bytes(old, b"old")
    (tmp_path / "closed").mkdir()
    for target in (tmp_path / "closed", tmp_path / "absent" / "x", tmp_path / ("n" * 256)):
        with pytest.raises(OSError, match=r"folder|No such|too long"):
            save_bytes(target, b"new")
    assert old.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"old", "closed"}


# Unit.


def test_that_output_without_a_descriptor_takes_everything(capsys: pytest.CaptureFixture[str]) -> None:
    output = StandardOutput()
    output.put("Zoë\n")
    output.finish()
    assert (output.failure, output.is_behind, capsys.readouterr().out) == ("", False, "Zoë\n")


def test_that_files_in_the_data_home_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run_cli(home, "record", SHORT, "-k", "middleware=gzip").returncode == 0
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "meta.json" for path in files)
    assert {path.name: oct(mode_of(path)) for path in files if mode_of(path) & 0o077} == {}
    assert {path.name for path in home.rglob("*") if path.is_dir() and mode_of(path) & 0o077} == set()
