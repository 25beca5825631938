"""``python -m inspector.capture --spool DIR [--ready FILE]``: the recorder process, driven by lines on stdin.

A control thread reads the commands; recordings run in the main thread, one at a time. At the end of stdin whatever
runs is stopped and gets its ending, so the process ends with its parent in every case.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path

from inspector.recording.folder import recording_folder

from .command import BadCommand, RecordCommand, StopCommand, decode_command
from .interrupt import Interrupt
from .recorder import Recorder

_STOPPED = "Stopped by the user."
_PARENT_GONE = "Stopped: the inspector was closed."
_REPLACED = "Stopped: another recording was started."


class Control:
    """Hands recordings from the control thread to the main thread, and ends those that run or wait."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[RecordCommand, Interrupt] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._open: list[tuple[str, Interrupt]] = []

    def read(self, fd: int) -> None:
        """Read commands until the end of the file. Control thread."""
        rest = b""
        while data := _read(fd):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._obey(line)
        self.end()

    def end(self) -> None:
        """Stop what runs and let `run` return. Any thread but the main one."""
        self._stop(None, _PARENT_GONE)
        self._waiting.put(None)

    def run(self, spool: Path) -> None:
        """Make recordings until `end`; one that was stopped while it waited gets its ending at once. Main thread."""
        while (waiting := self._waiting.get()) is not None:
            command, interrupt = waiting
            with interrupt:
                folder = recording_folder(spool, command.id)
                if folder is None:
                    _complain(f"{command.id!r} is not a recording folder of {spool}")
                else:
                    Recorder(command, folder, interrupt).run()
                with self._lock:
                    self._open.remove((command.id, interrupt))

    def _obey(self, line: bytes) -> None:
        try:
            command = decode_command(line)
        except BadCommand as error:
            _complain(str(error))
            return
        if isinstance(command, StopCommand):
            self._stop(command.id, _STOPPED)
            return
        self._stop(None, _REPLACED)
        interrupt = Interrupt(command.max_seconds)
        with self._lock:
            self._open.append((command.id, interrupt))
        self._waiting.put((command, interrupt))

    def _stop(self, recording_id: str | None, text: str) -> None:
        with self._lock:
            for open_id, interrupt in self._open:
                if recording_id in (None, open_id):
                    interrupt.trip("stopped", text)


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, 65536)
    except OSError:
        return b""


def _complain(text: str) -> None:
    print(f"recorder: {text}", file=sys.stderr, flush=True)


def _write_ready(path: Path) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps({"pid": os.getpid(), "t_ns": time.monotonic_ns()}))
    temporary.replace(path)


def main() -> int:
    """Run the recorder process; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m inspector.capture", description="The recorder process.")
    parser.add_argument("--spool", type=Path, required=True, help="folder of the recordings")
    parser.add_argument("--ready", type=Path, help="file to write when commands are read")
    options = parser.parse_args()
    control = Control()
    # Ctrl+C in a terminal reaches children too; the parent decides and closes stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=control.end, daemon=True).start())
    threading.Thread(target=control.read, args=(sys.stdin.fileno(),), daemon=True, name="control").start()
    if options.ready is not None:
        _write_ready(options.ready)
    control.run(options.spool)
    return 0


if __name__ == "__main__":
    main_status = main()
    sys.stderr.flush()
    # All files are closed; taking the interpreter down would only keep the parent waiting.
    os._exit(main_status)
