"""Memory, CPU and disk of the server process over time: ``process.samples``, rows of little-endian 64-bit integers.

Taken from outside, ten times a second, by the recorder: the first one before the request is sent, the last one after
its ending. They cover the whole process (with its children), not one response.
"""

from __future__ import annotations

import numpy as np

from .layers import COLUMN_DTYPE
from .meta import LARGEST_NUMBER, BadRecording
from .track import Int64Array

SAMPLES_NAME = "process.samples"
#: The member of a saved recording.
SAMPLES_MEMBER = "process.npy"
#: ``t_ns`` monotonic; ``rss_bytes`` resident memory; ``cpu_ns`` user and system time since the process began;
#: ``written_bytes`` to disk since the first sample, ``NOT_MEASURED`` where the system does not say.
SAMPLE_COLUMNS = ("t_ns", "rss_bytes", "cpu_ns", "written_bytes")
ROW_BYTES = 8 * len(SAMPLE_COLUMNS)
NOT_MEASURED = -1
#: More than 48 hours of them.
LONGEST_SAMPLES_BYTES = 64 << 20


class ProcessSamples:
    """Rows of shape ``(n, 4)``, sorted by time. Immutable: a grown recording gives new samples."""

    def __init__(self, rows: Int64Array) -> None:
        """Wrap rows; nothing is copied. Raises ``ValueError`` for another shape."""
        if rows.ndim != 2 or rows.shape[1] != len(SAMPLE_COLUMNS):
            raise ValueError(f"samples have shape {rows.shape}, not (n, {len(SAMPLE_COLUMNS)})")
        self.rows = rows

    @classmethod
    def empty(cls) -> ProcessSamples:
        """Return no samples."""
        return cls(np.empty((0, len(SAMPLE_COLUMNS)), dtype=np.int64))

    @classmethod
    def of_bytes(cls, data: bytes) -> ProcessSamples:
        """Return the whole rows of a file's bytes. Raises `BadRecording` for what no process can have."""
        if len(data) > LONGEST_SAMPLES_BYTES:
            raise BadRecording(f"{SAMPLES_NAME} has more than {LONGEST_SAMPLES_BYTES:,} bytes, which is the most")
        count = len(data) // ROW_BYTES
        values = np.frombuffer(data, dtype=COLUMN_DTYPE, count=count * len(SAMPLE_COLUMNS))
        rows = values.reshape(count, len(SAMPLE_COLUMNS))
        bad = np.any((rows < (0, 0, 0, NOT_MEASURED)) | (rows > LARGEST_NUMBER), axis=1)
        bad[1:] |= np.diff(rows[:, 0]) < 0
        if bad.any():
            raise BadRecording(f"{SAMPLES_NAME}, row {int(np.argmax(bad))}: it has impossible numbers")
        return cls(rows)

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    @property
    def t_ns(self) -> Int64Array:
        """Times, monotonic nanoseconds, shape ``(n,)``."""
        return self.rows[:, 0]

    @property
    def rss_bytes(self) -> Int64Array:
        """Resident memory in bytes, shape ``(n,)``."""
        return self.rows[:, 1]

    @property
    def cpu_ns(self) -> Int64Array:
        """CPU time of user and system in nanoseconds since the process began, shape ``(n,)``."""
        return self.rows[:, 2]

    @property
    def written_bytes(self) -> Int64Array:
        """Bytes written to disk since the first sample, shape ``(n,)``; `NOT_MEASURED` where not known."""
        return self.rows[:, 3]

    @property
    def cpu_used_ns(self) -> int:
        """CPU time between the first and the last sample."""
        return int(self.cpu_ns[-1] - self.cpu_ns[0]) if len(self) else 0

    def rss_rise_bytes(self, until_t_ns: int | None = None) -> int:
        """Return how far memory rose above the first sample, until a time where one is given; never below 0."""
        stop = len(self) if until_t_ns is None else self.at(until_t_ns) + 1
        return max(0, int(self.rss_bytes[:stop].max() - self.rss_bytes[0])) if len(self) and stop else 0

    def at(self, t_ns: int) -> int:
        """Return the index of the last sample that is not later than a time, -1 where there is none."""
        return int(np.searchsorted(self.t_ns, t_ns, "right")) - 1

    def until(self, t_ns: int) -> ProcessSamples:
        """Return the samples up to and at a time. Copies nothing."""
        return ProcessSamples(self.rows[: self.at(t_ns) + 1])
