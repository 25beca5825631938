"""What the window costs at ten thousand, a hundred thousand and a million marks a layer, side by side in one run.

``python -m tests.benchmarks.bench_window [COUNT ...]`` makes recordings with part, yield, write and chunk tracks of so
many marks and one read for each 16, opens each in the real window (offscreen) and prints medians in milliseconds: the
whole point is that the columns hardly differ.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inspector.recording.layers import track_file_name
from inspector.recording.meta import Ending, Meta, RequestMeta, ResponseMeta, write_meta

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from inspector.gui.shell.main_window import MainWindow

_SIZE_PX = (1600, 1000)
_CHUNK_BYTES = 58
_MARKS_PER_READ = 16
_START_NS = 1_000_000_000


def make_recording(folder: Path, count: int) -> int:
    """Write a recording of ``count`` chunks; return the time of its last mark."""
    folder.mkdir()
    generator = np.random.default_rng(1)
    t_ns = np.cumsum(generator.exponential(10_000, count)).astype(np.int64) + _START_NS
    number = np.arange(count, dtype=np.int64)
    end = (number + 1) * _CHUNK_BYTES
    wire_end = end + (number + 1) * 4 + number * 2
    last = np.minimum((number // _MARKS_PER_READ) * _MARKS_PER_READ + _MARKS_PER_READ - 1, count - 1)
    read = np.unique(last)
    nowhere = np.full(count, -1, dtype=np.int64)
    arrived_ns = t_ns[read] + 50_000
    tracks = {
        "part": (t_ns, end, nowhere),
        "yield": (t_ns + 900, end, nowhere),
        "write": (t_ns + 1_500, end),
        "read": (arrived_ns, wire_end[read] + 2, end[read], end[read], arrived_ns + 10_000, 0 * arrived_ns),
        "chunk": (t_ns[last] + 50_000, end, wire_end, end, 0 * end),
        "piece": (arrived_ns + 11_000, end[read]),
    }
    for name, columns in tracks.items():
        np.stack(columns, axis=1).tofile(folder / track_file_name(name))
    response = ResponseMeta(http_version="HTTP/1.1", status=200, reason="OK", framing="chunked", head_t_ns=_START_NS)
    ending = Ending(kind="complete", text="Complete.", t_ns=int(t_ns[-1]) + 100_000)
    request = RequestMeta(url="http://127.0.0.1/", sent_t_ns=_START_NS - 5_000_000)
    write_meta(folder, Meta(id=folder.name, started_at="", request=request, response=response, ending=ending))
    return int(t_ns[-1]) - request.sent_t_ns


def median_ms(app: QApplication, act: Callable[[int], object], times: int = 15) -> float:
    """Return the median of ``act`` and everything that it makes the window do."""
    taken: list[float] = []
    for at in range(times):
        before = time.perf_counter()
        act(at)
        app.processEvents()
        taken.append((time.perf_counter() - before) * 1e3)
    return statistics.median(taken)


def measure(app: QApplication, window: MainWindow, folder: Path, count: int, whole_ns: int) -> dict[str, float]:
    """Open a recording in the window and go through what people do."""
    from PySide6.QtWidgets import QWidget

    from inspector.gui.models.selection import Selection
    from tests.gui.window_driver import canvas, find, marks_table

    before = time.perf_counter()
    window.show_recording(folder)
    while window.time_range.whole_ns < whole_ns:
        app.processEvents()
    canvas(window).repaint()
    results = {"open, first paint": (time.perf_counter() - before) * 1e3}
    while window.analysis.whole_run.layer("chunk").count < count:
        app.processEvents()
    results["open, all figures"] = (time.perf_counter() - before) * 1e3
    bar = marks_table(window).verticalScrollBar()
    steps: dict[str, Callable[[int], object]] = {
        "ladder repaint": lambda _at: canvas(window).repaint(),
        "zoom": lambda _at: window.time_range.zoom(0.7, whole_ns / 2),
        "pan": lambda _at: window.time_range.pan(0.1),
        "table scroll": lambda at: bar.setValue(count * at // 15),
        "select one": lambda at: window.document.select(Selection("chunk", count * at // 16, count * at // 16 + 1)),
        "select most": lambda at: window.document.select(Selection("chunk", 0, count - at)),
    }
    for name, act in steps.items():
        results[name] = median_ms(app, act)
    window.document.select(None)
    window.time_range.fit()
    window.show_view("staircase")
    results["staircase repaint"] = median_ms(app, lambda _at: find(window, QWidget, "staircase").repaint())
    window.show_view("ladder")
    return results


def main(counts: list[int]) -> int:
    """Print a column for each count."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as home:
        os.environ["STREAMING_INSPECTOR_HOME"] = home
        from inspector.gui.startup.application import create_window, make_application

        app = make_application()
        if app is None:
            return 1
        window = create_window(run=False)
        window.resize(*_SIZE_PX)
        window.show()
        columns = []
        for count in counts:
            folder = Path(home) / f"made-{count}"
            columns.append(measure(app, window, folder, count, make_recording(folder, count)))
        print(f"{'milliseconds, median':<22}" + "".join(f"{count:>14,}" for count in counts))
        for name in columns[0]:
            print(f"{name:<22}" + "".join(f"{column[name]:>14.1f}" for column in columns))
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main([int(text) for text in sys.argv[1:]] or [10_000, 100_000, 1_000_000]))
