"""Where the system gives too little (disk, inodes, files, processes), one true sentence says so and nothing is left."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import PROGRAM, start_cli
from tests.fresh_python import ROOT

if sys.platform != "win32":
    import resource

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits and mounts of POSIX")
ENDLESS = "/large.csv?rows=0&delay_ms=1&row_bytes=10000"
_PIDS = Path("/sys/fs/cgroup/pids")


def can_mount() -> bool:
    if sys.platform != "linux" or os.getuid() != 0 or not shutil.which("unshare"):
        return False
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False)
    return tried.returncode == 0


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str, list[str]]:
    """Wait for the end of a command; return its status, its output, and what it complained of."""
    with process:
        output, errors = process.communicate(timeout=60)
    text = errors.decode()
    assert "Traceback" not in text, text
    complaints = [line for line in text.splitlines() if line.startswith("streaming-inspector: ")]
    return process.returncode, output.decode(), complaints


@pytest.mark.parametrize("most", [8, 12, 24, 40])
def test_that_too_few_files_are_told_before_anything_is_begun(tmp_path: Path, most: int) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    home = tmp_path / "home"
    status, output, complaints = ended(start_cli(home, "record", "/large.csv?rows=2", preexec_fn=limit))
    assert (status, output) == (1, "")
    (complaint,) = complaints
    assert complaint.endswith("too few files at once. Raise the limit, such as with ulimit -n 1024, and try again.")
    assert not home.exists()


def test_that_a_low_limit_of_files_is_raised_where_it_may_be(tmp_path: Path) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (24, hard))

    status, _, complaints = ended(start_cli(tmp_path, "record", "/large.csv?rows=2", preexec_fn=limit))
    assert (status, complaints) == (0, [])


def test_that_a_limit_of_file_sizes_ends_the_run_with_its_report(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    process = start_cli(tmp_path, "record", ENDLESS, "--json", "--max-seconds", "30", preexec_fn=limit)
    status, output, complaints = ended(process)
    report = json.loads(output)
    assert (status, report["ending"]["kind"]) == (1, "cut_short")
    assert report["response"]["status"] == 200
    assert len(complaints) == 1
    assert "File too large" in complaints[0]


@pytest.mark.parametrize("options", ["size=2m", "size=100k", "size=40k", "size=8k", "size=4k", "nr_inodes=12"])
def test_that_a_full_disk_ends_the_run_with_its_report_and_its_file(tmp_path: Path, options: str) -> None:
    if not can_mount():
        pytest.skip("no tmpfs can be mounted here: that needs root, unshare and a private mount namespace")
    saved = tmp_path / "one.stream"
    command = [*PROGRAM, "record", ENDLESS, "--json", "-o", str(saved), "--max-seconds", "30"]
    script = f'mount -t tmpfs -o {options} none /mnt && STREAMING_INSPECTOR_HOME=/mnt/home exec "$@"'
    status, output, complaints = ended(
        subprocess.Popen(
            ["unshare", "-m", "sh", "-c", script, "sh", *command],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
    )  # fmt: skip
    report = json.loads(output)
    assert status == 1
    assert report["ending"]["kind"] in ("cut_short", "not_started")
    assert len(complaints) == 1, complaints
    assert "/mnt/home is full. Free some space there" in complaints[0]
    assert saved.is_file()
    if options == "size=2m":
        assert len(report["layers"]["chunk"]["marks"]) > 20
        assert "could not be written: No space left on device" in report["ending"]["text"]


@contextlib.contextmanager
def processes_limited(most: int) -> Iterator[Any]:
    """Give what makes a child one of a group of so many processes and threads at most."""
    group = _PIDS / f"streaming-inspector-{os.getpid()}"
    try:
        group.mkdir()
        (group / "pids.max").write_text(str(most))
    except OSError:
        pytest.skip("no group of processes can be made here: that needs root and the pids controller")
    try:
        yield lambda: (group / "cgroup.procs").write_text(str(os.getpid()))
    finally:
        group.rmdir()


@pytest.mark.parametrize("most", [2, 3, 5])
def test_that_too_few_processes_are_told_once(tmp_path: Path, most: int) -> None:
    with processes_limited(most) as join:
        status, _, complaints = ended(start_cli(tmp_path, "record", "/large.csv?rows=2", preexec_fn=join))
    assert status == 1
    assert len(complaints) == 1, complaints
    assert "raise the limit" in complaints[0]
    assert list((tmp_path / "sessions").iterdir()) == []
