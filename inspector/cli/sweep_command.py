"""``streaming-inspector sweep``: streams one knob at many values in turn; prints a table and one sentence, or JSON.

`SweepRunner` streams the values in a session of its own; this module prints its progress and its result.
"""

from __future__ import annotations

import argparse
import shutil
import sys

from inspector.analysis.sweep.trade_off import trade_off_of
from inspector.catalogue import knob_of
from inspector.export.sweep_report import SweepResult, encode_sweep_report, sweep_report, sweep_table
from inspector.process import end_loading
from inspector.session import BadTarget, DiskTrouble, Session, Target
from inspector.session.sweep_runner import NeverEnds, SweepRunner, values_of_knob

from .console import INTERRUPTED, WRONG_USAGE, complain, complain_of, print_message
from .interrupts import Interrupts
from .standard_output import print_all

_LOOK_AGAIN_S = 0.005
_ERASE_LINE = "\r\x1b[K"


def sweep(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit status: 0 all runs completed, 1 not all, 2 wrong usage, 130 after Ctrl+C."""
    end_loading()
    try:
        session, runner = _runner_of(arguments)
    except (BadTarget, ValueError) as error:  # a bad knob and bad values are ValueErrors, too
        complain(f"{str(error).rstrip('.')} (--max-seconds S)." if isinstance(error, NeverEnds) else str(error))
        return WRONG_USAGE
    try:
        with Interrupts() as interrupts, session:
            session.listen(complain_of)
            _follow(runner, interrupts)
    except DiskTrouble as error:
        complain(str(error))
        return 1
    if runner.trouble:
        complain(runner.trouble)
    printed = _print(runner, arguments)
    if interrupts.count:
        return INTERRUPTED
    return 0 if runner.is_complete and printed else 1


def _runner_of(arguments: argparse.Namespace) -> tuple[Session, SweepRunner]:
    """Return the sweep that was asked for and its session, not started yet. Raises what says what is wrong."""
    knobs = dict(arguments.knobs)
    target = Target.parse(arguments.target, knobs)
    session = Session(with_server=target.kind.is_served_here, start_server=False)
    values = values_of_knob(arguments.values, knob_of(arguments.knob), arguments.target, knobs)
    return session, SweepRunner(
        session, arguments.target, knobs, arguments.knob, values,
        repeat=arguments.repeat, max_seconds=arguments.max_seconds,
    )  # fmt: skip


def _follow(runner: SweepRunner, interrupts: Interrupts) -> None:
    """Drive it to its end, or to the first Ctrl+C."""
    is_terminal = sys.stderr.isatty()
    shown = ""
    while not runner.is_done:
        runner.poll()
        if interrupts.count:
            runner.cancel()
        line = _progress_line(runner) if is_terminal else ""
        if line != shown:
            _show(line)
            shown = line
        interrupts.wait(_LOOK_AGAIN_S)
    if is_terminal:
        _show("")


def _progress_line(runner: SweepRunner) -> str:
    value = f": {runner.knob.name}={runner.current[0] or 'none'}" if runner.current else ""
    return f"{runner.progress.text}{value}"[: shutil.get_terminal_size().columns - 1]


def _show(line: str) -> None:
    """Replace the line of progress."""
    try:
        sys.stderr.write(_ERASE_LINE + line)
        sys.stderr.flush()
    except OSError:
        return


def _print(runner: SweepRunner, arguments: argparse.Namespace) -> bool:
    """Print what was measured; return whether it was taken."""
    result = SweepResult(
        runner.target_text,
        runner.knob.name,
        runner.knob.unit,
        runner.progress.total,
        runner.points,
        dict(arguments.knobs),
    )
    if arguments.json:
        return print_all(encode_sweep_report(sweep_report(result)))
    printed = True
    if result.points:
        sentence = trade_off_of(result.points, result.unit).sentence
        printed = print_all("\n".join([*sweep_table(result), "", sentence, ""]))
    for point in result.points:
        if not point.is_good:
            print_message(f"{runner.knob.name}={point.value or 'none'} ({point.repetition}): {point.failure}")
    return printed
