"""How soon what is there: the window beside a bare one of PySide6, and the commands, in the same run.

``python -m tests.benchmarks.bench_start [--rounds N] [NAME ...]`` starts everything in interleaved rounds in fresh
processes (offscreen, unless ``QT_QPA_PLATFORM`` says otherwise), and prints medians beside their goals. Times run from
before the process is started; "CPU" is what the process itself has used by then, which other programs disturb less.

A row more is a row more in `STARTS`: a name, a function that does it once and returns stamps, and their goals.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.raw_server import sending
from tests.waiting import wait_until

_ROOT = Path(__file__).parents[2]
_TARGET = "/large.csv?rows=200&delay_ms=5"
#: Stamps of one start by their names: milliseconds unless the name says another unit.
Stamps = dict[str, float]


@dataclass(frozen=True)
class Goal:
    """At most ``limit``; ``of_bare`` makes that a multiple of the same stamp of the bare window."""

    limit: float
    of_bare: bool = False

    def text(self, stamps: Stamps, name: str, bare: Stamps) -> str:
        """Return how a stamp compares with this goal."""
        value = stamps[name] / bare[name] if self.of_bare else stamps[name]
        unit = " x bare" if self.of_bare else ""
        return f"{value:,.1f}{unit}, goal {self.limit:g}{unit}: {'met' if value <= self.limit else 'MISSED'}"


@dataclass(frozen=True)
class Start:
    """Something that is started: ``run`` does it once in an environment, in a fresh home, and returns stamps."""

    name: str
    run: Callable[[Mapping[str, str]], Stamps]
    #: Goals of the stamps that are printed, None for one that has none.
    goals: Mapping[str, Goal | None] = field(default_factory=dict)


def _window(what: str, words: tuple[str, ...], environment: Mapping[str, str]) -> Stamps:
    """Start a window until ``what`` is on screen; see `stamped_window`."""
    command = [sys.executable, "-m", "tests.benchmarks.stamped_window", str(time.monotonic_ns()), what, *words]
    done = subprocess.run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{what}: exit status {done.returncode}\n{done.stderr}")
    stamps: Stamps = json.loads(done.stdout)
    return stamps


def _ended(process: subprocess.Popen[bytes], since_ns: int) -> Stamps:
    """Wait for a process; return when it had ended, and what it and the children that it waited for have used."""
    _, status, used = os.wait4(process.pid, 0)
    ended_ms = (time.monotonic_ns() - since_ns) / 1e6
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{process.args!r}: exit status {process.returncode}")
    return {"ended": ended_ms, "CPU, children too": (used.ru_utime + used.ru_stime) * 1e3}


def _python(words: tuple[str, ...], environment: Mapping[str, str]) -> Stamps:
    """Run Python with some words to its end."""
    since_ns = time.monotonic_ns()
    process = subprocess.Popen(
        [sys.executable, *words], cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return _ended(process, since_ns)


def _record_address(environment: Mapping[str, str]) -> Stamps:
    """Record a tiny response of a server that is there already."""
    with sending(_TINY) as port:
        return _python(("-m", "inspector", "record", f"http://127.0.0.1:{port}/"), environment)


def _child(module: str, words: tuple[str, ...], environment: Mapping[str, str]) -> Stamps:
    """Start a process as the session does, until it is ready; then end it as the session does."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready"
        program = [sys.executable, "-P", "inspector/run_module.py", module, "--spool", folder, *words]
        since_ns = time.monotonic_ns()
        process = subprocess.Popen(
            [*program, "--ready", str(ready)], cwd=_ROOT, env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until(ready.exists, "it to be ready")
        ready_ns = time.monotonic_ns()
        assert process.stdin is not None
        process.stdin.close()
        stamps = _ended(process, ready_ns)
    return {"ready": (ready_ns - since_ns) / 1e6, "gone after": stamps["ended"], "CPU": stamps["CPU, children too"]}


_TINY = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
_RECORDED = {"ended": Goal(450), "CPU, children too": None}
_THRICE_BARE = Goal(3, of_bare=True)
_PAINTED = {"painted": _THRICE_BARE, "painted, CPU": _THRICE_BARE, "complete": None, "complete, CPU": None}
_SHOWN = {f"show {name}{again}{cpu}": Goal(100) for name in ("staircase", "ladder", "compare", "sweep")
          for again in ("", " again") for cpu in ("", ", CPU")}  # fmt: skip
BARE = Start("bare window", partial(_window, "bare", ()))
STARTS: tuple[Start, ...] = (
    BARE,
    Start("window", partial(_window, "complete", ("--no-run",)), _PAINTED),
    Start("window, streaming", partial(_window, "first chunk", (_TARGET,)), {"first chunk": Goal(800)}),
    Start("views", partial(_window, "views", (_TARGET,)), {**_SHOWN, "idle, % CPU": Goal(0.05)}),
    Start("python -c pass", partial(_python, ("-c", "pass"))),
    Start("help", partial(_python, ("-m", "inspector", "--help")), {"ended": Goal(100), "CPU, children too": None}),
    Start("record, one row", partial(_python, ("-m", "inspector", "record", "/large.csv?rows=1&delay_ms=0")),
          _RECORDED),
    Start("record, an address", _record_address, _RECORDED),
    Start("server", partial(_child, "server", ("--parent-pipe",))),
    Start("recorder", partial(_child, "inspector.capture", ())),
)  # fmt: skip


def measure(starts: list[Start], rounds: int) -> dict[str, Stamps]:
    """Return the medians of every start, by its name; a first round that compiles and warms up is not counted."""
    taken: dict[str, list[Stamps]] = {start.name: [] for start in starts}
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "QT_QPA_PLATFORM": "offscreen",
            **os.environ,
            # Compiled modules are what an installed copy has.
            "PYTHONPYCACHEPREFIX": str(Path(folder) / "compiled"),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for number in range(rounds + 1):
            for start in starts:
                home = Path(folder) / f"home-{number}-{start.name}"
                stamps = start.run({**environment, "STREAMING_INSPECTOR_HOME": str(home)})
                if number:
                    taken[start.name].append(stamps)
    return {
        name: {stamp: statistics.median(each[stamp] for each in stamps) for stamp in stamps[0]}
        for name, stamps in taken.items()
    }


def main(names: list[str], rounds: int) -> int:
    """Print a line for each stamp of each start."""
    starts = [start for start in STARTS if not names or start.name in names or start is BARE]
    medians = measure(starts, rounds)
    bare = medians[BARE.name]
    print(f"{'median of ' + str(rounds):<20}{'':<26}{'ms':>10}   goal")
    for start in starts:
        stamps = medians[start.name]
        for stamp, value in stamps.items():
            goal = start.goals.get(stamp)
            if stamp in start.goals or not start.goals:
                print(f"{start.name:<20}{stamp:<26}{value:>10.1f}   {goal.text(stamps, stamp, bare) if goal else ''}")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows to measure (all)")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="starts of each (9)")
    arguments = parser.parse_args()
    sys.exit(main(arguments.names, arguments.rounds))
