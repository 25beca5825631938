"""Children that die, clocks that differ, and a parent that is killed: nothing is lost, nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from inspector.recording.layers import LAYERS, track_file_name
from inspector.recording.meta import read_meta
from inspector.session import Session, Target
from inspector.session.child_process import ChildProcess
from tests.fresh_python import ROOT
from tests.sessions import driven
from tests.waiting import wait_until

if sys.platform != "win32":
    import resource

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)

PARENT = """
import json, sys
from pathlib import Path
from inspector.session import Session, Target
from tests.waiting import wait_until

session = Session(Path(sys.argv[1]))
session.start()
run = session.record(Target.parse("/large.csv?rows=0&delay_ms=5"))

def streams():
    session.poll()
    run.recording.refresh()
    return len(run.recording.tracks["chunk"]) > 3

wait_until(streams)
print(json.dumps({"pids": session.child_pids, "id": run.id}), flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
"""


def parent(home: Path, manner: str) -> tuple[subprocess.Popen[str], list[psutil.Process], str]:
    """Start a program with a session that streams; return it, its children, and the id of its run."""
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(home), manner],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    return process, [psutil.Process(pid) for pid in told["pids"].values()], told["id"]


def ending_kind(folder: Path) -> str | None:
    meta = read_meta(folder)
    return meta.ending.kind if meta and meta.ending else None


def test_that_a_killed_server_is_started_again_on_its_port(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        address = driver.until_ready()
        os.kill(driver.session.child_pids["server"], KILL)
        died = driver.until_notice("server_died")
        assert died.text == "The built-in server was killed by SIGKILL; it is being restarted."
        assert driver.session.base_url is None
        driver.until_notice("server_restarted")
        assert driver.session.base_url == address
        run, ending = driver.record("/large.csv?rows=2")
        assert ending.kind == "complete"
        assert len(run.recording.tracks["write"]) > 0
        run.recording.close()


def test_that_a_server_killed_in_mid_stream_cuts_the_run_short_and_keeps_what_came(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=0&delay_ms=5"))
        driver.until_marks(run, "chunk", 5)
        os.kill(driver.session.child_pids["server"], KILL)
        assert driver.until_ended(run).kind == "cut_short"
        assert len(run.recording.tracks["chunk"]) >= 5
        driver.until_notice("server_restarted")
        run.recording.close()


def test_that_a_recorder_killed_in_mid_stream_leaves_an_ending_and_whole_rows(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=0&delay_ms=2"))
        driver.until_marks(run, "chunk", 20)
        os.kill(driver.session.child_pids["recorder"], KILL)
        ending = driver.until_ended(run)
        assert ending.kind == "cut_short"
        assert ending.text == "The recorder was killed by SIGKILL; what had arrived is kept."
        assert driver.until_notice("recorder_died").text == ending.text
        tracks = run.recording.tracks
        for layer in LAYERS:
            size_bytes = (run.folder / track_file_name(layer.name)).stat().st_size
            assert size_bytes % (8 * len(layer.columns)) == 0
            assert (tracks[layer.name].t_ns <= ending.t_ns).all() or layer.side == "server"
        kept = run.recording.read_content(0, tracks["chunk"].total_bytes)
        assert len(kept) == tracks["chunk"].total_bytes > 0
        again, again_ending = driver.record("/large.csv?rows=2")
        assert again_ending.kind == "complete"
        run.recording.close()
        again.recording.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no limits for a process there")
def test_that_a_disk_that_takes_no_ending_is_told_and_the_ending_written_as_soon_as_it_does(tmp_path: Path) -> None:
    with driven(tmp_path) as driver:
        run = driver.session.record(Target.parse("/large.csv?rows=0&delay_ms=5"))
        driver.until_marks(run, "chunk", 1)
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        try:
            os.kill(driver.session.child_pids["recorder"], KILL)
            notice = driver.until_notice("disk_trouble")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert "set STREAMING_INSPECTOR_HOME" in notice.text
        assert ending_kind(run.folder) is None
        driver.session.close()
        assert ending_kind(run.folder) == "cut_short"
        run.recording.close()


def test_that_children_that_can_not_start_are_given_up_and_tried_again_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path / "absent"))
    with driven(tmp_path) as driver:
        route = driver.session.record(Target.parse("/large.csv?rows=2"))
        failed = driver.until_notice("server_failed")
        driver.until_notice("recorder_failed")
        assert sorted(notice.kind for notice in driver.notices) == ["recorder_failed", "server_failed"], "each once"
        assert "exit status 1 (" in failed.text  # with the last line of its log
        assert driver.until_ended(route).kind == "not_started"
        assert driver.session.child_pids == {}
        monkeypatch.delenv("PYTHONHOME")
        run, ending = driver.record("/large.csv?rows=2")
        assert ending.kind == "complete"
        run.recording.close()
        route.recording.close()


def test_that_a_run_that_waits_for_a_server_that_can_not_start_is_not_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with driven(tmp_path) as driver:
        driver.until_ready()
        recorder = driver.session.child_pids["recorder"]
        monkeypatch.setenv("PYTHONHOME", str(tmp_path / "absent"))
        os.kill(driver.session.child_pids["server"], KILL)
        driver.until_notice("server_died")
        run = driver.session.record(Target.parse("/large.csv?rows=2"))
        failed = driver.until_notice("server_failed")
        ending = driver.until_ended(run)
        assert (ending.kind, ending.text) == ("not_started", failed.text)
        assert driver.session.child_pids == {"recorder": recorder}
        run.recording.close()


def test_that_marks_of_a_differing_clock_are_not_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChildProcess, "clock_agrees", lambda _: False)
    with driven(tmp_path) as driver:
        driver.until_notice("clocks_disagree")
        run, ending = driver.record("/large.csv?rows=2")
        assert ending.kind == "complete"
        assert not driver.session.clocks_agree
        assert [name for name, track in run.recording.tracks.items() if len(track)] == ["read", "chunk", "piece"]
        assert [notice.kind for notice in driver.notices].count("clocks_disagree") == 1
        run.recording.close()


@pytest.mark.parametrize(("early_ns", "agrees"), [(0, True), (10**12, False), (-(10**12), False)])
def test_that_a_clock_agrees_when_its_time_lies_between_spawn_and_now(
    tmp_path: Path, early_ns: int, agrees: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "clock_child.py").write_text(
        "import json, pathlib, sys, time\n"
        "def main():\n"
        f"    told = json.dumps({{'pid': 1, 't_ns': time.monotonic_ns() - {early_ns}}})\n"
        "    pathlib.Path(sys.argv[2]).write_text(told)\n"
        "    return 0\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    child = ChildProcess("clock_child", [], tmp_path, "clock", {})
    wait_until(lambda: child.has_died)
    assert child.became_ready()
    assert not child.became_ready()
    assert child.clock_agrees() == agrees
    child.hang_up()


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
def test_that_children_end_with_a_killed_parent_and_the_next_start_tidies_up(tmp_path: Path) -> None:
    process, children, run_id = parent(tmp_path, "wait")
    process.kill()
    process.communicate()
    psutil.wait_procs(children, timeout=5)
    assert [child for child in children if child.is_running()] == []
    assert ending_kind(tmp_path / "recordings" / run_id) == "stopped"
    assert len(list((tmp_path / "sessions").iterdir())) == 1
    with driven(tmp_path) as driver:
        driver.until(lambda: len(list((tmp_path / "sessions").iterdir())) == 1, "the stale session to go")


def test_that_a_program_that_just_ends_leaves_nothing(tmp_path: Path) -> None:
    process, children, run_id = parent(tmp_path, "end")
    process.communicate()
    assert process.returncode == 0
    assert [child for child in children if child.is_running()] == []
    assert ending_kind(tmp_path / "recordings" / run_id) == "stopped"
    assert list((tmp_path / "sessions").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP is a POSIX thing")
def test_that_children_that_do_not_listen_are_killed(tmp_path: Path) -> None:
    with Session(tmp_path) as session:
        pids = list(session.child_pids.values())
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
