"""The server process: ``python -m server [--engine NAME] [--port P] [--spool DIR] [--ready FILE] [--parent-pipe]``.

It ends within about 200 ms, whatever streams: on Ctrl+C, on SIGTERM, and with ``--parent-pipe`` when its standard input
reaches its end, which it does when its parent ends in any way.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from inspector.catalogue import BadKnob, Knob, KnobValue, KnobValues, engine_of, knob_of, knobs_told_to, missing_text

from .shutdown_signals import signals_set

_STDIN = 0


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until asked to end; return the exit status, 0. Main thread only, because it takes the signals."""
    options = _parser().parse_args(argv)
    ended = threading.Event()
    if options.parent_pipe:
        threading.Thread(target=_end_with_parent, args=(ended,), name="parent pipe", daemon=True).start()
    with signals_set(ended):
        return _serve(options, ended)


def _serve(options: argparse.Namespace, ended: threading.Event) -> int:
    missing = missing_text(engine_of(options.engine))
    if missing:
        print(f"The engine {options.engine} can't be used: {missing}", file=sys.stderr)
        return 1
    # After the signals are taken: importing Flask is most of the start.
    from .control_channel import ControlChannel
    from .engines import engine_named
    from .engines.engine_settings import HOST, EngineSettings

    control = ControlChannel.from_environment()

    def announce(port: int) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        _say(f"Serving on http://{HOST}:{port}")
        if options.ready:
            _write_ready(options.ready, port, control.port if control else 0)

    knobs = {name: getattr(options, name) for name in knobs_told_to("server")}
    settings = EngineSettings(options.port, options.spool, KnobValues(knobs), control)
    engine_named(options.engine)(settings, ended, announce)
    return 0


def _say(line: str) -> None:
    """Print a line, to standard error where standard output does not take it, and go on serving."""
    try:
        print(line, flush=True)
    except OSError as error:
        print(f"{line} (standard output can't be written: {error.strerror})", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m server", description="Serve the documented streaming views.")
    parser.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1, 0 for any free one (default)")
    for knob in map(knob_of, knobs_told_to("server")):
        parser.add_argument(f"--{knob.name.replace('_', '-')}", type=partial(_knob_value, knob), default=knob.default,
                            metavar="NAME" if knob.choices else knob.unit.upper() or "VALUE",
                            help=f"{knob.sentence} Takes {knob.range_text}.")  # fmt: skip
    parser.add_argument("--spool", type=Path, help="folder of the recordings that taps may write into")
    parser.add_argument("--ready", type=Path, help="file to write port, pid and monotonic time to when serving")
    parser.add_argument("--parent-pipe", action="store_true", help="end when standard input reaches its end")
    return parser


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: a whole number, 0 to 65535")
    return int(text)


def _knob_value(knob: Knob, text: str) -> KnobValue:
    try:
        return knob.parse(text)
    except BadKnob as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _end_with_parent(ended: threading.Event) -> None:
    # Not sys.stdin: its lock, held by a blocked read, would abort the interpreter at its end.
    try:
        while os.read(_STDIN, 4096):
            pass
    except OSError:
        pass  # there is no standard input, so there is no parent
    ended.set()


def _write_ready(path: Path, port: int, control_port: int) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    facts = {"port": port, "control_port": control_port, "pid": os.getpid(), "t_ns": time.monotonic_ns()}
    temporary.write_text(json.dumps(facts), encoding="ascii")
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(main())
