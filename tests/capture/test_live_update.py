"""Knobs of the client turned in mid-stream: they act with the next read, and the recording says so."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from inspector.capture.cancellation import Cancellation
from inspector.capture.client_buffer import ClientBuffer
from inspector.capture.live_update import LiveUpdates
from inspector.capture.recorder import Recorder
from inspector.capture.recorder_commands import RecordCommand
from inspector.recording.folder import Recording, read_track
from tests.capture.raw_server import Connection, raw_server
from tests.capture.recording_runs import Recorded, new_folder
from tests.waiting import wait_until

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
STEP = 100


class Steps:
    """A stream that sends 100 bytes whenever it is told to, and ends when told to."""

    def __init__(self) -> None:
        self._steps = threading.Semaphore(0)
        self._is_over = False

    def send(self) -> None:
        """Let it send once more."""
        self._steps.release()

    def end(self) -> None:
        """Let it close the connection."""
        self._is_over = True
        self._steps.release()

    def __call__(self, connection: Connection) -> None:
        connection.send(HEAD)
        while self._steps.acquire() and not self._is_over:
            connection.send(b"x" * STEP)


def read_bytes(folder: Path) -> int:
    return read_track(folder, "read").total_bytes


def test_that_a_client_buffer_is_turned_with_the_next_read(tmp_path: Path) -> None:
    steps, folder = Steps(), new_folder(tmp_path)
    with raw_server(steps) as url, Cancellation() as cancellation, LiveUpdates() as updates:
        command = RecordCommand(id=folder.name, url=url, client={"client_buffer": 1000})
        thread = threading.Thread(target=Recorder(command, folder, cancellation, updates).run)
        thread.start()
        for count in (1, 2, 3):
            steps.send()
            wait_until(lambda count=count: read_bytes(folder) == count * STEP)  # type: ignore[misc]
        assert read_track(folder, "piece").total_bytes == 0, "the buffer holds it"
        updates.post({"client_buffer": 0})
        steps.send()
        wait_until(lambda: read_track(folder, "piece").total_bytes == 4 * STEP)
        updates.post({"client_buffer": 64})
        steps.send()
        wait_until(lambda: read_bytes(folder) == 5 * STEP)
        steps.end()
        thread.join()
    recorded = Recorded(folder).check()
    assert recorded.piece.end.tolist() == [300, 400, 464, 500]
    recording = Recording(folder)
    recording.refresh()
    assert [(each.knob, each.before, each.after, each.side) for each in recording.changes] == [
        ("client_buffer", "1000", "0", "client"),
        ("client_buffer", "0", "64", "client"),
    ]
    assert recorded.piece.t_ns[0] == recording.changes[0].t_ns, "what was held goes out when the buffer is turned"
    recording.close()


def test_that_a_reader_that_waits_for_years_reads_on_when_its_rate_is_turned(tmp_path: Path) -> None:
    body = bytes(50_000)

    def send_all(connection: Connection) -> None:
        connection.send(HEAD + body)

    folder = new_folder(tmp_path)
    with raw_server(send_all) as url, Cancellation() as cancellation, LiveUpdates() as updates:
        command = RecordCommand(id=folder.name, url=url, client={"read_rate": 1})
        thread = threading.Thread(target=Recorder(command, folder, cancellation, updates).run)
        thread.start()
        wait_until(lambda: read_bytes(folder) > 0)
        updates.post({"read_rate": 0})
        thread.join(10)
        assert not thread.is_alive()
    assert Recorded(folder).check().content == body


def test_that_a_value_that_it_has_already_is_no_change(tmp_path: Path) -> None:
    steps, folder = Steps(), new_folder(tmp_path)
    with raw_server(steps) as url, Cancellation() as cancellation, LiveUpdates() as updates:
        thread = threading.Thread(
            target=Recorder(RecordCommand(id=folder.name, url=url), folder, cancellation, updates).run
        )
        thread.start()
        updates.post({"client_buffer": 0, "read_rate": 0})
        steps.send()
        wait_until(lambda: read_bytes(folder) == STEP)
        steps.end()
        thread.join()
    assert not (folder / "changes.jsonl").exists()


@pytest.mark.parametrize(("size", "ends"), [(0, [1000]), (64, [64 * n for n in range(1, 16)]), (2000, [])])
def test_that_a_smaller_buffer_lets_go_what_it_does_not_hold(size: int, ends: list[int]) -> None:
    pieces = ClientBuffer(5000)
    assert len(pieces.take(np.array([5]), np.array([1000]))) == 0
    rows = pieces.resize(size, 7)
    assert rows[:, 1].tolist() == ends
    assert set(rows[:, 0].tolist()) <= {7}
    assert pieces.rest(9)[:, 1].tolist() == ([1000] if not ends or ends[-1] < 1000 else [])
