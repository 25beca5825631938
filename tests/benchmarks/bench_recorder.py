"""How fast the recorder records, side by side with curl: ``python -m tests.benchmarks.bench_recorder [--quick]``.

A sender process serves bytes that were built before. Interleaved rounds of ``curl -o FILE`` (the body alone, no marks)
and of the recorder (``wire.bin`` and all tracks), both into the same disk folder, then medians and ratios. curl's time
is that of its process; the recorder's is from the command on its stdin to the ending in ``meta.json``, as a window
sees it. For small chunks also httpx ``iter_raw()``, which keeps nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from inspector.capture.recorder_commands import RecordCommand, encode_command
from inspector.recording.folder import Recording

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """One body: ``block`` (whole chunks) is sent ``repeats`` times, then the last chunk."""

    name: str
    path: str
    chunk_bytes: tuple[int, ...]
    chunks: int

    def block(self) -> tuple[bytes, int]:
        """Return the block and its repeats."""
        per_block = min(self.chunks, max(len(self.chunk_bytes), (4 << 20) // max(self.chunk_bytes)))
        per_block -= per_block % len(self.chunk_bytes)
        sizes = self.chunk_bytes * (per_block // len(self.chunk_bytes))
        return b"".join(b"%x\r\n%s\r\n" % (size, b"r" * size) for size in sizes), self.chunks // per_block

    def content_bytes(self) -> int:
        """Return the size of the content."""
        block, repeats = self.block()
        return repeats * (len(block) - sum(len(b"%x\r\n\r\n" % size) for size in self._block_sizes()))

    def _block_sizes(self) -> tuple[int, ...]:
        per_block = min(self.chunks, max(len(self.chunk_bytes), (4 << 20) // max(self.chunk_bytes)))
        return self.chunk_bytes * (per_block // len(self.chunk_bytes))


def cases(quick: bool) -> list[Case]:
    """Return the issue's two bodies, and small chunks of many sizes."""
    scale = 10 if quick else 1
    many = tuple(16 + 37 * number % 85 for number in range(1000))
    return [
        Case(f"{1_000_000 // scale:,} chunks of 58 B", "/small", (58,), 1_000_000 // scale),
        Case(f"{1_000_000 // scale:,} chunks of 16 to 100 B", "/mixed", many, 1_000_000 // scale),
        Case(f"{2048 // scale:,} MiB in chunks of 64 KiB", "/big", (65_536,), 32_768 // scale),
    ]


def serve(listener: socket.socket, bodies: list[Case]) -> None:
    """Answer requests one after the other for ever: the sender process."""
    blocks = {case.path: case.block() for case in bodies}
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65_536)
            block, repeats = blocks[request.split()[1].decode()]
            try:
                connection.sendall(_HEAD)
                for _ in range(repeats):
                    connection.sendall(block)
                connection.sendall(b"0\r\n\r\n")
            except OSError:
                continue


@contextmanager
def sender(bodies: list[Case]) -> Iterator[str]:
    """Run the sender in a process of its own; give its base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        child = os.fork()
        if child == 0:
            serve(listener, bodies)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            os.kill(child, 9)
            os.waitpid(child, 0)


@dataclass(frozen=True)
class Took:
    """What one run took: seconds on the wall clock, and of processor time of the client alone."""

    wall: float
    cpu: float


class RecorderChild:
    """A recorder process that waits for commands, as the window has one."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._count = 0
        command = [sys.executable, "-m", "inspector.capture", "--spool", str(spool), "--ready", str(spool / "ready")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=_ROOT)
        _wait_for((spool / "ready").exists)

    def record(self, url: str, content_bytes: int) -> Took:
        """Record once; timed from the command to the ending in ``meta.json``."""
        self._count += 1
        folder = self._spool / f"20260101-000000-{self._count:08x}"
        folder.mkdir()
        recording = Recording(folder)
        stdin = self._process.stdin
        assert stdin is not None
        begun = time.perf_counter()
        stdin.write(encode_command(RecordCommand(id=folder.name, url=url)))
        stdin.flush()

        seen = None

        def ended() -> bool:
            nonlocal seen
            try:
                status = os.stat(folder / "meta.json")  # noqa: PTH116  (a look that costs next to nothing)
            except FileNotFoundError:
                return False
            found = (status.st_ino, status.st_mtime_ns)
            changed, seen = found != seen, found
            return changed and b'"ending": {' in (folder / "meta.json").read_bytes()

        cpu_before = self._cpu_seconds()
        _wait_for(ended)
        took = Took(time.perf_counter() - begun, self._cpu_seconds() - cpu_before)
        recording.refresh()
        assert recording.meta is not None
        assert recording.meta.ending is not None
        assert recording.meta.ending.kind == "complete", recording.meta.ending
        assert recording.snapshot().content_bytes == content_bytes, (recording.snapshot().content_bytes, content_bytes)
        recording.close()
        shutil.rmtree(folder)
        return took

    def _cpu_seconds(self) -> float:
        times = psutil.Process(self._process.pid).cpu_times()
        return times.user + times.system

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def curl(url: str, folder: Path) -> Took:
    """Run one ``curl -o FILE``."""
    target = folder / "curl.out"
    before = os.times()
    begun = time.perf_counter()
    subprocess.run(["curl", "-s", "-o", str(target), url], check=True)
    seconds = time.perf_counter() - begun
    after = os.times()
    target.unlink()
    return Took(seconds, sum(after[2:4]) - sum(before[2:4]))


def httpx_iter_raw(url: str) -> Took:
    """Read by httpx alone, keep nothing."""
    import httpx

    with httpx.Client(trust_env=False, timeout=None) as client:
        begun, cpu_before = time.perf_counter(), time.process_time()
        with client.stream("GET", url) as response:
            for _ in response.iter_raw():
                pass
        return Took(time.perf_counter() - begun, time.process_time() - cpu_before)


def _wait_for(fact: Callable[[], bool]) -> None:
    pause = threading.Event()
    while not fact():
        pause.wait(0.001)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, three rounds")
    parser.add_argument("--rounds", type=int, default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where to write (default: a temporary folder)")
    parser.add_argument("--no-httpx", action="store_true", help="leave out httpx, which is slow")
    parser.add_argument("--case", default="", help="only the cases whose path holds this")
    options = parser.parse_args()
    rounds = options.rounds or (3 if options.quick else 5)
    bodies = [case for case in cases(options.quick) if options.case in case.path]
    with tempfile.TemporaryDirectory(dir=options.folder) as name, sender(bodies) as base_url:
        recorder = RecorderChild(Path(name))
        for case in bodies:
            took: dict[str, list[Took]] = {"curl -o": [], "recorder": []}
            for _ in range(rounds):
                os.sync()
                took["curl -o"].append(curl(base_url + case.path, Path(name)))
                os.sync()
                took["recorder"].append(recorder.record(base_url + case.path, case.content_bytes()))
            if case.path == "/small" and not options.no_httpx:
                took["httpx iter_raw"] = [httpx_iter_raw(base_url + case.path) for _ in range(min(rounds, 3))]
            _print_case(case, took)
        recorder.close()


def _print_case(case: Case, took: dict[str, list[Took]]) -> None:
    print(f"{case.name:36}{'wall s':>9}{'x curl':>8}{'cpu s':>9}{'x curl':>8}   walls of all rounds")
    reference = _medians(took["curl -o"])
    for name, found in took.items():
        wall, cpu = _medians(found)
        walls = " ".join(f"{each.wall:.3f}" for each in found)
        print(
            f"    {name:32}{wall:9.3f}{reference[0] / wall:8.2f}{cpu:9.2f}{reference[1] / cpu:8.2f}   {walls}",
            flush=True,
        )


def _medians(found: list[Took]) -> tuple[float, float]:
    return statistics.median(each.wall for each in found), statistics.median(each.cpu for each in found)


if __name__ == "__main__":
    main()
