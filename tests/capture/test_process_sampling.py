"""The server process seen from outside: memory, CPU time and disk of a real process, while it works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from inspector.capture.process_sampling import ProcessSampler
from inspector.recording.folder import Recording
from inspector.recording.process_samples import NOT_MEASURED, SAMPLES_NAME, ProcessSamples
from tests.waiting import wait_until

_MIB = 1 << 20
#: Holds 40 MiB and writes 20 MiB when a line comes, then tells and waits for its end.
_WORKER = """
import sys, tempfile
print("ready", flush=True)
sys.stdin.readline()
held = bytearray(40 << 20)
held[::4096] = b"x" * len(held[::4096])
with tempfile.NamedTemporaryFile(dir=sys.argv[1]) as file:
    file.write(bytes(20 << 20))
    file.flush()
    sum(range(3_000_000))
    print("done", flush=True)
    sys.stdin.readline()
"""


def samples_of(folder: Path) -> ProcessSamples:
    return ProcessSamples.of_bytes((folder / SAMPLES_NAME).read_bytes())


def test_that_memory_time_and_disk_of_a_process_are_seen(tmp_path: Path) -> None:
    folder = tmp_path / "recording"
    folder.mkdir()
    command = [sys.executable, "-c", _WORKER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        with ProcessSampler([worker.pid], folder):
            first = samples_of(folder)
            assert len(first) == 1, "the first one is there before anything is asked of the process"
            (folder / "part.marks").write_bytes(bytes(3 * _MIB))  # what taps write is not the app's
            worker.stdin.write("go\n")
            worker.stdin.flush()
            assert worker.stdout.readline() == "done\n"
        worker.stdin.write("end\n")
    samples = samples_of(folder)
    assert (samples.t_ns[1:] > samples.t_ns[:-1]).all()
    assert 38 * _MIB < samples.rss_rise_bytes() < 60 * _MIB
    assert samples.cpu_used_ns > 5_000_000
    written_bytes = int(samples.written_bytes[-1])
    assert written_bytes == NOT_MEASURED or 16 * _MIB < written_bytes < 19 * _MIB, "20 MiB less the 3 MiB of the taps"


def test_that_a_process_that_goes_away_takes_its_memory_with_it(tmp_path: Path) -> None:
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as worker,
        ProcessSampler([worker.pid], tmp_path),
    ):
        assert samples_of(tmp_path).rss_bytes[0] > 0
        worker.communicate()
        wait_until(lambda: samples_of(tmp_path).rss_bytes[-1] == 0)
    assert samples_of(tmp_path).cpu_used_ns >= 0


def test_that_nothing_to_sample_leaves_no_file(tmp_path: Path) -> None:
    with ProcessSampler([], tmp_path), ProcessSampler([2**22 + 1], tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_that_a_folder_that_is_gone_ends_the_samples_alone(tmp_path: Path) -> None:
    with ProcessSampler([os.getpid()], tmp_path / "gone"):
        pass
    recording = Recording(tmp_path)
    recording.refresh()
    assert len(recording.samples) == 0
