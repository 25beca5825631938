"""Whether the window stays smooth and the stamps stay true: ``python -m tests.benchmarks.bench_frames [--quick]``.

On a screen of its own (Xvfb), a window of 1900 x 1040 follows a live stream of the built-in server at 200, about 5,000
and as many items a second as it sends, then replays it; printed are the gaps of its event loop in milliseconds. Then a
sender that puts the time into each chunk before it sends it is recorded with and without such a window beside it:
the error of the stamps in microseconds, and the share of the sends that had a read of their own. The goals are printed
beside. Everything is measured in one run, the cases one after the other.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from inspector.recording.archive import load_archive
from inspector.recording.folder import Recording

_ROOT = Path(__file__).parents[2]
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
_STAMP_BYTES = 24
_LONGEST_S = 200.0
_FRAME_GOAL_MS = 20.0
_TARGETS: Mapping[str, str] = {
    "200 a second": "/large.csv?rows=0&delay_ms=5&jitter=0",
    "5,000 a second": "/large.csv?rows=0&delay_ms=0.13&jitter=0",
    "as many as it sends": "/large.csv?rows=0&delay_ms=0",
}
#: Sends a second, and the goals: microseconds of median and 99th percentile, share of sends with a read of their own.
_STAMPED: Mapping[int, tuple[float, float, float]] = {200: (60.0, 250.0, 0.99), 5_000: (60.0, 250.0, 0.99)}


@contextmanager
def screen() -> Iterator[str]:
    """Start an X server and give its display."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    try:
        with os.fdopen(reading) as file:
            yield f":{file.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def probed(target: str, seconds: float, display: str, home: Path) -> dict[str, Any]:
    """Follow a target in a watched window and return what it found."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "STREAMING_INSPECTOR_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.probed_window", target, str(seconds)],
        cwd=_ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True, timeout=_LONGEST_S,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


# Stamps


def send(listener: socket.socket, per_s: int, seconds: float) -> None:
    """Answer one request with chunks that hold the monotonic time of their sending, at a steady rate."""
    connection, _ = listener.accept()
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.recv(65_536)
        connection.sendall(_HEAD)
        begun, pause, pausing = time.monotonic(), 1.0 / per_s, threading.Event()
        for at in range(round(per_s * seconds)):
            left = begun + at * pause - time.monotonic()
            if left > 0:
                pausing.wait(left)
            try:
                connection.sendall(b"%x\r\n%*d\r\n" % (_STAMP_BYTES, _STAMP_BYTES, time.monotonic_ns()))
            except OSError:
                return
        connection.sendall(b"0\r\n\r\n")


def main_sender(per_s: int, seconds: float) -> None:
    """Be the sender process: print the port, answer once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        send(listener, per_s, seconds)


@contextmanager
def sender(per_s: int, seconds: float) -> Iterator[str]:
    """Start a sender process and give its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bench_frames", "--send", str(per_s), str(seconds)],
        cwd=_ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
    finally:
        process.terminate()
        process.wait()


def errors_of(folder: Path) -> tuple[float, float, float]:
    """Return median and 99th percentile of the stamps' lateness in microseconds, and the share of own reads."""
    recording = Recording(folder)
    recording.refresh()
    chunks, reads = recording.tracks["chunk"], recording.tracks["read"]
    content = recording.read_content(0, len(chunks) * _STAMP_BYTES)
    whole = len(content) // _STAMP_BYTES
    sent_ns = np.array([int(content[at * _STAMP_BYTES : (at + 1) * _STAMP_BYTES]) for at in range(whole)])
    late_us = (chunks.t_ns[:whole] - sent_ns) / 1e3
    skipped = whole // 10  # what comes while the window opens is not of the stream
    own = np.diff(reads.first_at_or_after(chunks.t_ns[skipped:whole]), prepend=-1) > 0
    recording.close()
    p50, p99 = np.quantile(late_us[skipped:], [0.5, 0.99]).tolist()
    return p50, p99, float(own.mean())


def without_window(per_s: int, seconds: float, home: Path) -> tuple[float, float, float]:
    """Record the sender by the command line."""
    folder = home / f"alone-{per_s}"
    with sender(per_s, seconds) as url:
        subprocess.run(
            [sys.executable, "-m", "inspector", "record", url, "--json", "-o", f"{folder}.stream"],
            cwd=_ROOT, env={**os.environ, "STREAMING_INSPECTOR_HOME": str(home)},
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    return errors_of(load_archive(Path(f"{folder}.stream"), home))


def with_window(per_s: int, seconds: float, display: str, home: Path) -> tuple[float, float, float]:
    """Record the sender in a window that follows it."""
    with sender(per_s, seconds + 20) as url:
        return errors_of(Path(probed(url, seconds, display, home)["folder"]))


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three seconds instead of ten for each case")
    parser.add_argument("--send", nargs=2, metavar=("PER_S", "SECONDS"), help="be the sender")
    arguments = parser.parse_args()
    if arguments.send:
        main_sender(int(arguments.send[0]), float(arguments.send[1]))
        return 0
    seconds = 3.0 if arguments.quick else 10.0
    with screen() as display, tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print(f"gaps of the event loop, milliseconds; goal: p99 under {_FRAME_GOAL_MS:g}")
        print(f"{'':<22}{'':<8}{'items/s':>9}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}{'p99 met':>9}{'CPU':>7}")
        for name, target in _TARGETS.items():
            found = probed(target, seconds, display, home)
            for what in ("live", "replay"):
                gaps = found[what]
                figures = "".join(f"{gaps[key]:>8.1f}" for key in ("p50", "p95", "p99", "max"))
                rate = f"{found['items a second']:,.0f}" if what == "live" else ""
                print(f"{name:<22}{what:<8}{rate:>9}{figures}{gaps['p99 met']:>9.1f}{gaps['busy']:>6.0%}", flush=True)
        print("\nstamps behind the sender's own, microseconds")
        print(f"{'':<22}{'':<16}{'p50':>8}{'p99':>8}{'own reads':>11}")
        for per_s, goals in _STAMPED.items():
            rows = {
                "without window": without_window(per_s, seconds, home),
                "with window": with_window(per_s, seconds, display, home),
                "goal": goals,
            }
            for what, (p50, p99, own) in rows.items():
                print(f"{f'{per_s:,} a second':<22}{what:<16}{p50:>8.0f}{p99:>8.0f}{own:>10.1%}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
