"""One process that checks inputs until its time is over: ``python -m tests.fuzz.child``, started by `runs`.

The input that is being checked is always on the disk, so that it is known even where the process is killed by it.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.fuzz.checks import CHECKS, Check
from tests.fuzz.makers import MAKERS

#: An input that takes longer hangs: seconds of work, and on a busy machine of waiting too.
_LONGEST_WORK_S = 10
_LONGEST_S = 55
_MOST_MEMORY_BYTES = 6 << 30


def main() -> int:
    """Run the command line; exit status 0: no fault; 1: the input that is on the disk is one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", default="")
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--cases", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    _limit_memory()
    kinds = arguments.kinds.split(",") if arguments.kinds else []
    checks = dict(CHECKS)
    count, status = 0, 0
    with ExitStack() as ends:
        if "window" in kinds:
            from tests.fuzz.windowed import Windowed

            checks["window"] = windowed = Windowed(arguments.folder)
            ends.callback(windowed.close)
        for kind, data in _inputs(arguments, kinds):
            if not _is_sound(kind, data, checks[kind], arguments.folder):
                status = 1
                break
            count += 1
    print(f"{count} inputs")
    return status


def _inputs(arguments: argparse.Namespace, kinds: list[str]) -> Iterator[tuple[str, bytes]]:
    """Return kept cases by their kind, the beginning of their name; then inputs in turn until the time is over."""
    for case in arguments.cases:
        kind = case.name.partition("-")[0]
        if kinds != ["window"]:
            yield kind, case.read_bytes()
        elif kind in {"archive", "window"}:
            yield "window", case.read_bytes()
    until_s, turn = time.monotonic() + arguments.seconds, 0
    while time.monotonic() < until_s:
        kind = kinds[turn % len(kinds)]
        yield kind, MAKERS[kind](random.Random(f"{arguments.seed} {kind} {turn}"))
        turn += 1


def _is_sound(kind: str, data: bytes, check: Check, folder: Path) -> bool:
    (folder / "kind").write_text(kind)
    (folder / "input").write_bytes(data)
    faulthandler.dump_traceback_later(_LONGEST_S, exit=True)
    _limit_work(_LONGEST_WORK_S)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            check(data, Path(scratch))
    except BaseException:
        traceback.print_exc()
        return False
    finally:
        _limit_work(0)
        faulthandler.cancel_dump_traceback_later()
    (folder / "input").unlink()
    return True


def _limit_work(seconds: float) -> None:
    """End the process, with a traceback, once it has worked so long; 0 takes that back."""
    if hasattr(signal, "setitimer"):  # Windows has none
        faulthandler.register(signal.SIGPROF, chain=True)
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))


if __name__ == "__main__":
    faulthandler.enable()
    sys.exit(main())
