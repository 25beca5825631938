"""Samples of the server process: whole rows, followed while they grow, and what is read off them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.recording.folder import Recording
from inspector.recording.process_samples import ROW_BYTES, SAMPLES_NAME, ProcessSamples

ROWS = np.array([[10, 100, 5, 0], [20, 180, 9, 4096], [30, 140, 11, 8192]], dtype="<i8")


def test_that_figures_are_those_of_the_rows() -> None:
    samples = ProcessSamples(ROWS)
    assert len(samples) == 3
    assert samples.cpu_used_ns == 6
    assert samples.rss_rise_bytes() == 80
    assert samples.rss_rise_bytes(until_t_ns=19) == 0
    assert samples.rss_rise_bytes(until_t_ns=20) == 80
    assert [samples.at(t_ns) for t_ns in (9, 10, 29, 99)] == [-1, 0, 1, 2]
    assert samples.written_bytes.tolist() == [0, 4096, 8192]


def test_that_no_samples_give_no_figures() -> None:
    samples = ProcessSamples.empty()
    assert (len(samples), samples.cpu_used_ns, samples.rss_rise_bytes(), samples.at(5)) == (0, 0, 0, -1)
    assert ProcessSamples(ROWS).rss_rise_bytes(until_t_ns=5) == 0


def test_that_rows_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        ProcessSamples(np.zeros((2, 3), dtype=np.int64))


def test_that_a_recording_follows_whole_rows(tmp_path: Path) -> None:
    data = ROWS.tobytes()
    path = tmp_path / SAMPLES_NAME
    path.write_bytes(data[: ROW_BYTES + 5])
    recording = Recording(tmp_path)
    assert "samples" in recording.refresh()
    assert len(recording.samples) == 1
    with path.open("ab") as file:
        file.write(data[ROW_BYTES + 5 :])
    assert "samples" in recording.refresh()
    assert recording.samples.rows.tolist() == ROWS.tolist()
    recording.close()
