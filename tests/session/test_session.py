"""A session with its real children: runs, stops, and what is left after its end."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from inspector.recording.meta import read_meta
from inspector.session import Session, Target
from inspector.session.data_folder import runs_of
from tests.sessions import Driver, driven
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """One session for all tests that leave it as it was."""
    with driven(tmp_path_factory.mktemp("home")) as driver:
        driver.until_ready()
        yield driver


def only_session_folder(home: Path) -> Path:
    (folder,) = (home / "sessions").iterdir()
    return folder


def test_that_a_route_is_recorded_to_its_end(shared: Driver) -> None:
    run, ending = shared.record("/large.csv?rows=5&delay_ms=1")
    recording = run.recording
    body = recording.read_content(0, recording.snapshot().content_bytes)
    assert ending.kind == "complete"
    assert body.count(b"\n") == 5
    assert recording.meta is not None
    assert recording.meta.title == "/large.csv?rows=5&delay_ms=1"
    assert recording.meta.request.knobs == {"rows": "5", "delay_ms": "1"}
    assert recording.meta.request.url == f"{shared.session.base_url}/large.csv?rows=5&delay_ms=1"
    assert {name: track.total_bytes for name, track in recording.tracks.items() if name != "read"} == {
        name: len(body) for name in ("part", "yield", "write", "chunk", "piece")
    }
    recording.close()


def test_that_runs_are_in_the_spool_and_noted_as_the_sessions_own(shared: Driver) -> None:
    run, _ = shared.record("/large.csv?rows=1")
    assert run.folder == shared.session.spool / run.id
    assert run.id in runs_of(only_session_folder(shared.session.home))
    run.recording.close()


def test_that_the_client_buffer_and_the_headers_reach_the_recorder(shared: Driver) -> None:
    target = Target.parse("/large.csv?rows=20&delay_ms=0", {"client_buffer": "64"})
    run = shared.session.record(target, headers=[("X-Mine", "yes")])
    shared.until_ended(run)
    assert run.recording.meta is not None
    assert ("X-Mine", "yes") in run.recording.meta.request.headers
    assert run.recording.meta.client_buffer_bytes == 64
    assert run.recording.tracks["piece"].sizes()[:-1].tolist() == [64] * (len(run.recording.tracks["piece"]) - 1)
    run.recording.close()


def test_that_limits_reach_the_recorder(shared: Driver) -> None:
    for limits in ({"max_bytes": 50}, {"max_seconds": 0.05}):
        run, ending = shared.record("/large.csv?rows=0&delay_ms=5", **limits)
        assert ending.kind == "over_limit"
        run.recording.close()


def test_that_a_quiet_stream_is_stopped_at_once(shared: Driver) -> None:
    run = shared.session.record(Target.parse("/large.csv?rows=0&delay_ms=60000"))
    shared.until_marks(run, "read", 1)
    shared.session.stop(run)
    assert shared.until_ended(run).kind == "stopped"
    shared.session.stop(run)
    run.recording.close()


def test_that_a_second_run_ends_the_first(shared: Driver) -> None:
    first = shared.session.record(Target.parse("/large.csv?rows=0"))
    shared.until_marks(first, "read", 1)
    second, ending = shared.record("/large.csv?rows=2")
    assert ending.kind == "complete"
    assert shared.until_ended(first).kind == "stopped"
    first.recording.close()
    second.recording.close()


def test_that_the_start_waits_for_nothing_and_makes_no_thread(tmp_path: Path) -> None:
    threads = threading.active_count()
    with driven(tmp_path) as driver:
        assert driver.session.base_url is None
        assert set(driver.session.child_pids) == {"server", "recorder"}
        run = driver.session.record(Target.parse("/large.csv?rows=2"))
        assert read_meta(run.folder) is None
        assert driver.until_ended(run).kind == "complete"
        assert [notice.kind for notice in driver.notices] == ["server_ready"]
        assert driver.notices[0].text == f"The built-in server runs on {driver.session.base_url}."
        assert threading.active_count() == threads
        run.recording.close()


def test_that_a_run_that_was_never_sent_can_be_stopped(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=2"))
        driver.session.stop(run)
        assert driver.until_ended(run).kind == "stopped"
        meta = read_meta(run.folder)
        assert meta is not None
        assert (meta.title, meta.request.url, meta.request.sent_t_ns) == ("/large.csv?rows=2", "/large.csv?rows=2", 0)
        assert meta.started_at
        assert meta.layers
        run.recording.close()


def test_that_the_close_leaves_no_process_no_port_and_no_broken_recording(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        port = int(driver.until_ready().rpartition(":")[2])
        run = driver.session.record(Target.parse("/large.csv?rows=0&delay_ms=60000"))
        driver.until_marks(run, "read", 1)
        children = [psutil.Process(pid) for pid in driver.session.child_pids.values()]
        driver.session.close()
        assert [child for child in children if child.is_running()] == []
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        meta = read_meta(run.folder)
        assert meta is not None
        assert meta.ending is not None
        assert meta.ending.kind == "stopped"
        assert list((tmp_path / "sessions").iterdir()) == []
        driver.session.close()
        told = len(driver.notices)
        driver.session.poll()
        assert len(driver.notices) == told
        run.recording.close()


def test_that_a_close_gives_a_run_that_still_waits_its_ending(tmp_path: Path) -> None:
    with Session(tmp_path) as session:
        run = session.record(Target.parse("/large.csv"))
    meta = read_meta(run.folder)
    assert meta is not None
    assert meta.ending is not None
    assert meta.ending.kind == "stopped"


def test_that_a_session_without_a_server_records_urls_and_no_routes(shared: Driver, tmp_path: Path) -> None:
    with driven(tmp_path, with_server=False) as driver:
        assert set(driver.session.child_pids) == {"recorder"}
        run, ending = driver.record(f"{shared.session.base_url}/large.csv?rows=2")
        assert ending.kind == "complete"
        with pytest.raises(ValueError, match="/timeline needs a session with a server"):
            driver.session.record(Target.parse("/timeline"))
        run.recording.close()


def test_that_nothing_can_be_recorded_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not been started"):
        Session(tmp_path).record(Target.parse("/timeline"))


def test_that_two_sessions_share_a_home_without_harm(shared: Driver) -> None:
    with driven(shared.session.home) as other:
        other.until_ready()
        assert len(list((shared.session.home / "sessions").iterdir())) == 2
        run, ending = other.record("/large.csv?rows=1")
        assert ending.kind == "complete"
        run.recording.close()
    assert len(list((shared.session.home / "sessions").iterdir())) == 1


def test_that_stale_sessions_are_tidied_while_it_runs(tmp_path: Path) -> None:
    stale = tmp_path / "sessions" / "999999999-00000000"
    stale.mkdir(parents=True)
    with driven(tmp_path) as driver:
        driver.until(lambda: not stale.exists(), "the stale folder to go")


@pytest.mark.skipif(sys.platform == "win32", reason="process sessions are a POSIX thing")
def test_that_the_terminals_interrupt_does_not_reach_the_children(shared: Driver) -> None:
    for pid in shared.session.child_pids.values():
        assert os.getsid(pid) == pid


def test_that_children_find_the_packages_from_any_folder_even_one_with_a_server_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "server.py").write_text("raise SystemExit(9)")
    (tmp_path / "inspector").mkdir()
    monkeypatch.chdir(tmp_path)
    with driven(tmp_path / "home") as driver:
        driver.until_ready()
        assert [notice.kind for notice in driver.notices] == ["server_ready"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system has threads of its own in a process")
def test_that_a_recorder_has_no_threads_but_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with driven(tmp_path) as driver:
        run, _ = driver.record("/large.csv?rows=1")
        recorder = psutil.Process(driver.session.child_pids["recorder"])
        # The one that records, the one that listens, and the one for SIGTERM.
        wait_until(lambda: len(recorder.threads()) == 3, "three threads in the recorder")
        run.recording.close()
