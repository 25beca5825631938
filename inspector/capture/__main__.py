"""The recorder process, driven by lines on standard input: ``python -m inspector.capture --spool DIR [--ready FILE]``.

A control thread reads the commands; recordings run in the main thread, one at a time. At the end of standard input the
recording under way is stopped and gets its ending, so the process always ends with its parent.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from inspector.process import end_loading, end_process
from inspector.recording.atomic_replace import replace_file
from inspector.recording.meta import Meta
from inspector.recording.recording_id import recording_folder

from .cancellation import Cancellation
from .live_update import LiveUpdates
from .recorder import Recorder
from .recorder_commands import BadCommand, RecordCommand, StopCommand, UpdateCommand, decode_command, encode_unsaved

_STDOUT = 1
_STOPPED = "Stopped by the user."
_PARENT_GONE = "Stopped: the inspector was closed."
_TERMINATED = "Stopped: the recorder process was asked to end (SIGTERM)."
_NO_THREAD = "Nothing was sent: this computer has no thread left for the recorder. Close some programs."
_REPLACED = "Stopped: another recording was started."


@dataclass(frozen=True, slots=True, eq=False)
class _Open:
    """A recording that waits or runs, and the two ways to reach it from the control thread."""

    command: RecordCommand
    cancellation: Cancellation
    updates: LiveUpdates


class Control:
    """Hands recordings from the control thread to the main thread, and ends those that run or wait."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[_Open | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._open: list[_Open] = []

    def read(self, fd: int) -> None:
        """Read commands until the end of the file. Control thread."""
        rest = b""
        while data := _read(fd):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._obey(line)
        self.end(_PARENT_GONE)

    def end(self, text: str) -> None:
        """Stop what runs, with this text as its ending's, and let `run` return. Any thread but the main one."""
        self._stop(None, text)
        self._waiting.put(None)

    @staticmethod
    def refuse(fd: int, spool: Path, text: str) -> None:
        """Give each recording that is asked for the ending ``refused``, where there is no control thread."""
        rest = b""
        while data := _read(fd):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                with contextlib.suppress(BadCommand):
                    command = decode_command(line)
                    folder = recording_folder(spool, command.id)
                    if isinstance(command, RecordCommand) and folder is not None:
                        with Cancellation() as cancellation:
                            Recorder(command, folder, cancellation, report_unsaved=_report_to_parent).refuse(text)

    def run(self, spool: Path) -> None:
        """Make recordings until `end`; one that was stopped while it waited gets its ending at once. Main thread."""
        while (waiting := self._waiting.get()) is not None:
            command = waiting.command
            with waiting.cancellation, waiting.updates:
                folder = recording_folder(spool, command.id)
                if folder is None:
                    _complain(f"{command.id!r} is not a recording folder of {spool}")
                else:
                    recorder = Recorder(
                        command, folder, waiting.cancellation, waiting.updates, report_unsaved=_report_to_parent
                    )
                    recorder.run()
                with self._lock:
                    self._open.remove(waiting)

    def _obey(self, line: bytes) -> None:
        try:
            command = decode_command(line)
        except BadCommand as error:
            _complain(str(error))
            return
        if isinstance(command, StopCommand):
            self._stop(command.id, _STOPPED)
        elif isinstance(command, UpdateCommand):
            self._tune(command)
        else:
            self._stop(None, _REPLACED)
            opened = _Open(command, Cancellation(command.max_seconds), LiveUpdates())
            with self._lock:
                self._open.append(opened)
            self._waiting.put(opened)

    def _tune(self, command: UpdateCommand) -> None:
        values = {knob: value for knob, value in command.client.items() if value >= 0}
        with self._lock:
            for opened in self._open:
                if opened.command.id == command.id:
                    opened.updates.post(values)

    def _stop(self, recording_id: str | None, text: str) -> None:
        with self._lock:
            for opened in self._open:
                if recording_id in (None, opened.command.id):
                    opened.cancellation.trip("stopped", text)


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, 65536)
    except OSError:
        return b""


def _complain(text: str) -> None:
    # The log may be on a full disk.
    with contextlib.suppress(OSError):
        print(f"recorder: {text}", file=sys.stderr, flush=True)


def _report_to_parent(meta: Meta) -> None:
    """Say on standard output how a recording ended that the disk did not take; nobody listening is no error."""
    line = encode_unsaved(meta)
    with contextlib.suppress(OSError):
        while line:
            line = line[os.write(_STDOUT, line) :]


def _write_ready(path: Path) -> None:
    replace_file(path, json.dumps({"pid": os.getpid(), "t_ns": time.monotonic_ns()}).encode())


def _start_control(control: Control) -> bool:
    """Start the threads for the parent and for SIGTERM; return whether the system had threads left for them."""
    terminated: queue.SimpleQueue[None] = queue.SimpleQueue()

    def wait_for_signal() -> None:
        terminated.get()
        control.end(_TERMINATED)

    # A signal handler runs in the main thread between any two lines of it: it may take no lock that these hold.
    signal.signal(signal.SIGTERM, lambda *_: terminated.put(None))
    try:
        threading.Thread(target=wait_for_signal, daemon=True, name="signal").start()
        threading.Thread(target=control.read, args=(sys.stdin.fileno(),), daemon=True, name="control").start()
    except RuntimeError as error:
        _complain(str(error))
        return False
    return True


def _load_early() -> None:
    """Load what the first recording would else wait for, while the parent still builds its window."""
    import psutil  # noqa: F401


def main() -> int:
    """Run the recorder process; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m inspector.capture", description="The recorder process.")
    parser.add_argument("--spool", type=Path, required=True, help="folder of the recordings")
    parser.add_argument("--ready", type=Path, help="file to write when commands are read")
    options = parser.parse_args()
    control = Control()
    # Ctrl+C in a terminal reaches children too; the parent decides and closes stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    is_controlled = _start_control(control)
    if options.ready is not None:
        _write_ready(options.ready)
    if not is_controlled:
        control.refuse(sys.stdin.fileno(), options.spool, _NO_THREAD)
        return 1
    _load_early()
    end_loading()
    control.run(options.spool)
    return 0


if __name__ == "__main__":
    end_process(main())
