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
    """Hands recordings from the control thread to the main thread, and ends the one that runs."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[RecordCommand | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._running: tuple[str, Interrupt] | None = None
        self._stopped_ids: set[str] = set()
        self._ended = False

    def read(self, fd: int) -> None:
        """Read commands until the end of the file. Control thread."""
        rest = b""
        while data := _read(fd):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._obey(line)
        self.end()

    def end(self) -> None:
        """Stop what runs and let `run` return. Any thread."""
        self._ended = True
        self._stop(None, _PARENT_GONE)
        self._waiting.put(None)

    def run(self, spool: Path) -> None:
        """Make recordings until `end`. Main thread."""
        while (command := self._waiting.get()) is not None:
            folder = recording_folder(spool, command.id)
            if folder is None:
                _complain(f"{command.id!r} is not a recording folder of {spool}")
                continue
            with Interrupt(command.max_seconds) as interrupt:
                with self._lock:
                    self._running = (command.id, interrupt)
                    if command.id in self._stopped_ids or self._ended:
                        interrupt.trip("stopped", _PARENT_GONE if self._ended else _STOPPED)
                Recorder(command, folder, interrupt).run()
                with self._lock:
                    self._running = None

    def _obey(self, line: bytes) -> None:
        try:
            command = decode_command(line)
        except BadCommand as error:
            _complain(str(error))
            return
        if isinstance(command, StopCommand):
            self._stopped_ids.add(command.id)
            self._stop(command.id, _STOPPED)
        else:
            self._stop(None, _REPLACED)
            self._waiting.put(command)

    def _stop(self, recording_id: str | None, text: str) -> None:
        with self._lock:
            if self._running is not None and recording_id in (None, self._running[0]):
                self._running[1].trip("stopped", text)


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
    sys.exit(main())
