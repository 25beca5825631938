"""Every run has its ending at once: on a full disk, with a recorder that hangs or is killed, in session and window."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.gui.shell.main_window import MainWindow
from inspector.gui.style.run_states import RunState
from inspector.recording.archive import load_archive, save_archive
from inspector.recording.folder import Recording
from inspector.recording.meta import read_meta
from inspector.session import Target
from inspector.session.run import OBEY_WITHIN_S
from tests.gui.conftest import preferences, window_of_its_own  # noqa: F401 - fixtures
from tests.gui.running import DEADLINE_MS, begin, stream, wait_for_items
from tests.gui.window_driver import banner, state_of, stop
from tests.sessions import Driver, driven

if sys.platform != "win32":
    import resource

linux = pytest.mark.skipif(sys.platform != "linux", reason="the limits of another process can be set on Linux only")
posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP is a POSIX thing")
ENDLESS = "/large.csv?rows=0&delay_ms=2"


@contextmanager
def full_disk(*pids: int) -> Iterator[None]:
    """Let this process, and others, write nothing more into any file, as on a full disk."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in (0, *pids)}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def recorder_of(driver: Driver) -> int:
    return driver.session.child_pids["recorder"]


@linux
def test_that_a_full_disk_ends_the_run_at_once_and_the_ending_is_written_when_there_is_room(tmp_path: Path) -> None:
    with driven(tmp_path / "home") as driver:
        run = driver.session.record(Target.parse(ENDLESS))
        driver.until_marks(run, "chunk", 5)
        with full_disk(recorder_of(driver)):
            ending = driver.until_ended(run)
            assert ending.kind == "cut_short"
            assert run.has_ended
            assert read_meta(run.folder) is None or read_meta(run.folder).ending is None  # type: ignore[union-attr]
            driver.until_notice("disk_trouble")
            assert run.recording.meta is not None
            assert run.recording.meta.response is not None
        saved = driver.until(lambda: (meta := read_meta(run.folder)) and meta.ending, "the ending on the disk")
        assert saved == ending
        assert [notice.kind for notice in driver.notices].count("disk_trouble") == 1
        again, ending_again = driver.record("/large.csv?rows=2")
        assert ending_again.kind == "complete"
        kept = run.recording.read_content(0, 100)
        assert len(kept) == 100
        run.recording.close()
        again.recording.close()


@linux
def test_that_what_the_disk_did_not_take_is_in_the_saved_file(tmp_path: Path) -> None:
    with driven(tmp_path / "home") as driver:
        run = driver.session.record(Target.parse(ENDLESS))
        driver.until_marks(run, "chunk", 5)
        with full_disk(recorder_of(driver)):
            ending = driver.until_ended(run)
            told = run.unsaved
        save_archive(run.folder, tmp_path / "one.stream", meta=told)
        loaded = Recording(load_archive(tmp_path / "one.stream", tmp_path))
        loaded.refresh()
        assert loaded.meta is not None
        assert loaded.meta.ending == ending
        assert loaded.tracks["chunk"].total_bytes == run.recording.tracks["chunk"].total_bytes > 0
        loaded.close()
        run.recording.close()


@posix
@pytest.mark.parametrize("limit_s", [None, 0.5], ids=["stop", "limit"])
def test_that_a_recorder_that_hangs_can_not_keep_a_run_from_ending(tmp_path: Path, limit_s: float | None) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse(ENDLESS), max_seconds=limit_s)
        driver.until_marks(run, "chunk", 2)
        hung = recorder_of(driver)
        os.kill(hung, signal.SIGSTOP)
        asked_s = time.monotonic()
        if limit_s is None:
            driver.session.stop(run)
        ending = driver.until_ended(run)
        assert ending.kind == ("stopped" if limit_s is None else "over_limit")
        if limit_s is None:
            assert time.monotonic() - asked_s >= OBEY_WITHIN_S
            assert "did not answer" in ending.text
        # Where it had ended the run itself just before it was stopped, nothing else had to end it.
        if "did not answer" in ending.text:
            driver.until(lambda: driver.session.child_pids.get("recorder", hung) != hung, "another recorder")
        else:
            os.kill(hung, signal.SIGCONT)
        again, ending_again = driver.record("/large.csv?rows=2")
        assert ending_again.kind == "complete"
        run.recording.close()
        again.recording.close()


@posix
def test_that_a_run_that_a_hung_recorder_had_not_begun_is_made_by_the_next_one(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        first = driver.session.record(Target.parse(ENDLESS))
        driver.until_marks(first, "chunk", 5)
        os.kill(recorder_of(driver), signal.SIGSTOP)
        driver.session.stop(first)
        second = driver.session.record(Target.parse("/large.csv?rows=2"))
        assert driver.until_ended(first).kind == "stopped"
        assert driver.until_ended(second).kind == "complete"
        first.recording.close()
        second.recording.close()


@linux
def test_that_the_window_works_again_after_a_full_disk(
    qtbot: QtBot,
    window_of_its_own: MainWindow,  # noqa: F811 - the fixture
) -> None:
    window = window_of_its_own
    begin(window, ENDLESS)
    wait_for_items(qtbot, window, "chunk", 5)
    with full_disk(window.session.child_pids["recorder"]):
        qtbot.waitUntil(lambda: state_of(window) is RunState.CUT_SHORT, timeout=DEADLINE_MS)
        assert banner(window).isVisible()
        assert banner(window).severity in ("error", "warning")
        qtbot.waitUntil(lambda: window.analysis.verdict is not None, timeout=DEADLINE_MS)
        qtbot.waitUntil(
            lambda: window.analysis.verdict is not None and window.analysis.verdict.kind == "cut_short",
            timeout=DEADLINE_MS,
        )
        stop(window)
    stream(qtbot, window, "/large.csv?rows=3")
    qtbot.waitUntil(lambda: state_of(window) is RunState.COMPLETE, timeout=DEADLINE_MS)
