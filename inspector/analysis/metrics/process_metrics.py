"""Figures of the server process beside one stream: memory, CPU time, disk. Of the whole process, seen at 10 Hz."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.recording.process_samples import NOT_MEASURED, ProcessSamples
from inspector.recording.track import Track

#: Where the first byte leaves the app, and where no tap saw it, where it came.
_LEAVING = ("write", "read")


@dataclass(frozen=True, slots=True)
class ProcessMetrics:
    """What the process took since the first sample, before the request was sent.

    ``*_before_first_byte`` is until the first byte left the app. ``written_*`` are None where the system does not tell.
    """

    rss_start_bytes: int
    rss_peak_bytes: int
    rss_rise_bytes: int
    rise_before_first_byte_bytes: int
    written_bytes: int | None
    written_before_first_byte_bytes: int | None
    cpu_ms: float


def memory_of(samples: ProcessSamples, tracks: Mapping[str, Track], now_t_ns: int) -> ProcessMetrics | None:
    """Return the figures, None where nothing was sampled. ``now_t_ns`` stands for a first byte still to come."""
    if not len(samples):
        return None
    firsts = [int(tracks[name].t_ns[0]) for name in _LEAVING if name in tracks and len(tracks[name])]
    first_t_ns = min(firsts, default=now_t_ns)
    at = max(0, samples.at(first_t_ns))
    return ProcessMetrics(
        rss_start_bytes=int(samples.rss_bytes[0]),
        rss_peak_bytes=int(samples.rss_bytes.max()),
        rss_rise_bytes=samples.rss_rise_bytes(),
        rise_before_first_byte_bytes=samples.rss_rise_bytes(first_t_ns),
        written_bytes=_told(samples, len(samples) - 1),
        written_before_first_byte_bytes=_told(samples, at),
        cpu_ms=samples.cpu_used_ns / 1e6,
    )


def _told(samples: ProcessSamples, at: int) -> int | None:
    value = int(samples.written_bytes[at])
    return None if value == NOT_MEASURED else value
