"""Follows one run on the command line: prints it live, saves it, and turns its ending into an exit status."""

from __future__ import annotations

import argparse
import shutil
import time
from dataclasses import replace

from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.verdict import judge, sentence
from inspector.analysis.formatting import count_text, time_text
from inspector.export.json_report import encode_report, json_report
from inspector.export.marks_table import HEADER, MarksTable
from inspector.recording.meta import META_NAME, Meta
from inspector.recording.redaction import redacted_meta
from inspector.session import DiskTrouble, Run, Session
from inspector.session.settling import has_settled

from .console import complain, complain_of, print_message
from .interrupts import Interrupts
from .standard_output import StandardOutput

_LOOK_AGAIN_S = 0.016
#: While the children start, and at first: most runs are short.
_LOOK_AGAIN_SOON_S = 0.004
_SOON_S = 1.0
_PLAIN_WIDTH = 120


class RunFollower:
    """One run from its request to its exit status."""

    def __init__(self, session: Session, run: Run, interrupts: Interrupts, arguments: argparse.Namespace) -> None:
        """``arguments`` are those of ``record`` (`commands`)."""
        self._session = session
        self._run = run
        self._recording = run.recording
        self._interrupts = interrupts
        self._arguments = arguments
        self._output = StandardOutput()
        width = shutil.get_terminal_size().columns if self._output.is_terminal else _PLAIN_WIDTH
        self._table = MarksTable(run.recording, width)

    def follow(self) -> int:
        """Follow the run to its end, save it, and only then wait for whoever reads what is printed."""
        self._session.listen(complain_of)
        try:
            if not self._arguments.json:
                self._output.put(f"{HEADER}\n")
            self._until_ended()
            meta = self._until_last_marks()
            saved = self._save()
            self._print_rest(meta)
        finally:
            self._recording.close()
        if self._output.failure:
            stopped = ", so the recording was stopped" if self._is_for_nobody else ""
            complain(f"{self._output.failure.rstrip('.')}{stopped}.")
        self._tell_summary(meta, f" Saved as {self._arguments.output}." if saved and self._arguments.output else "")
        is_complete = meta.ending is not None and meta.ending.kind == "complete"
        return 0 if saved and is_complete and not self._output.failure else 1

    def _until_ended(self) -> None:
        stopping = False
        soon_until_s = time.monotonic() + _SOON_S
        while True:
            self._session.poll()
            if (self._interrupts.count or self._is_for_nobody) and not stopping:
                stopping = True
                self._session.stop(self._run)
            if self._has_begun:
                self._recording.refresh()
            printed = not self._arguments.json and self._print_next()
            meta = self._recording.meta
            if meta is not None and meta.ending is not None:
                return
            if not self._run.folder.is_dir():
                raise DiskTrouble(f"The folder of the recording, {self._run.folder}, was removed while it was made.")
            if not printed:
                is_soon = time.monotonic() < soon_until_s
                self._interrupts.wait(_LOOK_AGAIN_SOON_S if is_soon else _LOOK_AGAIN_S)

    def _until_last_marks(self) -> Meta:
        """Wait until the server has written its last marks too, or its death was seen; not for long."""
        while not has_settled(self._recording):
            self._interrupts.wait(_LOOK_AGAIN_SOON_S)
            self._session.poll()
            self._recording.refresh()
        assert self._recording.meta is not None, "it has ended"
        return self._recording.meta

    @property
    def _has_begun(self) -> bool:
        """Whether there is something to read; until then the children start, which needs the processor more."""
        return self._run.unsaved is not None or (self._run.folder / META_NAME).exists()

    @property
    def _is_for_nobody(self) -> bool:
        """Whether the reader of the table went away, and there is no file that the recording is for."""
        return self._output.has_no_reader and not self._arguments.json and self._arguments.output is None

    def _print_next(self) -> bool:
        """Print the next lines of the table unless the ones before still wait; return whether there were any."""
        self._output.push()
        lines = self._table.next_lines() if not (self._output.is_behind or self._output.failure) else []
        if lines:
            self._output.put("\n".join(lines) + "\n")
        return bool(lines)

    def _print_rest(self, meta: Meta) -> None:
        interrupts_before = self._interrupts.count

        def given_up() -> bool:
            self._session.poll()
            return self._interrupts.count > interrupts_before

        if self._arguments.json:
            shown = meta if self._arguments.with_secrets else redacted_meta(meta)
            report = json_report(replace(self._recording.snapshot(), meta=shown))
            self._output.put_bytes(encode_report(report))
            self._output.finish(given_up)
            return
        self._output.finish(given_up)
        while self._print_next():
            self._output.finish(given_up)

    def _save(self) -> bool:
        output = self._arguments.output
        if output is None:
            return True
        from inspector.recording.archive import save_archive

        try:
            save_archive(self._run.folder, output, redact=not self._arguments.with_secrets, meta=self._run.unsaved)
        except OSError as error:
            complain(f"{error}. The recording is kept in {self._run.folder}.")
            return False
        return True

    def _tell_summary(self, meta: Meta, saved: str) -> None:
        ending = meta.ending
        if ending is None:
            return
        taken_ms = (ending.t_ns - meta.request.sent_t_ns) / 1e6 if meta.request.sent_t_ns else 0.0
        tracks = self._recording.tracks
        counts = ", ".join(count_text(len(track), name) for name, track in tracks.items() if len(track))
        print_message(
            f"{ending.kind.replace('_', ' ')}: {ending.text} ({time_text(taken_ms)}; {counts or 'no marks'}){saved}"
        )
        for note in meta.notes if self._arguments.with_secrets else redacted_meta(meta).notes:
            print_message(f"note: {note}")
        print_message(sentence(judge(analysis_of(self._recording.snapshot()))))
