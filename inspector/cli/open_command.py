"""``streaming-inspector open``: opens a saved recording, ``NAME.stream``, in the window or prints it as JSON.

It is unpacked into a recording folder, read by `Recording`, and reported as ``record --json`` does; the window takes
the file into its library itself.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from inspector.process import end_loading
from inspector.recording.meta import BadRecording

from .console import INTERRUPTED, WRONG_USAGE, complain, print_message
from .interrupts import Interrupts
from .standard_output import print_all


def open_file(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit status: 0 good, 1 a file that can't be read, 2 none there, 130 after Ctrl+C."""
    path: Path = arguments.file
    if not path.is_file():
        complain(f"{path} is a folder, not a saved recording" if path.is_dir() else f"there is no file {path}")
        return WRONG_USAGE
    if not arguments.json:
        from .window_commands import open_recording

        return open_recording(path)
    from inspector.recording.archive import Cancelled

    end_loading()
    try:
        with Interrupts() as interrupts:
            return 0 if _print_report(path, interrupts, with_secrets=arguments.with_secrets) else 1
    except Cancelled:
        return INTERRUPTED
    except (BadRecording, OSError) as error:
        complain(str(error))
        return 1


def _print_report(path: Path, interrupts: Interrupts, *, with_secrets: bool) -> bool:
    """Unpack the file into a temporary folder, print its report and its notes; return whether it was printed."""
    from inspector.recording.archive import Cancelled, load_archive
    from inspector.recording.temporary_folders import scratch_folder

    def go_on(_done_bytes: int, _total_bytes: int) -> None:
        if interrupts.count:
            raise Cancelled

    with scratch_folder(Path(tempfile.gettempdir()), "streaming-inspector-open-") as into:
        report, notes = _report_of(load_archive(path, into, progress=go_on), with_secrets=with_secrets)
    for note in notes:
        print_message(note)
    return print_all(report, lambda: interrupts.count > 0)


def _report_of(folder: Path, *, with_secrets: bool) -> tuple[bytes, list[str]]:
    """Return the report and the notes of a recording; its files are let go, so that they can be removed."""
    from inspector.export.json_report import encode_report, json_report
    from inspector.recording.folder import Recording
    from inspector.recording.redaction import redacted_meta

    recording = Recording(folder)
    try:
        recording.refresh()
        if recording.meta is None:
            raise BadRecording(f"{folder.name} holds no recording")
        meta = recording.meta if with_secrets else redacted_meta(recording.meta)
        return encode_report(json_report(replace(recording.snapshot(), meta=meta))), meta.notes
    finally:
        recording.close()
