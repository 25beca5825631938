"""Recordings made in this process, for tests: the recorder as it is, without the process around it."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np

from inspector.capture.cancellation import Cancellation
from inspector.capture.recorder import Recorder
from inspector.capture.recorder_commands import RecordCommand
from inspector.recording.folder import Recording, read_track
from inspector.recording.meta import Ending, Meta, ResponseMeta

_numbers = itertools.count()


def new_folder(spool: Path) -> Path:
    """Make an empty recording folder."""
    folder = spool / f"20260101-000000-{next(_numbers):08x}"
    folder.mkdir(parents=True)
    return folder


class Recorded:
    """A finished recording, read whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recording = Recording(folder)
        self.recording.refresh()
        assert self.recording.meta is not None
        self.meta: Meta = self.recording.meta
        self.read = read_track(folder, "read")
        self.chunk = read_track(folder, "chunk")
        self.piece = read_track(folder, "piece")
        self.wire = (folder / "wire.bin").read_bytes()
        self.content = self.recording.read_content(0, self.recording.snapshot().content_bytes)
        self.recording.close()

    @property
    def ending(self) -> Ending:
        """The ending, which there must be."""
        assert self.meta.ending is not None
        return self.meta.ending

    @property
    def response(self) -> ResponseMeta:
        """The response, which there must be."""
        assert self.meta.response is not None
        return self.meta.response

    def check(self) -> Recorded:
        """Assert what holds for every recording whatever happened; return it."""
        t_ns, end, body_end, content_end, user_t_ns, at_most = self.read.rows.T
        for column in (t_ns, user_t_ns, body_end, content_end):
            assert (np.diff(column) >= 0).all()
        assert (np.diff(end, prepend=0) > 0).all()
        assert (t_ns <= user_t_ns).all()
        assert set(at_most.tolist()) <= {0, 1}
        assert (self.meta.request.sent_t_ns <= t_ns).all()
        assert (body_end <= end).all()
        assert self.read.total_bytes == len(self.wire)
        assert self.recording.snapshot().content_bytes == len(self.content)
        assert (np.diff(self.piece.end, prepend=0) > 0).all()
        assert self.piece.total_bytes == len(self.content)
        assert (np.diff(self.piece.t_ns) >= 0).all()
        assert self.meta.layers
        last = [self.meta.request.sent_t_ns, *user_t_ns.tolist(), *self.piece.t_ns.tolist()]
        assert max(last) <= self.ending.t_ns
        self._check_chunks()
        return self

    def _check_chunks(self) -> None:
        t_ns, end, wire_end, content_end, at_most = self.chunk.rows.T
        assert (np.diff(end, prepend=0) > 0).all()
        if len(end):
            assert end[-1] <= self.read.column("body_end")[-1]
            assert (np.diff(content_end) >= 0).all()
            # A chunk has the time of the read that brought its last octet.
            reads = np.searchsorted(self.read.end, wire_end, "left")
            assert (t_ns == self.read.t_ns[reads]).all()
            assert (at_most >= self.read.column("at_most")[reads]).all()
            assert (content_end <= self.read.column("content_end")[reads]).all()
            assert (end <= self.read.column("body_end")[reads]).all()


def record(
    url: str, spool: Path, *, folder: Path | None = None, cancellation: Cancellation | None = None, **options: Any
) -> Recorded:
    """Record ``url`` to its end in this thread and read the result."""
    folder = folder or new_folder(spool)
    max_seconds = options.get("max_seconds")
    with cancellation or Cancellation(max_seconds) as ending:
        Recorder(RecordCommand(id=folder.name, url=url, **options), folder, ending).run()
    return Recorded(folder)
