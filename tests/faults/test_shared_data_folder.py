"""One home folder for several programs, users, containers and dead sessions: nobody touches what lives, or reads it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from inspector.catalogue import available, engine_of, proxy_of
from inspector.recording.annotations import Annotations, write_annotations
from inspector.recording.archive import save_archive
from inspector.recording.meta import Meta, RequestMeta, read_meta, write_meta
from inspector.session import Target
from inspector.session.data_folder import make_session_folder
from inspector.session.retention import set_limit_bytes, tidy
from inspector.session.run_library import RunLibrary
from inspector.session.session_locks import LOCKS_NAME, claim, is_alive, taken_over
from tests.command_line import start_cli, wait_until_streaming
from tests.sessions import driven
from tests.waiting import wait_until

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and signals of POSIX")
ID = "20260101-000000-0123abcd"
ENDLESS = "/large.csv?rows=0&delay_ms=5"


def ending_of(folder: Path) -> str | None:
    meta = read_meta(folder)
    return meta.ending.kind if meta and meta.ending else None


def left_by(home: Path, session_name: str) -> Path:
    """Make what a dead session of this name leaves: its folder and a recording without an ending."""
    session_folder, folder = home / "sessions" / session_name, home / "recordings" / ID
    for each in (session_folder, folder):
        each.mkdir(parents=True)
    (session_folder / "runs").write_text(f"{ID}\n")
    write_meta(folder, Meta(id=ID, started_at="", request=RequestMeta()))
    return folder


@pytest.mark.parametrize("pid", [1, os.getpid(), os.getppid(), 999_999_999], ids=["first", "own", "parent", "none"])
def test_that_a_dead_session_is_buried_whoever_has_its_process_id_now(tmp_path: Path, pid: int) -> None:
    folder = left_by(tmp_path, f"{pid}-12345678")
    list(tidy(tmp_path))
    assert ending_of(folder) == "cut_short"
    assert list((tmp_path / "sessions").iterdir()) == []
    assert list((tmp_path / LOCKS_NAME).iterdir()) == []


def test_that_a_claim_holds_until_it_is_released_and_leaves_nothing(tmp_path: Path) -> None:
    folder, claimed = claim(tmp_path / "sessions")
    assert is_alive(folder)
    with taken_over(folder) as is_dead:
        assert not is_dead
    list(tidy(tmp_path))
    assert folder.is_dir()
    folder.rmdir()
    claimed.release()
    claimed.release()
    assert not is_alive(folder)
    assert list((tmp_path / LOCKS_NAME).iterdir()) == []


def test_that_of_two_that_bury_one_does(tmp_path: Path) -> None:
    left_by(tmp_path, "1-12345678")
    with taken_over(tmp_path / "sessions" / "1-12345678") as first:
        with taken_over(tmp_path / "sessions" / "1-12345678") as second:
            assert (first, second) == (True, False)
        list(tidy(tmp_path))
        assert (tmp_path / "sessions" / "1-12345678").is_dir()


@posix
@pytest.mark.skipif(not shutil.which("unshare"), reason="no unshare on this system")
def test_that_a_program_in_another_container_leaves_a_running_session_alone(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-pf", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no other namespace of process ids can be made here: that needs root")
    with start_cli(tmp_path, "record", ENDLESS) as running:
        folder = wait_until_streaming(tmp_path)
        inside = subprocess.run(
            ["unshare", "-pf", sys.executable, "-m", "inspector", "record", "/large.csv?rows=2"],
            env={**os.environ, "STREAMING_INSPECTOR_HOME": str(tmp_path)},
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        assert inside.returncode == 0, inside.stderr
        assert ending_of(folder) is None
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=20)
    assert ending_of(folder) == "stopped"


@posix
def test_that_nobody_buries_a_killed_session_while_its_recorder_still_writes(tmp_path: Path) -> None:
    with start_cli(tmp_path, "record", ENDLESS) as running:
        folder = wait_until_streaming(tmp_path)
        recorder = next(
            child for child in psutil.Process(running.pid).children() if "inspector.capture" in child.cmdline()
        )
        recorder.suspend()
        running.kill()
        running.communicate()
    list(tidy(tmp_path))
    assert ending_of(folder) is None
    recorder.resume()
    wait_until(lambda: ending_of(folder), "the recorder's own ending")
    assert ending_of(folder) == "stopped"
    (session_folder,) = (tmp_path / "sessions").iterdir()
    wait_until(lambda: not is_alive(session_folder), "the end of all its threads")
    list(tidy(tmp_path))
    assert list((tmp_path / "sessions").iterdir()) == []


def too_open(home: Path) -> list[str]:
    """Return what others than its owner may read in a home folder, with its mode."""
    found = []
    for path in (home, *home.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & 0o077:
            found.append(f"{path.relative_to(home)} {mode:o}")
    return found


@posix
def test_that_everything_in_the_home_folder_is_its_users_alone_whatever_the_umask(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    before = os.umask(0)
    try:
        with driven(home) as driver:
            run, _ = driver.record("/my-large-page.html?rows=3&delay_ms=0")
            queries = ["engine=waitress"] if available(engine_of("waitress")) else []
            queries += ["proxy=nginx"] if available(proxy_of("nginx")) else []
            for query in queries:
                other, _ = driver.record(f"/large.csv?rows=3&delay_ms=0&{query}")
                other.recording.close()
            driver.session.hold(run.id)
            write_annotations(run.folder, Annotations(name="mine"))
            set_limit_bytes(home, 10**9)
            library = RunLibrary(home)
            save_archive(run.folder, tmp_path / "one.stream")
            taken = library.import_file(tmp_path / "one.stream")
            assert too_open(home) == []
            library.delete([taken.name])
            assert too_open(home) == []
            run.recording.close()
    finally:
        os.umask(before)


def test_that_a_session_whose_home_was_made_by_others_starts(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    (tmp_path / "sessions").mkdir()
    folder, claimed = make_session_folder(tmp_path)
    assert is_alive(folder)
    claimed.release()
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=1"))
        assert driver.until_ended(run).kind == "complete"
        run.recording.close()
