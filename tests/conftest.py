"""Set-up of all tests: no screen, a home folder of their own, and nothing left behind by any of them."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import hypothesis
import pytest

from inspector.gui.startup.platform_check import check
from tests.leaks import Things, end_children, everything, left_behind
from tests.waiting import wait_until

_FOLDER = Path(tempfile.mkdtemp(prefix="streaming-inspector-tests-"))
_OUTCOME = pytest.StashKey[bool]()

# Before anything imports Qt or asks for the home folder.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["STREAMING_INSPECTOR_HOME"] = str(_FOLDER / "home")
os.environ["XDG_CONFIG_HOME"] = str(_FOLDER / "config")
# Tables of Unicode that take seconds to make, once for all processes and runs. Examples are not kept there.
os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(Path(__file__).parent.parent / ".hypothesis"))
if "XDG_RUNTIME_DIR" not in os.environ:
    (_FOLDER / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(_FOLDER / "run")

# Without bytecode each process that a test starts, and there are hundreds, would compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A run in the background of a shell ignores Ctrl+C, and so would every child that a test wants to interrupt.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Under nohup a closed terminal is ignored in the same way. A handler that does nothing is not handed to children.
if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# A deadline per example would measure the machine. In CI the same examples run every time.
hypothesis.settings.register_profile("development", deadline=None, max_examples=30, database=None)
hypothesis.settings.register_profile("ci", deadline=None, max_examples=50, database=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "development")


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Say what the system lacks, before pytest-qt loads Qt and says less."""
    problems = check(os.environ["QT_QPA_PLATFORM"])
    if problems:
        pytest.exit("\n".join(problems), returncode=pytest.ExitCode.USAGE_ERROR)


def pytest_xdist_auto_num_workers() -> int:
    """Take three workers for two processors: a test waits for real streams for a third of its time."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


def pytest_collection_finish() -> None:
    """Leave what was loaded so far out of every search for garbage: some tests look through all objects there are."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Remove the folder of this run."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what was skipped, one id per line, where CI asks for it: it is run again where nothing is missing."""
    path = os.environ.get("STREAMING_INSPECTOR_TESTS_SKIPPED")
    if path and report.skipped and "PYTEST_XDIST_WORKER" not in os.environ:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{report.nodeid}\n")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Remember whether the test itself passed, for `leaves_nothing_behind`."""
    report = yield
    if report.when == "call":
        item.stash[_OUTCOME] = report.passed
    return report


@contextmanager
def ending_children_at_timeout(before: Things) -> Iterator[None]:
    """Kill the children that a test has started before pytest-timeout fails it: ``with Popen`` would wait for them."""
    alarm = getattr(signal, "SIGALRM", None)  # Windows has none: there a timeout ends the whole run
    handler = signal.getsignal(alarm) if alarm else None
    if alarm is None or not callable(handler):
        yield
        return

    def end_children_first(number: int, frame: FrameType | None) -> None:
        end_children(before)
        handler(number, frame)

    signal.signal(alarm, end_children_first)
    try:
        yield
    finally:
        signal.signal(alarm, handler)


@pytest.fixture(autouse=True)
def leaves_nothing_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that passed but left a thread, a child process, an internet socket or a window.

    A test that failed is not asked: its traceback keeps its variables alive.
    """
    before = everything()
    with ending_children_at_timeout(before):
        yield
    if not request.node.stash.get(_OUTCOME, False):
        return
    found: list[str] = []

    def nothing_left() -> bool:
        found[:] = left_behind(before)
        return not found

    try:
        wait_until(nothing_left, deadline_s=3)
    except AssertionError:
        pytest.fail("left behind: " + "; ".join(found), pytrace=False)
