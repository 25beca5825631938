"""A window whose event loop is watched while it follows a stream and while it replays it: a process of `bench_frames`.

``python -m tests.benchmarks.probed_window TARGET SECONDS [VIEW]`` prints one JSON object. A gap is the time between two
passes of the event loop, as a timer of one millisecond sees it: while it lasts, no key and no click is answered.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer

    from inspector.gui.shell.main_window import MainWindow

SIZE_PX = (1900, 1040)
#: The first marks, the growth of panes and imports that are made once are not of the stream.
_SETTLING_S = 1.5
_LONGEST_S = 120.0


class Probe:
    """Takes the time at each pass of the event loop."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.passes_ns: list[int] = []
        self.timer: QTimer = QTimer()
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(1)
        self.timer.timeout.connect(lambda: self.passes_ns.append(time.monotonic_ns()))

    def gaps(self) -> dict[str, float]:
        """Return the figures of the gaps in milliseconds; "busy" is the share of the time that CPU was used."""
        gaps = np.diff(np.array(self.passes_ns)) / 1e6
        if not len(gaps):
            return {}
        p50, p95, p99 = np.quantile(gaps, [0.5, 0.95, 0.99]).tolist()
        # What an input that comes at any time has to wait for at least: the gaps by their lengths.
        order = np.sort(gaps)
        met = order[np.searchsorted(np.cumsum(order), 0.99 * order.sum())]
        return {"p50": p50, "p95": p95, "p99": p99, "max": float(gaps.max()), "p99 met": float(met)}


def watch(seconds: float) -> dict[str, float]:
    """Run the event loop for some seconds and return its gaps, and the CPU time that this process took of them."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop, probe = QEventLoop(), Probe()
    QTimer.singleShot(round(seconds * 1e3), loop.quit)
    probe.timer.start()
    cpu_s = time.process_time()
    loop.exec()
    probe.timer.stop()
    return probe.gaps() | {"busy": (time.process_time() - cpu_s) / seconds}


def _wait(seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1e3), loop.quit)
    loop.exec()


def follow_and_replay(window: MainWindow, seconds: float) -> dict[str, Any]:
    """Watch the loop while the window follows the stream, stop it, and watch again while it is replayed."""
    from tests.gui.window_driver import run_controller

    deadline = time.monotonic() + _LONGEST_S
    while not len(window.document.snapshot.tracks["read"]) and time.monotonic() < deadline:
        _wait(0.05)
    _wait(_SETTLING_S)
    before = len(window.document.snapshot.tracks["chunk"])
    found: dict[str, Any] = {"live": watch(seconds)}
    found["items a second"] = (len(window.document.snapshot.tracks["chunk"]) - before) / seconds
    folder = window.document.recording.folder if window.document.recording else None
    found["folder"] = str(folder)
    controller = run_controller(window)
    controller.stop()
    while not window.document.whole.has_ended and time.monotonic() < deadline:
        _wait(0.05)
    while not (controller.is_settled and window.analysis.is_current) and time.monotonic() < deadline:
        _wait(0.05)
    window.replay.play()
    _wait(_SETTLING_S)
    found["replay"] = watch(min(seconds, max(0.5, window.replay.length_ns / 1e9 - 2 * _SETTLING_S)))
    window.replay.end()
    return found


def main(target: str, seconds: float, view: str) -> int:
    """Follow a target and print what was found."""
    from PySide6.QtCore import QTimer

    from inspector.gui.startup.application import create_window, end_application, make_application

    app = make_application()
    if app is None:
        return 1
    window = create_window(target, run=True)
    window.resize(*SIZE_PX)
    window.show()
    window.show_view(view)

    def act() -> None:
        try:
            print(json.dumps(follow_and_replay(window, seconds)), flush=True)
        finally:
            window.close()
            app.quit()

    QTimer.singleShot(0, window, act)
    app.exec()
    end_application(app)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "ladder"))
