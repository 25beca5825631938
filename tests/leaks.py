"""What a test must not leave behind: threads, child processes, internet sockets, visible windows.

Each kind is a function that lists what exists now, as text by identity; the fixture in ``conftest.py`` compares the
lists before and after a test. What fixtures of a wider scope hold exists before and is not counted.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any

import psutil

Things = dict[Hashable, str]


def threads() -> Things:
    """List the running Python threads."""
    return {thread.ident: f"thread {thread.name!r}" for thread in threading.enumerate() if thread.is_alive()}


def descendants() -> list[psutil.Process]:
    """Return the child processes of this one and all that they started.

    Linux lists the children of a thread; psutil finds them by looking at every process there is, which takes longer
    than most tests.
    """
    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        return psutil.Process().children(recursive=True)
    # A child that ends in the midst of a look may hide the one behind it, so there are two looks.
    pids = {*_pids_below(os.getpid()), *_pids_below(os.getpid())}
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid))
    return found


def _pids_below(pid: int) -> Iterator[int]:
    for thread in _names(Path(f"/proc/{pid}/task")):
        for child in map(int, _text(thread / "children").split()):
            yield child
            yield from _pids_below(child)


def _names(folder: Path) -> list[Path]:
    """Return what is in the folder of a process, nothing where the process has ended meanwhile."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def processes() -> Things:
    """List the running child processes of this one and all that they started; a zombie has ended and holds nothing."""
    found: Things = {}
    for child in descendants():
        try:
            if child.status() != psutil.STATUS_ZOMBIE:
                found[child.pid, child.create_time()] = f"process {child.pid}: {' '.join(child.cmdline())[:200]}"
        except psutil.NoSuchProcess:
            continue
    return found


def sockets() -> Things:
    """List the open internet sockets of this process."""
    return {
        (each.fd, each.laddr, each.raddr): f"socket {each.laddr} to {each.raddr or 'nobody'}, {each.status}"
        for each in psutil.Process().net_connections("inet")
    }


def windows() -> Things:
    """List the visible top-level windows. Qt is not imported for this where the test did not."""
    widgets: Any = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or not isinstance(app := widgets.QApplication.instance(), widgets.QApplication):
        return {}
    app.processEvents()
    return {
        id(window): f"window {window.windowTitle()!r} ({type(window).__name__})"
        for window in app.topLevelWidgets()
        if window.isVisible()
    }


KINDS: tuple[Callable[[], Things], ...] = (threads, processes, sockets, windows)


def everything() -> Things:
    """List all that exists now, of all kinds."""
    return {(kind.__name__, key): text for kind in KINDS for key, text in kind().items()}


def left_behind(before: Things) -> list[str]:
    """Return what exists now and did not exist before."""
    return [text for key, text in everything().items() if key not in before]


def end_children(before: Things) -> None:
    """Kill the child processes that did not exist before, so that whoever waits for one of them goes on."""
    for child in descendants():
        with contextlib.suppress(psutil.NoSuchProcess):
            if (processes.__name__, (child.pid, child.create_time())) not in before:
                child.kill()
