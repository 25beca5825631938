"""Memory and disk of the server beside a stream: figures at the right time, and a rule that accuses no healthy one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.analysis.diagnosis.run_analysis import analysis_of
from inspector.analysis.diagnosis.verdict import judge, sentence
from inspector.analysis.metrics.process_metrics import memory_of
from inspector.recording.layers import layer_of
from inspector.recording.meta import Ending, Meta, RequestMeta, ResponseMeta
from inspector.recording.process_samples import NOT_MEASURED, ProcessSamples
from inspector.recording.snapshot import Snapshot
from inspector.recording.track import Track

MIB = 1 << 20
MS = 1_000_000
ROWS = 200
ROW_BYTES = 500_000


def track(name: str, t_ms: np.ndarray, end: np.ndarray) -> Track:
    layer = layer_of(name)
    rows = np.zeros((len(t_ms), len(layer.columns)), dtype=np.int64)
    rows[:, 0] = t_ms * MS
    for index, column in enumerate(layer.columns):
        if column.endswith("end"):
            rows[:, index] = end
        if column == "user_t_ns":
            rows[:, index] = rows[:, 0]
    return Track(layer, rows)


def samples(rise_mib: float, written_mib: float | None) -> ProcessSamples:
    t_ns = np.arange(0, 3000, 100) * MS
    share = np.minimum(1, t_ns / t_ns[20])
    written = np.full(len(t_ns), NOT_MEASURED) if written_mib is None else share * written_mib * MIB
    return ProcessSamples(
        np.stack([t_ns, 50 * MIB + share * rise_mib * MIB, t_ns // 2, written], axis=1).astype(np.int64)
    )


def verdict_of(found: ProcessSamples, *, is_held: bool) -> tuple[str, str]:
    ends = np.arange(1, ROWS + 1) * ROW_BYTES
    made = np.linspace(10, 2000, ROWS)
    tracks = {"part": track("part", made, ends)}
    for name in ("yield", "write", "read", "piece"):
        later = np.array([2005.0]) if is_held else made + 0.5
        tracks[name] = track(name, later, ends[-1:] if is_held else ends)
    meta = Meta(
        id="x", started_at="", request=RequestMeta(sent_t_ns=5 * MS),
        response=ResponseMeta(http_version="HTTP/1.1", status=200, framing="content-length"),
        ending=Ending(kind="complete", text="", t_ns=2020 * MS),
    )  # fmt: skip
    verdict = judge(analysis_of(Snapshot(tracks, meta, samples=found)))
    return verdict.evidence.rule, sentence(verdict)


def test_that_a_body_held_in_memory_is_told_with_its_figure() -> None:
    rule, text = verdict_of(samples(84, 0), is_held=True)
    assert rule == "held_in_the_app"
    assert "grew by 88.1 MB before the first byte" in text


def test_that_a_body_written_to_disk_is_told_with_its_figure() -> None:
    rule, text = verdict_of(samples(1, 59), is_held=True)
    assert rule == "held_in_the_app"
    assert "wrote 61.9 MB to disk before the first byte" in text


@pytest.mark.parametrize("found", [ProcessSamples.empty(), samples(1, 0), samples(1, None), samples(20, 0)])
def test_that_without_memory_that_matters_the_verdict_is_as_ever(found: ProcessSamples) -> None:
    assert verdict_of(found, is_held=True)[0] == "held"


@pytest.mark.parametrize("rise_mib", [0, 10, 5000])
def test_that_a_stream_that_streams_is_never_accused_of_its_memory(rise_mib: float) -> None:
    rule, text = verdict_of(samples(rise_mib, 1000), is_held=False)
    assert rule == "streams"
    assert "MB" not in text


def test_that_the_report_has_where_memory_began_and_its_peak() -> None:
    figures = memory_of(samples(30, None), {}, 0)
    assert figures is not None
    assert figures.rss_start_bytes + figures.rss_rise_bytes == figures.rss_peak_bytes == 80 * MIB


def test_that_figures_end_at_the_first_byte() -> None:
    found = memory_of(samples(100, 10), {"write": track("write", np.array([1000.0]), np.array([5]))}, 0)
    assert found is not None
    assert found.rise_before_first_byte_bytes == 50 * MIB
    assert found.rss_rise_bytes == 100 * MIB
    assert found.written_before_first_byte_bytes == 5 * MIB
    assert found.cpu_ms == pytest.approx(1450)
    assert replace(found, written_bytes=None) != found
