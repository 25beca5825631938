"""Makes our processes start and end fast: no garbage collection while loading, no teardown at the end.

What is loaded stays, so to look through it for garbage again and again is wasted work. Taking down the interpreter
module by module takes as long as loading half of them did, and the system gives everything back anyway.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import NoReturn


def begin_loading() -> None:
    """Let the collector rest until `end_loading`."""
    gc.disable()


def end_loading() -> None:
    """Let the collector look at what is made from now on; nothing happens where it did not rest."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def end_process(status: int) -> NoReturn:
    """End this process at once, its output handed over. For where files are closed, and threads and children done."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # full, closed, or never there
            stream.flush()
    os._exit(status)
